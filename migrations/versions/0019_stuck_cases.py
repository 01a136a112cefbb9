"""Dossiers that stand still are listed, so that none is forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

UNTOLD = sa.text("told_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "stuck_cases",
        sa.Column("case_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=120), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason IN ('nobody_in_charge', 'no_event')", name=op.f("ck_stuck_cases_reason")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_stuck_cases_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_stuck_cases_unit_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_stuck_cases")),
    )
    op.create_index("ix_stuck_cases_unit", "stuck_cases", ["unit_id", "since", "case_id"])
    op.create_index("ix_stuck_cases_untold", "stuck_cases", ["case_id"], postgresql_where=UNTOLD)


def downgrade() -> None:
    op.drop_table("stuck_cases")

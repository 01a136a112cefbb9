"""Large decision files of deals are made by jobs, and their progress is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

TABLE = "decision_files"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *[sa.Column(name, sa.BigInteger(), nullable=False) for name in ("deal_id", "person_id")],
        *[sa.Column(name, sa.String(length=120), nullable=False) for name in ("language", "status")],
        *[sa.Column(name, sa.BigInteger(), nullable=False) for name in ("total", "progress")],
        sa.Column("file", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'writing', 'ready', 'failed')", name=op.f("ck_decision_files_status")
        ),
        sa.CheckConstraint("(status = 'ready') = (file IS NOT NULL)", name=op.f("ck_decision_files_file")),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_decision_files_deal_id_deals")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_decision_files_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_files")),
    )
    op.create_index("ix_decision_files_deal", TABLE, ["deal_id", "person_id", "id"])
    op.create_index(op.f("ix_decision_files_person_id"), TABLE, ["person_id"])


def downgrade() -> None:
    op.drop_table(TABLE)

"""Decisions on which field of a fund the public is told."""

import sqlalchemy as sa
from alembic import op

from foundation.database import append_only_statements

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fund_publications",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("fund_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(120), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_publications")),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_fund_publications_reason")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_fund_publications_fund_id_funds")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], ondelete="RESTRICT", name=op.f("fk_fund_publications_person_id_people")
        ),
    )
    op.create_index("ix_fund_publications_fund", "fund_publications", ["fund_id", "field", "id"])
    op.create_index(op.f("ix_fund_publications_person_id"), "fund_publications", ["person_id"])
    for statement in append_only_statements("fund_publications"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("fund_publications")

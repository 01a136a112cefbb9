"""Filters of the queue that people keep, and the one that each begins with."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked", JSONB(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name="named"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_saved_filters_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_saved_filters_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_filters"),
    )
    op.create_index("uq_saved_filters_name", "saved_filters", ["person_id", sa.text("lower(name)")], unique=True)
    op.create_index("ix_saved_filters_unit_id", "saved_filters", ["unit_id"])
    op.create_table(
        "first_filters",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("filter_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["filter_id"], ["saved_filters.id"], name="fk_first_filters_filter_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_first_filters_person_id"),
        sa.PrimaryKeyConstraint("person_id", name="pk_first_filters"),
    )
    op.create_index("ix_first_filters_filter_id", "first_filters", ["filter_id"])


def downgrade() -> None:
    op.drop_table("first_filters")
    op.drop_table("saved_filters")

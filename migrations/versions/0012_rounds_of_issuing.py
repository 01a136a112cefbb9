"""Decisions that one person issues together, each with what became of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issuing_rounds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_issuing_rounds_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuing_rounds")),
    )
    op.create_index("ix_issuing_rounds_person", "issuing_rounds", ["person_id", "id"], unique=False)
    op.create_table(
        "issuing_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=120), nullable=False),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column("outcome", sa.String(length=120), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("outcome IN ('waiting', 'issued', 'refused')", name=op.f("ck_issuing_items_outcome")),
        sa.CheckConstraint("(outcome = 'waiting') = (done_at IS NULL)", name=op.f("ck_issuing_items_done")),
        sa.CheckConstraint("(outcome = 'issued') = (event_id IS NOT NULL)", name=op.f("ck_issuing_items_issued")),
        sa.ForeignKeyConstraint(["round_id"], ["issuing_rounds.id"], name=op.f("fk_issuing_items_round_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_issuing_items_case_id")),
        sa.ForeignKeyConstraint(["event_id"], ["case_events.id"], name=op.f("fk_issuing_items_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issuing_items")),
        sa.UniqueConstraint("round_id", "place", name=op.f("uq_issuing_items_round_id_place")),
        sa.UniqueConstraint("round_id", "case_id", name=op.f("uq_issuing_items_round_id_case_id")),
    )


def downgrade() -> None:
    op.drop_table("issuing_items")
    op.drop_table("issuing_rounds")

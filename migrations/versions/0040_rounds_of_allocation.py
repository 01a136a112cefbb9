"""Rounds of allocation with their spaces, firms and offers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from foundation.database import AS_IT_STANDS
from parks.models.roundguards import STATEMENTS

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
TABLES = ("round_offers", "round_spaces", "round_applicants", "allocation_rounds")
FUNCTIONS = ("round_applicant_is_open()", "round_stays_as_published()")


def upgrade() -> None:
    _allocation_rounds()
    _round_applicants()
    _round_spaces()
    _round_offers()
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(
            statement, execution_options=AS_IT_STANDS
        )  # as it stands: per cent signs are PostgreSQL's own


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")


def _allocation_rounds() -> None:
    op.create_table(
        "allocation_rounds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "key",
            sa.String(length=120),
            sa.Computed("'DP-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True),
            nullable=False,
        ),
        sa.Column("park_id", sa.BigInteger(), nullable=False),
        sa.Column("title", JSONB, nullable=False),
        sa.Column("criteria", JSONB, nullable=False),
        sa.Column("quotas", JSONB, nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("alternatives", JSONB, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("closes_on < starts_on", name=op.f("ck_allocation_rounds_closing")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_allocation_rounds_term")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["people.id"], name=op.f("fk_allocation_rounds_decided_by"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_allocation_rounds_park_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_allocation_rounds_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_rounds")),
        sa.UniqueConstraint("key", name=op.f("uq_allocation_rounds_key")),
    )
    op.create_index(op.f("ix_allocation_rounds_decided_by"), "allocation_rounds", ["decided_by"], unique=False)
    op.create_index("ix_allocation_rounds_park", "allocation_rounds", ["park_id", "id"], unique=False)
    op.create_index(op.f("ix_allocation_rounds_person_id"), "allocation_rounds", ["person_id"], unique=False)


def _round_applicants() -> None:
    op.create_table(
        "round_applicants",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "key",
            sa.String(length=120),
            sa.Computed("'DK-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True),
            nullable=False,
        ),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.String(length=120), nullable=False),
        sa.Column("sector", sa.Text(), nullable=False),
        sa.Column("need", JSONB, nullable=False),
        sa.Column("preferences", JSONB, nullable=False),
        sa.Column("points", JSONB, nullable=False),
        sa.Column("complete_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size IN ('small', 'medium', 'large')", name=op.f("ck_round_applicants_size")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_round_applicants_organisation_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["allocation_rounds.id"], name=op.f("fk_round_applicants_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_applicants")),
        sa.UniqueConstraint("key", name=op.f("uq_round_applicants_key")),
        sa.UniqueConstraint("round_id", "name", name=op.f("uq_round_applicants_round_id_name")),
    )
    op.create_index(op.f("ix_round_applicants_organisation_id"), "round_applicants", ["organisation_id"], unique=False)


def _round_spaces() -> None:
    op.create_table(
        "round_spaces",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("space_id", sa.BigInteger(), nullable=False),
        sa.Column("kept_for", sa.Text(), nullable=True),
        sa.CheckConstraint("kept_for IN ('small', 'medium', 'large')", name=op.f("ck_round_spaces_kept_for")),
        sa.ForeignKeyConstraint(["round_id"], ["allocation_rounds.id"], name=op.f("fk_round_spaces_round_id")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_round_spaces_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_spaces")),
        sa.UniqueConstraint("round_id", "space_id", name=op.f("uq_round_spaces_round_id_space_id")),
    )
    op.create_index(op.f("ix_round_spaces_space_id"), "round_spaces", ["space_id"], unique=False)


def _round_offers() -> None:
    op.create_table(
        "round_offers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "key",
            sa.String(length=120),
            sa.Computed("'DN-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True),
            nullable=False,
        ),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("applicant_id", sa.BigInteger(), nullable=False),
        sa.Column("space_id", sa.BigInteger(), nullable=False),
        sa.Column("allocation_id", sa.BigInteger(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint("answer IN ('accepted', 'declined', 'lapsed')", name=op.f("ck_round_offers_answer")),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_round_offers_answered")),
        sa.ForeignKeyConstraint(
            ["allocation_id"], ["space_allocations.id"], name=op.f("fk_round_offers_allocation_id")
        ),
        sa.ForeignKeyConstraint(["applicant_id"], ["round_applicants.id"], name=op.f("fk_round_offers_applicant_id")),
        sa.ForeignKeyConstraint(["round_id"], ["allocation_rounds.id"], name=op.f("fk_round_offers_round_id")),
        sa.ForeignKeyConstraint(["space_id"], ["spaces.id"], name=op.f("fk_round_offers_space_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_offers")),
        sa.UniqueConstraint("key", name=op.f("uq_round_offers_key")),
    )
    op.create_index(op.f("ix_round_offers_allocation_id"), "round_offers", ["allocation_id"], unique=False)
    op.create_index("ix_round_offers_round", "round_offers", ["round_id", "id"], unique=False)
    op.create_index(op.f("ix_round_offers_space_id"), "round_offers", ["space_id"], unique=False)
    op.create_index(
        "ix_round_offers_waiting",
        "round_offers",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.create_index(
        "uq_round_offers_applicant",
        "round_offers",
        ["applicant_id"],
        unique=True,
        postgresql_where=sa.text("answer IS NULL OR answer = 'accepted'"),
    )
    op.create_index(
        "uq_round_offers_space",
        "round_offers",
        ["round_id", "space_id"],
        unique=True,
        postgresql_where=sa.text("answer IS NULL OR answer = 'accepted'"),
    )

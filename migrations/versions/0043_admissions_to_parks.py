"""Admissions to parks, and places that stand on one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from foundation.database import AS_IT_STANDS
from parks.models.admissionguards import STATEMENTS

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
CARRIERS = ("space_allocations", "space_waiters")


def upgrade() -> None:
    op.create_table(
        "park_admissions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "key",
            sa.String(length=120),
            sa.Computed("'XN-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True),
            nullable=False,
        ),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("park_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("wish", JSONB, nullable=False),
        sa.Column("spaces", sa.BigInteger(), nullable=True),
        sa.Column("admitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('project', 'desk')", name=op.f("ck_park_admissions_kind")),
        sa.CheckConstraint("spaces > 0", name=op.f("ck_park_admissions_spaces")),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", name=op.f("ck_park_admissions_end")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_park_admissions_case_id_cases")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_park_admissions_organisation_id_organisations")
        ),
        sa.ForeignKeyConstraint(["park_id"], ["parks.id"], name=op.f("fk_park_admissions_park_id_parks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_park_admissions")),
        sa.UniqueConstraint("case_id", name=op.f("uq_park_admissions_case_id")),
        sa.UniqueConstraint("key", name=op.f("uq_park_admissions_key")),
    )
    op.create_index("ix_park_admissions_park", "park_admissions", ["park_id", "id"])
    op.create_index(op.f("ix_park_admissions_organisation_id"), "park_admissions", ["organisation_id"])
    op.add_column("parks", sa.Column("admission_from", sa.Date(), nullable=True))
    for table in CARRIERS:
        op.add_column(table, sa.Column("admission_id", sa.BigInteger(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_admission_id_park_admissions"), table, "park_admissions", ["admission_id"], ["id"]
        )
        op.create_index(op.f(f"ix_{table}_admission_id"), table, ["admission_id"])
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(statement, execution_options=AS_IT_STANDS)


def downgrade() -> None:
    op.execute("DROP TRIGGER space_allocations_follow_admission ON space_allocations")
    op.execute("DROP FUNCTION space_allocation_is_admitted()")
    for table in CARRIERS:
        op.drop_column(table, "admission_id")
    op.drop_column("parks", "admission_from")
    op.drop_table("park_admissions")
    op.execute("DROP FUNCTION park_admission_stays()")

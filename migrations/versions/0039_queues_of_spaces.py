"""Queues of spaces: who waits for what somebody else has; what lapsed is marked as told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from foundation.database import AS_IT_STANDS
from parks.models.spaceguards import CLAIMS

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLE = "space_waiters"


def upgrade() -> None:
    op.create_table(TABLE, *_columns(), *_rules())
    waiting = sa.text("left_at IS NULL")
    op.create_index("ix_space_waiters_queue", TABLE, ["space_id", "id"], postgresql_where=waiting)
    op.get_bind().exec_driver_sql(
        CLAIMS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1), execution_options=AS_IT_STANDS
    )
    for column in ("organisation_id", "person_id"):
        op.create_index(op.f(f"ix_space_waiters_{column}"), TABLE, [column])


def downgrade() -> None:
    op.drop_table(TABLE)


def _columns() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("space_id", sa.BigInteger(), nullable=False),
        sa.Column("period", postgresql.DATERANGE(), nullable=False),
        sa.Column("area_m2", sa.Numeric(14, 2)),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.Column("allocation_id", sa.BigInteger()),
    ]


def _rules() -> list[sa.schema.SchemaItem]:
    targets = {"space_id": "spaces", "organisation_id": "organisations", "allocation_id": "space_allocations"}
    period = "NOT (isempty(period) OR lower_inf(period) OR upper_inf(period))"
    served = "allocation_id IS NULL OR left_at IS NOT NULL"
    return [
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_waiters")),
        sa.UniqueConstraint("allocation_id", name=op.f("uq_space_waiters_allocation_id")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_space_waiters_{column}_{target}"))
            for column, target in targets.items()
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_space_waiters_person_id_people"), ondelete="RESTRICT"
        ),
        sa.CheckConstraint("area_m2 > 0", name=op.f("ck_space_waiters_area")),
        sa.CheckConstraint(period, name=op.f("ck_space_waiters_period")),
        sa.CheckConstraint(served, name=op.f("ck_space_waiters_served")),
    ]

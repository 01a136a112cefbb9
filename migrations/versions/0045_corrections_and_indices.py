"""Corrections of payment requests, values of price indices, stays beyond a term, notices of renewals."""

import sqlalchemy as sa
from alembic import op

from foundation.database import AS_IT_STANDS, append_only_statements
from parks.models.corrections import STATEMENTS
from parks.models.leaseguards import FIXED, REQUESTED

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLES = ("request_corrections", "price_index_values")
FUNCTIONS = ("payment_request_is_corrected()", "payment_request_is_corrected_by_rows()")


def upgrade() -> None:
    op.add_column("leases", sa.Column("renewal_notices", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column(
        "payment_requests", sa.Column("is_hold_over", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    op.add_column("payment_requests", sa.Column("corrected_vnd", sa.BigInteger(), server_default="0", nullable=False))
    op.create_check_constraint(
        op.f("ck_payment_requests_corrected"), "payment_requests", "total_vnd + corrected_vnd >= 0"
    )
    _request_corrections()
    _price_index_values()
    appended = (statement for table in TABLES for statement in append_only_statements(table))
    for statement in (FIXED, REQUESTED, *STATEMENTS, *appended):
        op.get_bind().exec_driver_sql(statement, execution_options=AS_IT_STANDS)


def downgrade() -> None:
    op.execute("DROP TRIGGER payment_requests_corrected ON payment_requests")
    for table in TABLES:
        op.drop_table(table)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    op.drop_column("payment_requests", "corrected_vnd")
    op.drop_column("payment_requests", "is_hold_over")
    op.drop_column("leases", "renewal_notices")


def _request_corrections() -> None:
    op.create_table(
        "request_corrections",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount_vnd <> 0", name=op.f("ck_request_corrections_amount")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_request_corrections_reason")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_request_corrections_person_id"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["payment_requests.id"], name=op.f("fk_request_corrections_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_corrections")),
    )
    for column in ("request_id", "person_id"):
        op.create_index(op.f(f"ix_request_corrections_{column}"), "request_corrections", [column], unique=False)


def _price_index_values() -> None:
    op.create_table(
        "price_index_values",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("operator_id", sa.BigInteger(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("source <> ''", name=op.f("ck_price_index_values_source")),
        sa.CheckConstraint("value > 0", name=op.f("ck_price_index_values_value")),
        sa.ForeignKeyConstraint(["operator_id"], ["park_operators.id"], name=op.f("fk_price_index_values_operator_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_price_index_values_person_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_index_values")),
    )
    op.create_index(
        "ix_price_index_values_operator", "price_index_values", ["operator_id", "published_on", "id"], unique=False
    )
    op.create_index(op.f("ix_price_index_values_person_id"), "price_index_values", ["person_id"], unique=False)

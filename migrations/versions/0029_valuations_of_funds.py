"""Valuations of funds and their positions, and values of the index they are compared with."""

import sqlalchemy as sa
from alembic import op

from foundation.database import append_only_statements
from fund.models.valuations import STATEMENTS

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
TABLES = ("fund_valuations", "fund_index_values")


def upgrade() -> None:
    op.add_column("funds", sa.Column("figures", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "fund_valuations",
        *_columns("fund_valuations"),
        sa.Column("position", sa.String(120), nullable=False),
        sa.Column("basis", sa.String(120), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.String(120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("amount_vnd >= 0", name=op.f("ck_fund_valuations_amount")),
        sa.CheckConstraint("basis IN ('fair', 'book')", name=op.f("ck_fund_valuations_basis")),
        sa.CheckConstraint(
            "method IN ('recent_transaction', 'market_multiple', 'discounted_cash_flow', 'net_assets', 'cost')",
            name=op.f("ck_fund_valuations_method"),
        ),
    )
    op.create_table(
        "fund_index_values",
        *_columns("fund_index_values"),
        sa.Column("index_code", sa.String(120), nullable=False),
        sa.Column("value", sa.Numeric(28, 10), nullable=False),
        sa.CheckConstraint("value > 0", name=op.f("ck_fund_index_values_value")),
    )
    first, second = ["fund_id", "basis", "position", "valued_on", "id"], ["fund_id", "index_code", "valued_on", "id"]
    op.create_index("ix_fund_valuations_fund", "fund_valuations", first)
    op.create_index("ix_fund_valuations_entered", "fund_valuations", ["fund_id", "id"])
    op.create_index("ix_fund_index_values_fund", "fund_index_values", second)
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_person_id"), table, ["person_id"])
        for statement in append_only_statements(table):
            op.execute(statement)
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION fund_figure_recorded()")
    op.drop_column("funds", "figures")


def _columns(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("fund_id", sa.BigInteger(), nullable=False),
        sa.Column("valued_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f(f"fk_{table}_fund_id_funds")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], ondelete="RESTRICT", name=op.f(f"fk_{table}_person_id_people")
        ),
    ]

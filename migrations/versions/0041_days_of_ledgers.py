"""Keep what each day of a fund's ledger comes to, beside the balances."""

import sqlalchemy as sa
from alembic import op

from foundation.database import AS_IT_STANDS
from fund.models.days import RECKON, STATEMENTS

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLE = "ledger_days"
KEY = ["fund_id", "account", "effective_on", "contributor_id"]


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("fund_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("contributor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        *[sa.Column(name, sa.BigInteger(), nullable=False) for name in ("amount_vnd", "came_vnd", "went_vnd")],
        sa.PrimaryKeyConstraint(*KEY, name=op.f("pk_ledger_days")),
        sa.ForeignKeyConstraint(
            ["fund_id", "contributor_id"],
            ["fund_contributors.fund_id", "fund_contributors.id"],
            name=op.f("fk_ledger_days_fund_id_contributor_id_fund_contributors"),
        ),
    )
    connection = op.get_bind()
    for statement in (RECKON, *STATEMENTS):
        connection.exec_driver_sql(statement, execution_options=AS_IT_STANDS)


def downgrade() -> None:
    op.execute("DROP TRIGGER ledger_lines_count_by_day ON ledger_lines")
    op.execute("DROP TRIGGER ledger_entries_take_back ON ledger_entries")
    op.drop_table(TABLE)
    op.execute("DROP FUNCTION ledger_lines_count_by_day()")
    op.execute("DROP FUNCTION ledger_entry_takes_back()")

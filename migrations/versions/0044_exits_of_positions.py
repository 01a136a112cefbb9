"""Positions that end: what of their cost was given up, and the proceeds, in the ledger and beside it."""

import sqlalchemy as sa
from alembic import op

from foundation.database import AS_IT_STANDS, append_only_statements

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLE = "position_exits"
OLD_KINDS = (
    "'commitment', 'call', 'payment', 'withdrawal_notice', 'withdrawal', 'reduction', 'transfer', 'default', "
    "'distribution', 'late_interest', 'investment', 'reversal'"
)
KINDS = OLD_KINDS.replace("'investment', ", "'investment', 'exit', ")
OLD_ACCOUNTS = (
    "'charter', 'uncalled', 'receivable', 'paid', 'leaving', 'leaving_noted', 'invested', 'spent', 'distributed', "
    "'distributed_noted', 'interest', 'interest_noted'"
)
ACCOUNTS = f"{OLD_ACCOUNTS}, 'given_up', 'given_up_noted', 'proceeds', 'proceeds_noted'"
OLD_CREDITS = "'charter', 'leaving_noted', 'spent', 'distributed_noted', 'interest_noted'"
CREDITS = f"{OLD_CREDITS}, 'given_up_noted', 'proceeds_noted'"


def upgrade() -> None:
    _checks(KINDS, ACCOUNTS, CREDITS)
    amounts = [sa.Column(name, sa.BigInteger(), nullable=False) for name in ("cost_vnd", "proceeds_vnd")]
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *[sa.Column(name, sa.BigInteger(), nullable=False) for name in ("fund_id", "position_id", "entry_id")],
        *[sa.Column(name, sa.String(120), nullable=False) for name in ("kind", "way")],
        *amounts,
        sa.Column("exited_on", sa.Date(), nullable=False),
        *[sa.Column(name, sa.Text(), nullable=False) for name in ("decision", "justification")],
        sa.Column("recorded_by_id", sa.BigInteger()),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *_constraints(),
    )
    op.create_index("ix_position_exits_fund", TABLE, ["fund_id", "position_id", "id"])
    op.create_index(op.f("ix_position_exits_recorded_by_id"), TABLE, ["recorded_by_id"])
    for statement in append_only_statements(TABLE):
        op.get_bind().exec_driver_sql(statement, execution_options=AS_IT_STANDS)


def downgrade() -> None:
    op.drop_table(TABLE)
    _checks(OLD_KINDS, OLD_ACCOUNTS, OLD_CREDITS)


def _constraints() -> list[sa.schema.SchemaItem]:
    ways = "'competitive_sale', 'negotiated_sale', 'buy_back', 'listing', 'liquidation'"
    checks = {
        "kind": "kind IN ('exit', 'partial_exit', 'write_off')",
        "way": f"way IN ({ways})",
        "amounts": "cost_vnd > 0 AND proceeds_vnd >= 0",
        "write_off": "kind <> 'write_off' OR proceeds_vnd = 0",
    }
    return [
        *[sa.CheckConstraint(check, name=op.f(f"ck_position_exits_{name}")) for name, check in checks.items()],
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_exits")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_position_exits_entry_id")),
        sa.ForeignKeyConstraint(
            ["fund_id", "entry_id"],
            ["ledger_entries.fund_id", "ledger_entries.id"],
            name=op.f("fk_position_exits_fund_id_entry_id_ledger_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["positions.id"], name=op.f("fk_position_exits_position_id_positions")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["people.id"],
            name=op.f("fk_position_exits_recorded_by_id_people"),
            ondelete="RESTRICT",
        ),
    ]


def _checks(kinds: str, accounts: str, credit: str) -> None:
    """Which kinds of entries and accounts there are."""
    not_overdrawn = f"CASE WHEN account IN ({credit}) THEN amount_vnd <= 0 ELSE amount_vnd >= 0 END"
    for table, name, check in (
        ("ledger_entries", "kind", f"kind IN ({kinds})"),
        ("ledger_lines", "account", f"account IN ({accounts})"),
        ("ledger_balances", "not_overdrawn", not_overdrawn),
    ):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, check)

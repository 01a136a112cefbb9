"""Capital calls with their uses, breaches with their clocks, the lives of funds and commitments, distributions."""

import sqlalchemy as sa
from alembic import op

from foundation.database import AS_IT_STANDS, append_only_statements
from fund.models.breaches import SETTLES, TERMS_SETTLE, TRIGGERS

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
FUND_STATES = "'preparing', 'chartered', 'raising', 'active', 'review_5y', 'cap_breach', 'wind_down', 'closed'"
COMMITMENT_STATES = "'proposed', 'signed', 'active', 'reduced', 'withdrawn', 'transferred', 'defaulted', 'closed'"
CALL_STATES = "'draft', 'cap_checked', 'issued', 'partly_paid', 'overdue', 'paid', 'cured', 'defaulted', 'dropped'"
OLD_KINDS = "'commitment', 'call', 'payment', 'withdrawal_notice', 'withdrawal', 'investment', 'reversal'"
KINDS = (
    "'commitment', 'call', 'payment', 'withdrawal_notice', 'withdrawal', 'reduction', 'transfer', 'default', "
    "'distribution', 'late_interest', 'investment', 'reversal'"
)
OLD_ACCOUNTS = "'charter', 'uncalled', 'receivable', 'paid', 'leaving', 'leaving_noted', 'invested', 'spent'"
ACCOUNTS = f"{OLD_ACCOUNTS}, 'distributed', 'distributed_noted', 'interest', 'interest_noted'"
OLD_CREDITS = "'charter', 'leaving_noted', 'spent'"
CREDITS = f"{OLD_CREDITS}, 'distributed_noted', 'interest_noted'"
TERMS = ("late_interest_bps",)
CLOCKS = {
    "default_working_days": "15",
    "breach_notice_working_days": "1",
    "breach_plan_working_days": "10",
    "breach_cure_days": "90",
}
TERMS_CHECKS = {
    "late_interest": "late_interest_bps BETWEEN 0 AND 10000",
    "clocks": (
        "least(default_working_days, breach_notice_working_days, breach_plan_working_days, breach_cure_days) > 0"
    ),
}
STATES_OF_OLD = (
    "UPDATE funds SET state = CASE "
    "WHEN EXISTS (SELECT FROM ledger_entries WHERE fund_id = funds.id AND kind = 'call') THEN 'active' "
    "WHEN EXISTS (SELECT FROM ledger_entries WHERE fund_id = funds.id) THEN 'raising' "
    "WHEN EXISTS (SELECT FROM fund_terms WHERE fund_id = funds.id) THEN 'chartered' ELSE 'preparing' END",
    "UPDATE fund_contributors SET state = 'active' WHERE EXISTS (SELECT FROM ledger_balances b "
    "WHERE b.contributor_id = fund_contributors.id AND account = 'charter' AND amount_vnd < 0)",
    "INSERT INTO capital_calls (fund_id, number, state, amount_vnd, investment_vnd, fee_vnd, cost_vnd, reference, "
    "issued_on, due_on, entry_id, prepared_by_id, created_at) "
    "SELECT e.fund_id, row_number() OVER (PARTITION BY e.fund_id ORDER BY e.id), 'issued', called.amount, "
    "called.amount, 0, 0, e.reference, e.effective_on, e.due_on, e.id, e.person_id, e.recorded_at FROM ledger_entries e "
    "JOIN (SELECT entry_id, sum(amount_vnd) AS amount FROM ledger_lines WHERE account = 'receivable' GROUP BY entry_id) "
    "called ON called.entry_id = e.id WHERE e.kind = 'call' AND e.due_on IS NOT NULL "
    "AND NOT EXISTS (SELECT FROM ledger_entries r WHERE r.reverses_id = e.id)",
)

ENTRY_SETTLES = """
CREATE FUNCTION ledger_entry_settles() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  terms fund_terms;
  sums record;
BEGIN
  IF EXISTS (SELECT FROM ledger_lines JOIN fund_contributors ON fund_contributors.id = contributor_id
      WHERE entry_id = NEW.id AND is_city AND account = 'receivable' AND NEW.kind = 'call') THEN
    SELECT * INTO terms FROM fund_terms WHERE fund_id = NEW.fund_id AND valid_from <= NEW.effective_on
      ORDER BY valid_from DESC, id DESC LIMIT 1;
    SELECT coalesce(sum(amount_vnd) FILTER (WHERE is_city), 0) AS city, coalesce(sum(amount_vnd), 0) AS paid
      INTO sums FROM ledger_balances JOIN fund_contributors ON fund_contributors.id = contributor_id
      WHERE ledger_balances.fund_id = NEW.fund_id AND account = 'paid';
    PERFORM refuse_city_money('paid-in capital', sums.city, sums.paid, terms);
  END IF;
  PERFORM settle_fund_breach(NEW.fund_id, NEW.effective_on, NEW.id);
  RETURN NULL;
END $$
"""
TRIGGER = (
    "CREATE CONSTRAINT TRIGGER ledger_entries_settle AFTER INSERT ON ledger_entries DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION ledger_entry_settles()"
)


def upgrade() -> None:
    _columns()
    _calls()
    _breaches()
    _moves()
    for old in STATES_OF_OLD:
        op.execute(old)
    connection = op.get_bind()
    for statement in (SETTLES, ENTRY_SETTLES, TERMS_SETTLE):
        connection.exec_driver_sql(
            statement, execution_options=AS_IT_STANDS
        )  # as it stands: per cent signs are PostgreSQL's own
    op.execute("SELECT settle_fund_breach(id, current_date, NULL) FROM funds")
    for statement in (TRIGGER, *TRIGGERS, *append_only_statements("fund_moves")):
        connection.exec_driver_sql(statement, execution_options=AS_IT_STANDS)


def downgrade() -> None:
    for trigger, table in (
        ("ledger_entries_settle", "ledger_entries"),
        ("fund_terms_settle", "fund_terms"),
        ("funds_breach_by_ledger_alone", "funds"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in ("ledger_entry_settles()", "fund_terms_settle()", "settle_fund_breach(bigint, date, bigint)"):
        op.execute(f"DROP FUNCTION {function}")
    for table in ("fund_moves", "fund_breaches", "capital_calls"):
        op.drop_table(table)
    _checks(OLD_KINDS, OLD_ACCOUNTS, OLD_CREDITS)
    for name in TERMS_CHECKS:
        op.drop_constraint(op.f(f"ck_fund_terms_{name}"), "fund_terms")
    for name in (*TERMS, *CLOCKS, "review_on", "ends_on"):
        op.drop_column("fund_terms", name)
    op.drop_constraint(op.f("ck_funds_state"), "funds")
    op.drop_column("funds", "state")
    op.drop_constraint(op.f("ck_fund_contributors_state"), "fund_contributors")
    for name in ("state", "contract_number", "signed_on"):
        op.drop_column("fund_contributors", name)


def _columns() -> None:
    op.add_column("funds", sa.Column("state", sa.String(120), server_default="preparing", nullable=False))
    op.create_check_constraint(op.f("ck_funds_state"), "funds", f"state IN ({FUND_STATES})")
    contributors = "fund_contributors"
    op.add_column(contributors, sa.Column("state", sa.String(120), server_default="proposed", nullable=False))
    op.add_column(contributors, sa.Column("contract_number", sa.Text(), server_default="", nullable=False))
    op.add_column(contributors, sa.Column("signed_on", sa.Date()))
    op.create_check_constraint(op.f("ck_fund_contributors_state"), contributors, f"state IN ({COMMITMENT_STATES})")
    for name in TERMS:
        op.add_column("fund_terms", sa.Column(name, sa.BigInteger()))
    for name, default in CLOCKS.items():
        op.add_column("fund_terms", sa.Column(name, sa.BigInteger(), server_default=default, nullable=False))
    op.add_column("fund_terms", sa.Column("review_on", sa.Date()))
    op.add_column("fund_terms", sa.Column("ends_on", sa.Date()))
    for name, check in TERMS_CHECKS.items():
        op.create_check_constraint(op.f(f"ck_fund_terms_{name}"), "fund_terms", check)
    _checks(KINDS, ACCOUNTS, CREDITS)


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


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _amount(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _fund_and_person(table: str, person: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f(f"fk_{table}_fund_id_funds")),
        sa.ForeignKeyConstraint([person], ["people.id"], name=op.f(f"fk_{table}_{person}_people"), ondelete="RESTRICT"),
    ]


def _calls() -> None:
    op.create_table(
        "capital_calls",
        _key(),
        *[_amount("fund_id"), _amount("number")],
        sa.Column("state", sa.String(120), nullable=False),
        *[_amount("amount_vnd"), _amount("investment_vnd"), _amount("fee_vnd"), _amount("cost_vnd")],
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date()),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("entry_id", sa.BigInteger()),
        sa.Column("prepared_by_id", sa.BigInteger()),
        sa.Column("created_at", AT, nullable=False),
        *_fund_and_person("capital_calls", "prepared_by_id"),
        sa.UniqueConstraint("fund_id", "number", name=op.f("uq_capital_calls_fund_id_number")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_capital_calls_entry_id")),
        sa.ForeignKeyConstraint(
            ["fund_id", "entry_id"],
            ["ledger_entries.fund_id", "ledger_entries.id"],
            name=op.f("fk_capital_calls_fund_id_ledger_entries"),
        ),
        sa.CheckConstraint(f"state IN ({CALL_STATES})", name=op.f("ck_capital_calls_state")),
        sa.CheckConstraint("investment_vnd + fee_vnd + cost_vnd = amount_vnd", name=op.f("ck_capital_calls_uses")),
        sa.CheckConstraint(
            "least(investment_vnd, fee_vnd, cost_vnd) >= 0 AND amount_vnd > 0", name=op.f("ck_capital_calls_amounts")
        ),
        sa.CheckConstraint(
            "state NOT IN ('draft', 'cap_checked') OR entry_id IS NULL", name=op.f("ck_capital_calls_entry")
        ),
    )
    op.create_index(op.f("ix_capital_calls_prepared_by_id"), "capital_calls", ["prepared_by_id"])
    is_open = sa.text("state IN ('issued', 'partly_paid', 'overdue')")
    op.create_index("ix_capital_calls_open", "capital_calls", ["fund_id"], postgresql_where=is_open)


def _breaches() -> None:
    op.create_table(
        "fund_breaches",
        _key(),
        _amount("fund_id"),
        sa.Column("from_state", sa.String(120), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("opened_by_id", sa.BigInteger()),
        sa.Column("closed_at", AT),
        sa.Column("closed_by_id", sa.BigInteger()),
        *[sa.Column(name, sa.Date()) for name in ("notice_due_on", "plan_due_on", "cure_due_on", "noticed_on")],
        sa.Column("plan", sa.Text(), server_default="", nullable=False),
        sa.Column("plan_way", sa.Text()),
        sa.Column("plan_filed_on", sa.Date()),
        sa.Column("plan_filed_by_id", sa.BigInteger()),
        *_fund_and_person("fund_breaches", "plan_filed_by_id"),
        *[
            sa.ForeignKeyConstraint([name], ["ledger_entries.id"], name=op.f(f"fk_fund_breaches_{name}_ledger_entries"))
            for name in ("opened_by_id", "closed_by_id")
        ],
    )
    op.create_index(op.f("ix_fund_breaches_plan_filed_by_id"), "fund_breaches", ["plan_filed_by_id"])
    op.create_index("ix_fund_breaches_fund", "fund_breaches", ["fund_id", "id"])
    is_open = sa.text("closed_at IS NULL")
    op.create_index("uq_fund_breaches_open", "fund_breaches", ["fund_id"], unique=True, postgresql_where=is_open)


def _moves() -> None:
    op.create_table(
        "fund_moves",
        _key(),
        _amount("fund_id"),
        sa.Column("subject", sa.String(120), nullable=False),
        _amount("subject_id"),
        *[sa.Column(name, sa.String(120), nullable=False) for name in ("step", "from_state", "to_state")],
        sa.Column("at", AT, nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        *_fund_and_person("fund_moves", "person_id"),
        sa.CheckConstraint("subject IN ('fund', 'commitment', 'call')", name=op.f("ck_fund_moves_subject")),
    )
    op.create_index(op.f("ix_fund_moves_person_id"), "fund_moves", ["person_id"])
    op.create_index("ix_fund_moves_subject", "fund_moves", ["fund_id", "subject", "subject_id", "id"])

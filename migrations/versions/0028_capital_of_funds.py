"""Funds, their terms and contributors, and the ledger of their capital under its ceilings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from foundation.database import AS_IT_STANDS, append_only_statements
from fund.models.guards import STATEMENTS

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
AT = sa.DateTime(timezone=True)

FUNCTIONS = ("ledger_entry_opens()", "ledger_line_counts()", "ledger_entry_closes()")
APPEND_ONLY = ("fund_terms", "ledger_entries", "ledger_lines")
TABLES = ("ledger_balances", "ledger_lines", "ledger_entries", "fund_contributors", "fund_terms", "funds")


def upgrade() -> None:
    _funds()
    _ledger()
    for table in APPEND_ONLY:
        for statement in append_only_statements(table):
            op.execute(statement)
    for statement in STATEMENTS:
        op.get_bind().exec_driver_sql(
            statement, execution_options=AS_IT_STANDS
        )  # as it stands: per cent signs are PostgreSQL's own


def downgrade() -> None:
    op.execute("DROP TRIGGER ledger_entries_close ON ledger_entries")
    op.execute("DROP FUNCTION ledger_entry_closes()")
    op.execute("DROP FUNCTION refuse_city_money(text, numeric, numeric, fund_terms)")
    for table in TABLES:
        op.drop_table(table)
    for function in FUNCTIONS[:2]:
        op.execute(f"DROP FUNCTION {function}")


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _funds() -> None:
    op.create_table(
        "funds",
        _key(),
        sa.Column("code", sa.String(120), nullable=False),
        sa.Column("name", JSONB, nullable=False),
        sa.Column("legal_form", sa.String(120), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("entries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_recorded_at", AT, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funds")),
        sa.UniqueConstraint("code", name=op.f("uq_funds_code")),
        sa.CheckConstraint("legal_form IN ('contract', 'enterprise')", name=op.f("ck_funds_legal_form")),
    )
    op.create_table(
        "fund_terms",
        _key(),
        sa.Column("fund_id", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("city_amount_vnd", sa.BigInteger()),
        sa.Column("share_numerator", sa.BigInteger(), nullable=False),
        sa.Column("share_denominator", sa.BigInteger(), nullable=False),
        sa.Column("private_investors", sa.BigInteger()),
        sa.Column("notice_working_days", sa.BigInteger(), nullable=False),
        sa.Column("loss_percent", sa.BigInteger()),
        sa.Column("source", JSONB, nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_terms")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_fund_terms_fund_id_funds")),
        sa.CheckConstraint(
            "0 < share_numerator AND share_numerator < share_denominator", name=op.f("ck_fund_terms_share")
        ),
        sa.CheckConstraint("city_amount_vnd > 0", name=op.f("ck_fund_terms_city_amount")),
        sa.CheckConstraint("private_investors > 0", name=op.f("ck_fund_terms_private_investors")),
        sa.CheckConstraint("notice_working_days >= 0", name=op.f("ck_fund_terms_notice")),
        sa.CheckConstraint("loss_percent BETWEEN 0 AND 100", name=op.f("ck_fund_terms_loss")),
    )
    op.create_index("ix_fund_terms_fund", "fund_terms", ["fund_id", "valid_from", "id"])
    op.create_table(
        "fund_contributors",
        _key(),
        sa.Column("fund_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_city", sa.Boolean(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fund_contributors")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_fund_contributors_fund_id_funds")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_fund_contributors_organisation_id_organisations")
        ),
        sa.UniqueConstraint("fund_id", "code", name=op.f("uq_fund_contributors_fund_id_code")),
        sa.UniqueConstraint("fund_id", "id", name=op.f("uq_fund_contributors_fund_id_id")),
    )
    op.create_index(op.f("ix_fund_contributors_organisation_id"), "fund_contributors", ["organisation_id"])


def _ledger() -> None:
    op.create_table(
        "ledger_entries",
        _key(),
        sa.Column("fund_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(120), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", AT, nullable=False),
        sa.Column("line_count", sa.BigInteger(), nullable=False),
        sa.Column("reverses_id", sa.BigInteger()),
        sa.Column("is_restated", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date()),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.ForeignKeyConstraint(["fund_id"], ["funds.id"], name=op.f("fk_ledger_entries_fund_id_funds")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_ledger_entries_person_id_people"), ondelete="RESTRICT"
        ),
        sa.UniqueConstraint("fund_id", "id", name=op.f("uq_ledger_entries_fund_id_id")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledger_entries_reverses_id")),
        sa.ForeignKeyConstraint(
            ["fund_id", "reverses_id"],
            ["ledger_entries.fund_id", "ledger_entries.id"],
            name=op.f("fk_ledger_entries_fund_id_ledger_entries"),
        ),
        sa.CheckConstraint(
            "kind IN ('commitment', 'call', 'payment', 'withdrawal_notice', 'withdrawal', 'reversal')",
            name=op.f("ck_ledger_entries_kind"),
        ),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name=op.f("ck_ledger_entries_reversal")),
        sa.CheckConstraint("line_count BETWEEN 2 AND 1000", name=op.f("ck_ledger_entries_line_count")),
    )
    op.create_index("ix_ledger_entries_fund_effective", "ledger_entries", ["fund_id", "effective_on", "id"])
    op.create_index(op.f("ix_ledger_entries_person_id"), "ledger_entries", ["person_id"])
    op.create_table("ledger_lines", *_line_columns("ledger_lines"))
    op.create_table("ledger_balances", *_balance_columns())


def _contributor_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["fund_id", "contributor_id"],
        ["fund_contributors.fund_id", "fund_contributors.id"],
        name=op.f(f"fk_{table}_fund_id_fund_contributors"),
    )


def _line_columns(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("fund_id", sa.BigInteger(), nullable=False),
        sa.Column("contributor_id", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "number", name=op.f("pk_ledger_lines")),
        _contributor_key(table),
        sa.ForeignKeyConstraint(
            ["fund_id", "entry_id"],
            ["ledger_entries.fund_id", "ledger_entries.id"],
            name=op.f("fk_ledger_lines_fund_id_ledger_entries"),
        ),
        sa.CheckConstraint("amount_vnd <> 0", name=op.f("ck_ledger_lines_amount")),
        sa.CheckConstraint("number > 0", name=op.f("ck_ledger_lines_number")),
        sa.CheckConstraint(
            "account IN ('charter', 'uncalled', 'receivable', 'paid', 'leaving', 'leaving_noted')",
            name=op.f("ck_ledger_lines_account"),
        ),
    ]


def _balance_columns() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("fund_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("contributor_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(120), nullable=False),
        sa.Column("amount_vnd", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fund_id", "contributor_id", "account", name=op.f("pk_ledger_balances")),
        _contributor_key("ledger_balances"),
        sa.CheckConstraint(
            "CASE WHEN account IN ('charter', 'leaving_noted') THEN amount_vnd <= 0 ELSE amount_vnd >= 0 END",
            name=op.f("ck_ledger_balances_not_overdrawn"),
        ),
    ]

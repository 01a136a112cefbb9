"""Deals of funds with their votes, conditions and positions; investments in the ledger; limits of single companies."""

import sqlalchemy as sa
from alembic import op

from foundation.database import AS_IT_STANDS, append_only_statements
from fund.models.guards import CLOSES

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

AT = sa.DateTime(timezone=True)
KINDS = ("commitment", "call", "payment", "withdrawal_notice", "withdrawal")
ACCOUNTS = ("charter", "uncalled", "receivable", "paid", "leaving", "leaving_noted")
CREDITS = ("charter", "leaving_noted")
APPEND_ONLY = ("deal_votes", "positions")


def upgrade() -> None:
    _allow((*KINDS, "investment", "reversal"), (*ACCOUNTS, "invested", "spent"), (*CREDITS, "spent"))
    op.get_bind().exec_driver_sql(
        CLOSES.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"), execution_options=AS_IT_STANDS
    )
    for limit in ("concentration", "company_share"):
        op.add_column("fund_terms", sa.Column(f"{limit}_percent", sa.BigInteger()))
        op.create_check_constraint(op.f(f"ck_fund_terms_{limit}"), "fund_terms", f"{limit}_percent BETWEEN 1 AND 100")
    _deals()
    _votes()
    _conditions()
    _positions()
    for table in APPEND_ONLY:
        for statement in append_only_statements(table):
            op.execute(statement)


def downgrade() -> None:
    for table in ("positions", "deal_conditions", "deal_votes", "deals"):
        op.drop_table(table)
    for limit in ("concentration", "company_share"):
        op.drop_column("fund_terms", f"{limit}_percent")
    _allow((*KINDS, "reversal"), ACCOUNTS, CREDITS)


def _allow(kinds: tuple[str, ...], accounts: tuple[str, ...], credits: tuple[str, ...]) -> None:
    """Let the ledger know these kinds of entries and these accounts."""
    rules = (
        ("ledger_entries", "kind", f"kind IN {kinds}"),
        ("ledger_lines", "account", f"account IN {accounts}"),
        (
            "ledger_balances",
            "not_overdrawn",
            f"CASE WHEN account IN {credits} THEN amount_vnd <= 0 ELSE amount_vnd >= 0 END",
        ),
    )
    for table, name, rule in rules:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _whole(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _deals() -> None:
    op.create_table(
        "deals",
        _key(),
        *(_whole(name) for name in ("fund_id", "case_id", "organisation_id")),
        sa.Column("origin", sa.String(120), nullable=False),
        sa.Column("field", sa.String(120), nullable=False),
        _whole("asked_vnd"),
        sa.Column("instrument", sa.Text()),
        _whole("amount_vnd", nullable=True),
        _whole("pre_money_vnd", nullable=True),
        _whole("round"),
        sa.Column("meeting_on", sa.Date()),
        sa.Column("opened_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deals")),
        _to("deals", "fund_id", "funds"),
        _to("deals", "case_id", "cases"),
        _to("deals", "organisation_id", "organisations"),
        sa.UniqueConstraint("case_id", name=op.f("uq_deals_case_id")),
        sa.UniqueConstraint("fund_id", "id", name=op.f("uq_deals_fund_id_id")),
        sa.CheckConstraint("origin IN ('applied', 'sourced')", name=op.f("ck_deals_origin")),
        sa.CheckConstraint("asked_vnd > 0", name=op.f("ck_deals_asked")),
        sa.CheckConstraint("amount_vnd > 0 AND pre_money_vnd > 0", name=op.f("ck_deals_terms")),
        sa.CheckConstraint(
            "instrument IN ('ordinary_shares', 'preferred_shares', 'llc_stake', 'convertible_note', 'purchase_option')",
            name=op.f("ck_deals_instrument"),
        ),
    )
    op.create_index(op.f("ix_deals_organisation_id"), "deals", ["organisation_id"])


def _votes() -> None:
    op.create_table(
        "deal_votes",
        _key(),
        *(_whole(name) for name in ("deal_id", "round", "person_id")),
        sa.Column("is_for_city", sa.Boolean(), nullable=False),
        sa.Column("vote", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("instruction_number", sa.Text(), nullable=False),
        _whole("instruction_id", nullable=True),
        sa.Column("cast_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_votes")),
        _to("deal_votes", "deal_id", "deals"),
        _to("deal_votes", "person_id", "people"),
        _to("deal_votes", "instruction_id", "documents"),
        sa.UniqueConstraint("deal_id", "round", "person_id", name=op.f("uq_deal_votes_deal_id_round_person_id")),
        sa.CheckConstraint("vote IN ('for', 'against', 'abstain')", name=op.f("ck_deal_votes_vote")),
        sa.CheckConstraint("vote = 'for' OR length(reason) > 0", name=op.f("ck_deal_votes_dissent_is_reasoned")),
        sa.CheckConstraint("is_for_city = (instruction_id IS NOT NULL)", name=op.f("ck_deal_votes_instruction")),
    )
    op.create_index(op.f("ix_deal_votes_person_id"), "deal_votes", ["person_id"])


def _conditions() -> None:
    op.create_table(
        "deal_conditions",
        _key(),
        *(_whole(name) for name in ("deal_id", "number")),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("met_at", AT),
        *(_whole(name, nullable=True) for name in ("document_id", "met_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_conditions")),
        _to("deal_conditions", "deal_id", "deals"),
        _to("deal_conditions", "document_id", "documents"),
        _to("deal_conditions", "met_by_id", "people"),
        sa.UniqueConstraint("deal_id", "number", name=op.f("uq_deal_conditions_deal_id_number")),
        sa.CheckConstraint("number > 0", name=op.f("ck_deal_conditions_number")),
        sa.CheckConstraint("(met_at IS NULL) = (document_id IS NULL)", name=op.f("ck_deal_conditions_met")),
    )


def _positions() -> None:
    op.create_table(
        "positions",
        _key(),
        *(_whole(name) for name in ("fund_id", "deal_id", "entry_id", "organisation_id")),
        sa.Column("instrument", sa.String(120), nullable=False),
        *(_whole(name) for name in ("paid_vnd", "pre_money_vnd")),
        sa.Column("invested_on", sa.Date(), nullable=False),
        sa.Column("holder_of_record", sa.Text(), nullable=False),
        *(_whole(name) for name in ("title_document_id", "payment_document_id", "prepared_by_id", "released_by_id")),
        sa.Column("recorded_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_positions")),
        sa.ForeignKeyConstraint(
            ["fund_id", "deal_id"], ["deals.fund_id", "deals.id"], name=op.f("fk_positions_fund_id_deals")
        ),
        sa.ForeignKeyConstraint(
            ["fund_id", "entry_id"],
            ["ledger_entries.fund_id", "ledger_entries.id"],
            name=op.f("fk_positions_fund_id_ledger_entries"),
        ),
        _to("positions", "organisation_id", "organisations"),
        _to("positions", "title_document_id", "documents"),
        _to("positions", "payment_document_id", "documents"),
        _to("positions", "prepared_by_id", "people"),
        _to("positions", "released_by_id", "people"),
        sa.UniqueConstraint("deal_id", name=op.f("uq_positions_deal_id")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_positions_entry_id")),
        sa.CheckConstraint("paid_vnd > 0", name=op.f("ck_positions_paid")),
        sa.CheckConstraint("length(holder_of_record) > 0", name=op.f("ck_positions_holder_of_record")),
        sa.CheckConstraint("prepared_by_id <> released_by_id", name=op.f("ck_positions_two_signatures")),
    )
    op.create_index("ix_positions_fund", "positions", ["fund_id", "invested_on", "id"])
    op.create_index(op.f("ix_positions_organisation_id"), "positions", ["organisation_id"])

"""The ledger of a fund's capital: entries that are only ever added, each balanced, under the ceilings."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Instant, Key, Model, Vnd, Words, append_only, now

KINDS = (
    "commitment",
    "call",
    "payment",
    "withdrawal_notice",
    "withdrawal",
    "reduction",
    "transfer",
    "default",
    "distribution",
    "late_interest",
    "investment",
    "exit",
    "reversal",
)
KNOWN_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)
ACCOUNTS = (
    "charter",
    "uncalled",
    "receivable",
    "paid",
    "leaving",
    "leaving_noted",
    "invested",
    "spent",
    "distributed",
    "distributed_noted",
    "interest",
    "interest_noted",
    "given_up",
    "given_up_noted",
    "proceeds",
    "proceeds_noted",
)
KNOWN_ACCOUNTS = ", ".join(f"'{account}'" for account in ACCOUNTS)
CREDITS = (
    "'charter', 'leaving_noted', 'spent', 'distributed_noted', 'interest_noted', 'given_up_noted', 'proceeds_noted'"
)


@append_only
class LedgerEntry(Model):
    """Something that happened to the capital of a fund.

    ``effective_on`` is when it counts, ``recorded_at`` when it became known; a correction is a reversal and a new
    entry that is restated. ``line_count`` closes the entry: no line can be added later.
    """

    __tablename__ = "ledger_entries"
    __table_args__ = (
        CheckConstraint(f"kind IN ({KNOWN_KINDS})", name="kind"),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal"),
        CheckConstraint("line_count BETWEEN 2 AND 1000", name="line_count"),
        UniqueConstraint("fund_id", "id"),
        ForeignKeyConstraint(["fund_id", "reverses_id"], ["ledger_entries.fund_id", "ledger_entries.id"]),
        Index("ix_ledger_entries_fund_effective", "fund_id", "effective_on", "id"),
        Index("ix_ledger_entries_recorded", "fund_id", "recorded_at"),
        Index("ix_ledger_entries_reversals", "fund_id", "effective_on", postgresql_where=text("kind = 'reversal'")),
        Index("ix_ledger_entries_calls", "fund_id", "effective_on", "id", postgresql_where=text("kind = 'call'")),
    )

    id: Mapped[Key]
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    kind: Mapped[Code]
    effective_on: Mapped[date]
    recorded_at: Mapped[Instant] = mapped_column(default=now)
    line_count: Mapped[int]
    reverses_id: Mapped[int | None] = mapped_column(unique=True)
    is_restated: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None]
    reference: Mapped[Words]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)

    lines: Mapped[list["LedgerLine"]] = relationship(
        lazy="raise", order_by="LedgerLine.number", viewonly=True, primaryjoin="LedgerLine.entry_id == LedgerEntry.id"
    )


@append_only
class LedgerLine(Model):
    """A debit (above zero) or credit (below) of one account of one contributor."""

    __tablename__ = "ledger_lines"
    __table_args__ = (
        CheckConstraint("amount_vnd <> 0", name="amount"),
        CheckConstraint(f"account IN ({KNOWN_ACCOUNTS})", name="account"),
        CheckConstraint("number > 0", name="number"),
        ForeignKeyConstraint(["fund_id", "entry_id"], ["ledger_entries.fund_id", "ledger_entries.id"]),
        ForeignKeyConstraint(["fund_id", "contributor_id"], ["fund_contributors.fund_id", "fund_contributors.id"]),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fund_id: Mapped[int]
    contributor_id: Mapped[int]
    account: Mapped[Code]
    amount_vnd: Mapped[Vnd]


class LedgerBalance(Model):
    """The sum of all lines of an account of a contributor; written by the ledger's trigger alone."""

    __tablename__ = "ledger_balances"
    __table_args__ = (
        ForeignKeyConstraint(["fund_id", "contributor_id"], ["fund_contributors.fund_id", "fund_contributors.id"]),
        CheckConstraint(
            f"CASE WHEN account IN ({CREDITS}) THEN amount_vnd <= 0 ELSE amount_vnd >= 0 END",
            name="not_overdrawn",
        ),
    )

    fund_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    contributor_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account: Mapped[Code] = mapped_column(primary_key=True)
    amount_vnd: Mapped[Vnd]

"""Capital calls, breaches of a ceiling with their clocks, and every step in the life of a fund."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, Vnd, Words, append_only, now
from fund.models.funds import LifeInFund
from fund.states import CALL_STATES

KNOWN_CALL_STATES = ", ".join(f"'{state}'" for state in CALL_STATES)
WITHOUT_ENTRY = "'draft', 'cap_checked'"


class CapitalCall(LifeInFund):
    """Money called from all who committed, for stated uses. ``entry_id`` is its entry once it is issued."""

    __tablename__ = "capital_calls"
    __table_args__ = (
        CheckConstraint(f"state IN ({KNOWN_CALL_STATES})", name="state"),
        CheckConstraint("investment_vnd + fee_vnd + cost_vnd = amount_vnd", name="uses"),
        CheckConstraint("least(investment_vnd, fee_vnd, cost_vnd) >= 0 AND amount_vnd > 0", name="amounts"),
        CheckConstraint(f"state NOT IN ({WITHOUT_ENTRY}) OR entry_id IS NULL", name="entry"),
        UniqueConstraint("fund_id", "number"),
        ForeignKeyConstraint(["fund_id", "entry_id"], ["ledger_entries.fund_id", "ledger_entries.id"]),
        Index(
            "ix_capital_calls_open",
            "fund_id",
            postgresql_where=text("state IN ('issued', 'partly_paid', 'overdue')"),
        ),
    )

    PROCEDURE = "capital-call"

    id: Mapped[Key]
    number: Mapped[int]
    state: Mapped[Code] = mapped_column(default="draft")
    amount_vnd: Mapped[Vnd]
    investment_vnd: Mapped[Vnd]
    fee_vnd: Mapped[Vnd]
    cost_vnd: Mapped[Vnd]
    reference: Mapped[Words]
    issued_on: Mapped[date | None]
    due_on: Mapped[date]
    entry_id: Mapped[int | None] = mapped_column(unique=True)
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    created_at: Mapped[Instant] = mapped_column(default=now)


class FundBreach(Model):
    """A ceiling exceeded: opened and closed by the ledger's trigger alone, with the clocks of its cure.

    ``from_state`` is where the fund returns to. The days are set when the breach is seen; plain SQL sets none.
    """

    __tablename__ = "fund_breaches"
    __table_args__ = (
        Index("uq_fund_breaches_open", "fund_id", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("ix_fund_breaches_fund", "fund_id", "id"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    from_state: Mapped[Code]
    opened_at: Mapped[Instant]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"))
    notice_due_on: Mapped[date | None]
    plan_due_on: Mapped[date | None]
    cure_due_on: Mapped[date | None]
    noticed_on: Mapped[date | None]
    plan: Mapped[Words] = mapped_column(default="", server_default="")
    plan_way: Mapped[str | None]
    plan_filed_on: Mapped[date | None]
    plan_filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)


@append_only
class FundMove(Model):
    """A step in a life: of the fund, of somebody's commitment, or of a call; ``reason`` is what somebody wrote.

    ``version_id`` is the workflow by which it was made; the database's own steps, and those before 2026, have none.
    """

    __tablename__ = "fund_moves"
    __table_args__ = (
        CheckConstraint("subject IN ('fund', 'commitment', 'call')", name="subject"),
        Index("ix_fund_moves_subject", "fund_id", "subject", "subject_id", "id"),
    )

    id: Mapped[Key]
    fund_id: Mapped[int] = mapped_column(ForeignKey("funds.id"))
    subject: Mapped[Code]
    subject_id: Mapped[int]
    step: Mapped[Code]
    from_state: Mapped[Code]
    to_state: Mapped[Code]
    at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    reason: Mapped[Words] = mapped_column(default="", server_default="")
    version_id: Mapped[int | None] = mapped_column(ForeignKey("procedure_versions.id"), index=True)

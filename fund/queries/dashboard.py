"""All that a fund's manager shows to a general meeting, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from fund.alerts import Alert, alerts_of
from fund.books import Books, books_of
from fund.capital import RECEIVABLE
from fund.models import Fund, LedgerEntry, LedgerLine
from fund.queries.results import FundResults, fund_results

LATEST_CALLS = 4


@dataclass(frozen=True, slots=True)
class Called:
    """A call on contributors, as the ledger has it."""

    entry_id: int
    called_on: date
    due_on: date | None
    reference: str
    amount: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    books: Books
    found: FundResults
    calls: Sequence[Called]
    alerts: Sequence[Alert]


def dashboard_of(session: Session, fund: Fund, today: date) -> Dashboard:
    books = books_of(session, fund)
    found = fund_results(session, fund, today)
    calls = latest_calls(session, fund)
    alerts = alerts_of(books, found.results.worth, not_due_yet(session, fund, today), today)
    return Dashboard(books, found, calls, alerts)


def not_due_yet(session: Session, fund: Fund, today: date) -> dict[int, int]:
    """What contributors, by id, were called for by calls whose last day has not passed."""
    chosen = (
        select(LedgerLine.contributor_id, func.sum(LedgerLine.amount_vnd))
        .join(LedgerEntry, LedgerEntry.id == LedgerLine.entry_id)
        .where(
            LedgerEntry.fund_id == fund.id,
            LedgerEntry.kind == "call",
            LedgerEntry.due_on >= today,
            LedgerLine.account == RECEIVABLE,
            _stands(),
        )
        .group_by(LedgerLine.contributor_id)
    )
    return {one: int(amount) for one, amount in session.execute(chosen)}


def _stands() -> ColumnElement[bool]:
    """An entry that was not taken back."""
    reversal = aliased(LedgerEntry)
    return ~select(reversal.id).where(reversal.reverses_id == LedgerEntry.id).exists()


def latest_calls(session: Session, fund: Fund) -> list[Called]:
    """The last calls, the latest first, without those taken back."""
    latest = (
        select(LedgerEntry.id, LedgerEntry.effective_on, LedgerEntry.due_on, LedgerEntry.reference)
        .where(LedgerEntry.fund_id == fund.id, LedgerEntry.kind == "call", _stands())
        .order_by(LedgerEntry.effective_on.desc(), LedgerEntry.id.desc())
        .limit(LATEST_CALLS)
        .subquery()
    )
    amount = (
        select(func.coalesce(func.sum(LedgerLine.amount_vnd), 0))
        .where(LedgerLine.entry_id == latest.c.id, LedgerLine.account == RECEIVABLE)
        .scalar_subquery()
    )
    rows = session.execute(select(latest, amount).order_by(latest.c.effective_on.desc(), latest.c.id.desc()))
    return [Called(number, on, due, reference, int(total)) for number, on, due, reference, total in rows]

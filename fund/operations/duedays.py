"""Calls with what each contributor owes of them, and from which day on not paying is a default."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.errors import Invalid, Reason
from fund.books import Books, OpenCall, terms_for
from fund.calling import owed_of_calls
from fund.capital import RECEIVABLE, Contributor
from fund.models import CapitalCall, LedgerLine


def calls_in(session: Session, books: Books, states: Sequence[str]) -> list[OpenCall]:
    """Calls in these states with what each contributor was called for, the oldest first."""
    of_call = LedgerLine.entry_id == CapitalCall.entry_id, LedgerLine.account == RECEIVABLE
    parts = select(func.json_object_agg(LedgerLine.contributor_id, LedgerLine.amount_vnd)).where(*of_call)
    told = (CapitalCall.id, CapitalCall.entry_id, CapitalCall.state, CapitalCall.amount_vnd, CapitalCall.due_on)
    chosen = select(*told, CapitalCall.version_id, parts.scalar_subquery()).where(CapitalCall.fund_id == books.fund.id)
    rows = session.execute(chosen.where(CapitalCall.state.in_(states)).order_by(CapitalCall.number))
    codes = {str(one.id): one.code for one in books.contributors}
    return [
        OpenCall(number, entry_id, state, amount, due_on, _by_code(called, codes), version)
        for number, entry_id, state, amount, due_on, version, called in rows
    ]


def _by_code(parts: Mapping[str, int] | None, codes: Mapping[str, str]) -> dict[str, int]:
    return {codes[one]: part for one, part in (parts or {}).items()}


def require_time_to_pay(session: Session, books: Books, contributor: Contributor, day: date) -> None:
    """Raises Invalid: the terms leave more working days after the oldest unpaid call was due."""
    owed_on = _oldest_due(books, contributor)
    if owed_on is None:
        return
    days = terms_for(session, books, day).default_working_days
    earliest = load_calendar(session, HANOI_CALENDAR).add_working_days(owed_on, days)
    if day < earliest:
        raise Invalid({"effective_on": [Reason("fund_default_too_early", {"days": days, "earliest_on": earliest})]})


def _oldest_due(books: Books, contributor: Contributor) -> date | None:
    left = {contributor.code: books.book.of(contributor, RECEIVABLE)}
    mine = [{code: part for code, part in call.parts.items() if code == contributor.code} for call in books.calls]
    pairs = zip(books.calls, owed_of_calls(mine, left), strict=True)
    return next((call.due_on for call, owed in pairs if owed), None)

"""Capital calls: prepared and checked, issued after the general meeting decided, or dropped."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.lives import require_makeable
from foundation.actors import Actor
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import now
from foundation.errors import Invalid, NotFound, Reason
from foundation.workdays import local_date
from fund.books import Books
from fund.capital import call, post
from fund.lives import BOOKS
from fund.models import CapitalCall, LedgerEntry
from fund.operations.entries import add_entry
from fund.operations.moves import begin, move
from fund.operations.tellings import CALLED, tell_contributors
from fund.operations.writing import Voucher
from fund.scenario import parts_of_call


@dataclass(frozen=True, slots=True)
class Uses:
    """What called money is for; the three add up to the call."""

    investment_vnd: int
    fee_vnd: int = 0
    cost_vnd: int = 0

    @property
    def amount(self) -> int:
        return self.investment_vnd + self.fee_vnd + self.cost_vnd


def call_capital(
    session: Session, books: Books, amount: int, *, voucher: Voucher, actor: Actor, uses: Uses | None = None
) -> LedgerEntry:
    """Call an amount from all who committed, in proportion; the city's part is rounded down.

    Without ``uses`` all of it is for investments.

    Raises:
        Invalid: the notice is shorter than the terms ask for, or the uses do not add up.
        Blocked: more is called than is left to call, or city money may not be called now.
    """
    uses = uses or Uses(amount)
    if uses.amount != amount:
        raise Invalid({"amount": [Reason("fund_uses_differ")]})
    prepared = prepare_call(session, books, uses, voucher=voucher, actor=actor)
    return issue_call(session, books, prepared, effective_on=voucher.effective_on, actor=actor)


def prepare_call(session: Session, books: Books, uses: Uses, *, voucher: Voucher, actor: Actor) -> CapitalCall:
    """A call that was checked against notice and ceilings, and waits for the general meeting. Raises as a call does."""
    if voucher.due_on is None:
        raise Invalid({"due_on": ["required"]})
    require_notice(session, books, voucher.effective_on, voucher.due_on)
    post(books.book, call(parts_of_call(books.book, uses.amount)))
    last = session.scalar(select(func.max(CapitalCall.number)).where(CapitalCall.fund_id == books.fund.id))
    prepared = CapitalCall(
        fund_id=books.fund.id,
        number=(last or 0) + 1,
        amount_vnd=uses.amount,
        investment_vnd=uses.investment_vnd,
        fee_vnd=uses.fee_vnd,
        cost_vnd=uses.cost_vnd,
        reference=voucher.reference,
        due_on=voucher.due_on,
        prepared_by_id=actor.person_id,
        state="draft",
        created_at=now(),
    )
    begin(session, prepared)
    session.add(prepared)
    session.flush()
    move(session, books.fund, prepared, "check", actor=actor)
    return prepared


def issue_call(
    session: Session, books: Books, prepared: CapitalCall, *, effective_on: date, actor: Actor, decision: str = ""
) -> LedgerEntry:
    """Send the call out: from now on its parts are owed. Judged once more, on the capital of today.

    ``decision`` names what the general meeting decided.

    Raises Blocked: it is not prepared, or the terms leave this step to another person than who prepared it.
    """
    known = {BOOKS: books}
    require_makeable(session, prepared, "issue", actor=actor, found=known)
    require_notice(session, books, effective_on, prepared.due_on)
    parts = parts_of_call(books.book, prepared.amount_vnd)
    voucher = Voucher("call", effective_on, prepared.reference, due_on=prepared.due_on)
    entry = add_entry(session, books, call(parts), voucher=voucher, actor=actor)
    prepared.entry_id, prepared.issued_on = entry.id, effective_on
    move(session, books.fund, prepared, "issue", actor=actor, reason=decision, found=known)
    session.flush()
    told = {"number": prepared.number, "due_on": prepared.due_on}
    facts = {one.code: {"amount_vnd": amount, **told} for one, amount in parts.items() if amount}
    tell_contributors(session, books.fund, CALLED, facts)
    return entry


def drop_call(session: Session, books: Books, prepared: CapitalCall, *, reason: str, actor: Actor) -> None:
    """Give up a call that was not issued. Raises Blocked: it was."""
    move(session, books.fund, prepared, "drop", actor=actor, reason=reason)
    session.flush()


def call_numbered(session: Session, books: Books, number: int) -> CapitalCall:
    """Raises NotFound."""
    found = session.scalar(
        select(CapitalCall).where(CapitalCall.fund_id == books.fund.id, CapitalCall.number == number)
    )
    if found is None:
        raise NotFound
    return found


def earliest_due(session: Session, books: Books, effective_on: date) -> date:
    """The first day on which a call of that day may be due."""
    calendar = load_calendar(session, HANOI_CALENDAR)
    return calendar.add_working_days(effective_on, books.terms.notice_working_days)


def require_notice(session: Session, books: Books, effective_on: date, due_on: date) -> None:
    """Raises Invalid: contributors would have less time to pay than the terms give them."""
    earliest = earliest_due(session, books, effective_on)
    if due_on < earliest:
        facts = {"days": books.terms.notice_working_days, "earliest_on": earliest}
        raise Invalid({"due_on": [Reason("fund_notice_too_short", facts)]})


def today() -> date:
    return local_date(now())

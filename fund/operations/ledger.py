"""Entries of a fund's ledger: checked against the books under the fund's lock, then added for good."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.workdays import local_date
from fund.books import Books, books_of, limits_of, terms_on
from fund.capital import (
    Book,
    Contributor,
    Line,
    call,
    commitment,
    investment,
    payment,
    post,
    reversed_lines,
    withdrawal,
    withdrawal_notice,
)
from fund.models import Fund, LedgerEntry, LedgerLine
from fund.rules import require_keeper
from fund.scenario import parts_of_call

Postings = Callable[[Book], list[Line]]


@dataclass(frozen=True, slots=True)
class Voucher:
    """What an entry says besides its lines."""

    kind: str
    effective_on: date
    reference: str = ""
    due_on: date | None = None
    is_restated: bool = False
    reverses_id: int | None = None


def open_books(session: Session, code: str, *, actor: Actor) -> Books:
    """The books of a fund, locked until the transaction ends. Raises NotFound or NotAllowed."""
    fund = session.scalar(select(Fund).where(Fund.code == code).with_for_update())
    return books_of(session, require_keeper(actor, fund))


def post_commitment(
    session: Session, books: Books, contributor: str, amount: int, *, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    """Raises Blocked when a ceiling or the number of investors forbids it."""
    who = contributor_of(books, contributor)
    return add_entry(session, books, commitment(who, amount), voucher=voucher, actor=actor)


def call_capital(session: Session, books: Books, amount: int, *, voucher: Voucher, actor: Actor) -> LedgerEntry:
    """Call an amount from all who committed, in proportion; the city's part is rounded down.

    Raises:
        Invalid: the notice is shorter than the terms ask for.
        Blocked: more is called than is left to call, or city money may not be called now.
    """
    _require_notice(session, books, voucher)
    return add_entry(session, books, call(parts_of_call(books.book, amount)), voucher=voucher, actor=actor)


def record_payment(
    session: Session, books: Books, contributor: str, amount: int, *, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    """Raises Blocked when it is more than was called, or the city would pay ahead of the others."""
    who = contributor_of(books, contributor)
    return add_entry(session, books, payment(who, amount), voucher=voucher, actor=actor)


def note_withdrawal(
    session: Session, books: Books, contributor: str, amount: int, *, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    who = contributor_of(books, contributor)
    return add_entry(session, books, withdrawal_notice(who, amount), voucher=voucher, actor=actor)


def withdraw(
    session: Session, books: Books, contributor: str, amount: int, *, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    """Reduce a contribution, from what is not called yet first. The city is passive: a breach may follow."""
    who = contributor_of(books, contributor)
    return add_entry(session, books, withdrawal(books.book, who, amount), voucher=voucher, actor=actor)


def invest(session: Session, books: Books, amount: int, *, voucher: Voucher, actor: Actor) -> LedgerEntry:
    """Pay for what the fund buys. Raises Blocked when more is paid than the fund has."""
    return add_entry(session, books, investment(books.book, amount), voucher=voucher, actor=actor)


def reverse_entry(
    session: Session, books: Books, entry_id: int, *, effective_on: date, reference: str, actor: Actor
) -> LedgerEntry:
    """Take an entry back by one with all signs turned.

    Raises:
        NotFound: this fund has no such entry.
        Blocked: it was taken back already, is itself a reversal, or later entries rest on it.
    """
    wrong = session.scalar(select(LedgerEntry).where(LedgerEntry.id == entry_id, LedgerEntry.fund_id == books.fund.id))
    if wrong is None:
        raise NotFound
    taken = session.scalar(select(LedgerEntry.id).where(LedgerEntry.reverses_id == entry_id))
    if taken is not None or wrong.kind == "reversal":
        raise Blocked("fund_entry_reversed")
    voucher = Voucher("reversal", effective_on, reference, reverses_id=entry_id)
    return add_entry(session, books, reversed_lines(lines_of(session, books, entry_id)), voucher=voucher, actor=actor)


def lines_of(session: Session, books: Books, entry_id: int) -> list[Line]:
    """The lines of an entry as the pure book knows them."""
    by_id = {one.id: Contributor(one.code, one.is_city) for one in books.contributors}
    rows = session.scalars(select(LedgerLine).where(LedgerLine.entry_id == entry_id).order_by(LedgerLine.number))
    return [Line(by_id[row.contributor_id], row.account, row.amount_vnd) for row in rows]


def contributor_of(books: Books, code: str) -> Contributor:
    """Raises Invalid: the fund has no such contributor."""
    for one in books.contributors:
        if one.code == code:
            return Contributor(one.code, one.is_city)
    raise Invalid({"contributor": ["does_not_exist"]})


def add_entry(session: Session, books: Books, lines: Sequence[Line], *, voucher: Voucher, actor: Actor) -> LedgerEntry:
    """Add an entry whose lines the book allows under the terms of its day.

    Raises:
        Invalid: its day lies ahead.
        Blocked: see :func:`fund.capital.post`.
    """
    if voucher.effective_on > today():
        raise Invalid({"effective_on": ["fund_day_ahead"]})
    terms = terms_on(session, books.fund, voucher.effective_on)
    post(replace(books.book, limits=limits_of(terms)), lines)
    entry = LedgerEntry(
        fund_id=books.fund.id,
        kind=voucher.kind,
        effective_on=voucher.effective_on,
        line_count=len(lines),
        reference=voucher.reference,
        due_on=voucher.due_on,
        is_restated=voucher.is_restated,
        reverses_id=voucher.reverses_id,
        person_id=actor.person_id,
    )
    session.add(entry)
    session.flush()
    session.add_all(_rows(books, entry, lines))
    session.flush()
    facts = {"entry": entry.id, "kind": voucher.kind}
    stream, subject = f"fund:{books.fund.id}", ("fund", books.fund.id)
    audit.append(session, stream, actor=actor, action="fund:ledger:post", facts=facts, subject=subject)
    return entry


def _rows(books: Books, entry: LedgerEntry, lines: Sequence[Line]) -> list[LedgerLine]:
    ids = {one.code: one.id for one in books.contributors}
    return [
        LedgerLine(
            entry_id=entry.id,
            number=number,
            fund_id=books.fund.id,
            contributor_id=ids[line.contributor.code],
            account=line.account,
            amount_vnd=line.amount,
        )
        for number, line in enumerate(lines, start=1)
    ]


def _require_notice(session: Session, books: Books, voucher: Voucher) -> None:
    days = books.terms.notice_working_days
    earliest = load_calendar(session, HANOI_CALENDAR).add_working_days(voucher.effective_on, days)
    if voucher.due_on is None or voucher.due_on < earliest:
        raise Invalid({"due_on": [Reason("fund_notice_too_short", {"days": days, "earliest_on": earliest})]})


def today() -> date:
    return local_date(now())

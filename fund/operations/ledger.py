"""What is written into a fund's ledger: commitments, calls, payments, and all that changes hands later."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.errors import Blocked, Invalid, NotFound
from fund import changes
from fund.books import Books, with_cash
from fund.capital import DISTRIBUTED, commitment, investment, payment, reversed_lines, withdrawal, withdrawal_notice
from fund.models import LedgerEntry
from fund.operations.calls import call_capital
from fund.operations.duedays import require_time_to_pay
from fund.operations.entries import add_entry, contributor_of, lines_of, today
from fund.operations.opening import open_books
from fund.operations.tellings import RETURNED, tell_contributors
from fund.operations.writing import Voucher

__all__ = [
    "Voucher",
    "add_entry",
    "call_capital",
    "contributor_of",
    "distribute",
    "invest",
    "lines_of",
    "note_withdrawal",
    "open_books",
    "post_commitment",
    "record_default",
    "record_interest",
    "record_payment",
    "reduce_commitment",
    "reverse_entry",
    "today",
    "transfer_share",
    "withdraw",
]


def post_commitment(
    session: Session, books: Books, contributor: str, amount: int, *, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    """Raises Blocked when a ceiling or the number of investors forbids it."""
    who = contributor_of(books, contributor)
    return add_entry(session, books, commitment(who, amount), voucher=voucher, actor=actor)


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


def reduce_commitment(
    session: Session, books: Books, contributor: str, amount: int, *, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    """Give up part of what is not called yet. Raises Blocked: less than that is left to call."""
    who = contributor_of(books, contributor)
    return add_entry(session, books, changes.reduction(who, amount), voucher=voucher, actor=actor)


def transfer_share(
    session: Session, books: Books, shift: tuple[str, str], amount: int, *, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    """Let a share pass from the first contributor to the second, with what of it is uncalled, called and paid.

    Raises Blocked: there would be too many investors, or the city above a ceiling.
    """
    giver, taker = contributor_of(books, shift[0]), contributor_of(books, shift[1], "taker")
    if giver == taker:
        raise Invalid({"taker": ["fund_to_itself"]})
    lines = changes.transfer(books.book, giver, taker, amount)
    return add_entry(session, books, lines, voucher=voucher, actor=actor)


def record_default(session: Session, books: Books, contributor: str, *, voucher: Voucher, actor: Actor) -> LedgerEntry:
    """Note that a contributor will not pay: what is unpaid leaves charter capital. A breach may follow.

    Raises:
        Invalid: the terms give more time after the due day.
        Blocked: nothing that was called is unpaid.
    """
    who = contributor_of(books, contributor)
    lines = changes.default(books.book, who)
    require_time_to_pay(session, books, who, voucher.effective_on)
    return add_entry(session, books, lines, voucher=voucher, actor=actor)


def distribute(
    session: Session, books: Books, amount: int, *, is_recallable: bool, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    """Return money to all in proportion to what they paid in; what is recallable can be called again.

    Raises Blocked: it is more than the fund has.
    """
    books = with_cash(session, books)
    lines = changes.distribution(books.book, amount, is_recallable=is_recallable)
    entry = add_entry(session, books, lines, voucher=voucher, actor=actor)
    on = voucher.effective_on
    told = {
        line.contributor.code: {"amount_vnd": line.amount, "effective_on": on}
        for line in lines
        if line.account == DISTRIBUTED
    }
    tell_contributors(session, books.fund, RETURNED, told)
    return entry


def record_interest(
    session: Session, books: Books, contributor: str, amount: int, *, voucher: Voucher, actor: Actor
) -> LedgerEntry:
    """Late interest received; it counts as no contribution."""
    lines = changes.interest(contributor_of(books, contributor), amount)
    return add_entry(session, books, lines, voucher=voucher, actor=actor)


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

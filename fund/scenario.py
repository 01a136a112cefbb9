"""What-if: events applied to a book without writing them."""

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.errors import Blocked, Invalid, Reason
from fund.capital import CHARTER, Book, Contributor, Line, call, commitment, payment, post, withdrawal
from fund.division import Commitment, divide_call


@dataclass(frozen=True, slots=True)
class Event:
    """Something that may happen; a call is on all who committed, ``contributor`` is ``None`` then."""

    kind: str
    amount: int
    contributor: Contributor | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The book after the events, or before the first that is refused, which stands at ``refused_at``."""

    book: Book
    refused_at: int | None = None
    reasons: Sequence[Reason] = ()


def play(book: Book, events: Sequence[Event]) -> Outcome:
    """Raises Invalid: an event names nobody."""
    for number, event in enumerate(events):
        try:
            book = post(book, lines_of_event(book, event, number))
        except Blocked as refusal:
            return Outcome(book, number, refusal.reasons)
    return Outcome(book)


def lines_of_event(book: Book, event: Event, number: int) -> list[Line]:
    """What the event would post."""
    if event.kind == "call":
        return call(parts_of_call(book, event.amount))
    if event.contributor is None:
        raise Invalid({f"events.{number}.contributor": ["required"]})
    if event.kind == "commitment":
        return commitment(event.contributor, event.amount)
    if event.kind == "payment":
        return payment(event.contributor, event.amount)
    return withdrawal(book, event.contributor, event.amount)


def parts_of_call(book: Book, amount: int) -> dict[Contributor, int]:
    """Each contributor's part of a call, in proportion to what they committed. Raises Blocked when nobody did."""
    committed = [one for one in book.contributors() if book.of(one, CHARTER) > 0]
    if not committed:
        raise Blocked("fund_nothing_committed")
    stated = [Commitment(one.code, book.of(one, CHARTER), one.is_city) for one in committed]
    return dict(zip(committed, divide_call(amount, stated), strict=True))

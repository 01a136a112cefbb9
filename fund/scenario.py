"""What-if: events applied to a book without writing them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from foundation.errors import Blocked, Invalid, Reason
from fund import changes
from fund.capital import CHARTER, Book, Contributor, Line, call, commitment, payment, post, withdrawal
from fund.division import Commitment, divide_call

DISTRIBUTIONS = ("distribution", "recallable_distribution")
BY_KIND: dict[str, Callable[[Book, Contributor, int], list[Line]]] = {
    "commitment": lambda book, one, amount: commitment(one, amount),
    "payment": lambda book, one, amount: payment(one, amount),
    "withdrawal": withdrawal,
    "reduction": lambda book, one, amount: changes.reduction(one, amount),
    "default": lambda book, one, amount: changes.default(book, one),
}
EVENT_KINDS = ("commitment", "call", "payment", "withdrawal", "reduction", "transfer", "default", *DISTRIBUTIONS)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that may happen; a call and a distribution are on all, ``contributor`` is ``None`` then.

    A default needs no amount; a transfer goes to ``taker``.
    """

    kind: str
    amount: int = 0
    contributor: Contributor | None = None
    taker: Contributor | None = None


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
    """What the event would post. Raises Invalid by path (``events.0.amount``): something is missing."""
    if event.kind != "default" and not event.amount:
        raise Invalid({f"events.{number}.amount": ["required"]})
    if event.kind == "call":
        return call(parts_of_call(book, event.amount))
    if event.kind in DISTRIBUTIONS:
        return changes.distribution(book, event.amount, is_recallable=event.kind == "recallable_distribution")
    if event.contributor is None:
        raise Invalid({f"events.{number}.contributor": ["required"]})
    if event.kind == "transfer":
        return _transfer(book, event, event.contributor, number)
    return BY_KIND[event.kind](book, event.contributor, event.amount)


def _transfer(book: Book, event: Event, giver: Contributor, number: int) -> list[Line]:
    if event.taker is None or event.taker == giver:
        raise Invalid({f"events.{number}.taker": ["required" if event.taker is None else "fund_to_itself"]})
    return changes.transfer(book, giver, event.taker, event.amount)


def parts_of_call(book: Book, amount: int) -> dict[Contributor, int]:
    """Each contributor's part of a call, in proportion to what they committed. Raises Blocked when nobody did."""
    committed = [one for one in book.contributors() if book.of(one, CHARTER) > 0]
    if not committed:
        raise Blocked("fund_nothing_committed")
    stated = [Commitment(one.code, book.of(one, CHARTER), one.is_city) for one in committed]
    return dict(zip(committed, divide_call(amount, stated), strict=True))

"""What changes hands besides calls and payments: distributions, transfers, reductions, defaults, late interest."""

from foundation.errors import Blocked
from foundation.money import largest_remainder
from fund.capital import (
    CHARTER,
    DISTRIBUTED,
    DISTRIBUTED_NOTED,
    INTEREST,
    INTEREST_NOTED,
    INVESTED,
    LEAVING,
    LEAVING_NOTED,
    PAID,
    RECEIVABLE,
    SPENT,
    UNCALLED,
    Book,
    Contributor,
    Line,
)

HOLDINGS = (UNCALLED, RECEIVABLE, PAID)
"""What charter capital consists of."""


def parts_of_distribution(book: Book, amount: int) -> dict[Contributor, int]:
    """Each contributor's part, in proportion to what they have paid in; the city's is rounded up.

    So returned capital never leaves the city above the ceiling on paid-in capital. Raises Blocked when nobody paid.
    """
    paid = {one: book.of(one, PAID) for one in book.contributors() if book.of(one, PAID) > 0}
    if not paid:
        raise Blocked("fund_nothing_paid")
    total = sum(paid.values())
    parts = {one: -(-amount * held // total) for one, held in paid.items() if one.is_city}
    others = [one for one in paid if not one.is_city]
    left = max(0, amount - sum(parts.values()))
    if not others:
        return dict(zip(parts, largest_remainder(amount, list(paid.values())), strict=True))
    return parts | dict(zip(others, largest_remainder(left, [paid[one] for one in others]), strict=True))


def distribution(book: Book, amount: int, *, is_recallable: bool) -> list[Line]:
    """Money returned to all; what is recallable counts as not called again."""
    parts = parts_of_distribution(book, amount)
    lines = [line for one, part in parts.items() for line in _noted(one, DISTRIBUTED, DISTRIBUTED_NOTED, part)]
    if is_recallable:
        lines += [line for one, part in parts.items() for line in (Line(one, UNCALLED, part), Line(one, PAID, -part))]
    return [line for line in lines if line.amount]


def transfer(book: Book, giver: Contributor, taker: Contributor, amount: int) -> list[Line]:
    """A share of charter capital passes with what of it is uncalled, called, paid and invested, in proportion.

    Raises Blocked: it is more than the giver undertook, or goes to the giver.
    """
    held = [book.of(giver, account) for account in HOLDINGS]
    if not 0 < amount <= sum(held) or giver == taker:
        raise Blocked(*book.short_of(giver, CHARTER))
    lines = []
    for account, part in zip(HOLDINGS, largest_remainder(amount, held), strict=True):
        lines += [Line(giver, account, -part), Line(taker, account, part)]
    used = book.of(giver, SPENT) * amount // sum(held)
    for account, part in ((INVESTED, used), (SPENT, -used)):
        lines += [Line(giver, account, -part), Line(taker, account, part)]
    noted = min(book.of(giver, LEAVING), amount)
    lines += [Line(giver, CHARTER, amount), Line(taker, CHARTER, -amount)]
    lines += [Line(giver, LEAVING, -noted), Line(giver, LEAVING_NOTED, noted)]
    return [line for line in lines if line.amount]


def reduction(contributor: Contributor, amount: int) -> list[Line]:
    """Less is undertaken; only what is not called yet can be given up so."""
    return [Line(contributor, CHARTER, amount), Line(contributor, UNCALLED, -amount)]


def default(book: Book, contributor: Contributor) -> list[Line]:
    """What a contributor in default still owes or would owe leaves charter capital; what is paid stays.

    Raises Blocked: nothing that was called is unpaid.
    """
    called, uncalled = book.of(contributor, RECEIVABLE), book.of(contributor, UNCALLED)
    if not called:
        raise Blocked("fund_nothing_overdue")
    lines = [
        Line(contributor, CHARTER, called + uncalled),
        Line(contributor, RECEIVABLE, -called),
        Line(contributor, UNCALLED, -uncalled),
    ]
    return [line for line in lines if line.amount]


def interest(contributor: Contributor, amount: int) -> list[Line]:
    """Late interest received; it is no contribution."""
    return _noted(contributor, INTEREST, INTEREST_NOTED, amount)


def _noted(one: Contributor, account: str, against: str, amount: int) -> list[Line]:
    return [Line(one, account, amount), Line(one, against, -amount)]

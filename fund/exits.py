"""What an exit does to the capital of a fund: cost given up and proceeds noted for whoever's money it was; pure."""

from foundation.errors import Blocked
from foundation.money import largest_remainder
from fund.capital import (
    GIVEN_UP,
    GIVEN_UP_NOTED,
    INVESTED,
    PROCEEDS,
    PROCEEDS_NOTED,
    Book,
    Line,
)


def exit_lines(book: Book, cost: int, proceeds: int) -> list[Line]:
    """Parted among contributors as what is invested is, to the đồng. Raises Blocked when nothing is."""
    invested = {one: held for one in book.contributors() if (held := book.of(one, INVESTED)) > 0}
    if not invested:
        raise Blocked("fund_nothing_invested")
    pairs = ((cost, GIVEN_UP, GIVEN_UP_NOTED), (proceeds, PROCEEDS, PROCEEDS_NOTED))
    return [
        line
        for amount, account, noted in pairs
        for one, part in zip(invested, largest_remainder(amount, list(invested.values())), strict=True)
        if part
        for line in (Line(one, account, part), Line(one, noted, -part))
    ]

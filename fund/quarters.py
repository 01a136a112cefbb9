"""The course of an investment by quarters: what came in and went out, and what was left at the end of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fund.results import CashDay, worth_of


@dataclass(frozen=True, slots=True)
class Quarter:
    """Money within a quarter and since the beginning; ``nav`` at its end is ``None`` while nothing was valued."""

    begins_on: date
    ends_on: date
    paid_in: int
    distributed: int
    paid_in_so_far: int
    distributed_so_far: int
    nav: int | None

    @property
    def net(self) -> int:
        return self.distributed_so_far - self.paid_in_so_far


def quarters_of(days: Sequence[CashDay], values: Sequence[tuple[date, int]], until: date) -> list[Quarter]:
    """Each quarter from the first money on, the last one as far as day ``until``."""
    if not days:
        return []
    quarters: list[Quarter] = []
    place = so_far_in = so_far_out = 0
    for end in quarter_ends(days[0].on, until):
        begins = place
        while place < len(days) and days[place].on <= end:
            place += 1
        within = days[begins:place]
        paid_in, distributed = sum(day.paid_in for day in within), sum(day.distributed for day in within)
        so_far_in, so_far_out = so_far_in + paid_in, so_far_out + distributed
        known = [pair for pair in values if pair[0] <= end]
        nav = worth_of(known, days[:place]).amount
        first = quarters[-1].ends_on + timedelta(days=1) if quarters else days[0].on
        quarters.append(Quarter(first, min(end, until), paid_in, distributed, so_far_in, so_far_out, nav))
    return quarters


def quarter_ends(first: date, until: date) -> Iterator[date]:
    """The last days of the quarters from that of ``first`` to that of ``until``."""
    end = end_of_quarter(first)
    while end < until:
        yield end
        end = end_of_quarter(end + timedelta(days=1))
    yield end


def end_of_quarter(day: date) -> date:
    after = (day.month - 1) // 3 * 3 + 4
    first_after = date(day.year + 1, 1, 1) if after > 12 else date(day.year, after, 1)
    return first_after - timedelta(days=1)

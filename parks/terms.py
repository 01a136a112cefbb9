"""Days and months of a tenancy: terms that include both ends, months counted from any day, rounding to the đồng."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

DAY = timedelta(days=1)
HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Term:
    """From a day to a day, both included."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError("a term ends on its first day at the earliest")

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1


def add_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def days_in_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def month_starts(term: Term) -> Iterator[date]:
    """The first days of calendar months after the term has begun."""
    day = add_months(term.starts_on.replace(day=1), 1)
    while day <= term.ends_on:
        yield day
        day = add_months(day, 1)


def anniversaries(term: Term, every_months: int) -> Iterator[date]:
    """The days so many months apart, counted from the beginning, which is not among them."""
    count = every_months
    while (day := add_months(term.starts_on, count)) <= term.ends_on:
        yield day
        count += every_months


def months_between(first: date, last: date) -> Fraction:
    """Whole months and the days left over as a part of the month they lie in; nothing when ``last`` has passed."""
    if last <= first:
        return Fraction(0)
    whole = (last.year - first.year) * 12 + last.month - first.month
    if add_months(first, whole) > last:
        whole -= 1
    reached, following = add_months(first, whole), add_months(first, whole + 1)
    return whole + Fraction((last - reached).days, (following - reached).days)


def round_half_up(amount: Fraction | Decimal) -> int:
    """To whole đồng; a half counts as one more."""
    exact = Fraction(amount)
    return (exact + HALF).__floor__() if exact >= 0 else -((-exact + HALF).__floor__())

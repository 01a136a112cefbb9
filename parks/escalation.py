"""How a rent rises: by an amount, by a percentage, with an index, in agreed steps, or after open reviews."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import accumulate

from parks.terms import Term, add_months, anniversaries

KINDS = ("none", "percent", "fixed", "stepped", "index", "review")
RECURRENT = ("percent", "fixed", "index", "review")
"""Kinds that come back every so many months."""


class IndexBeginsLate(ValueError):  # noqa: N818 - what was stated, not what went wrong here
    """The index has no value on or before the first day of the term."""


@dataclass(frozen=True, slots=True)
class Escalation:
    """How the rent changes.

    ``percent`` compounds ``rate``; ``fixed`` adds ``amount_vnd``; ``index`` follows ``index`` (days of publication
    with their values, in order) from the value in force at the beginning; ``stepped`` and ``review`` take the monthly
    rents in ``agreed`` by the day they begin.
    """

    kind: str = "none"
    every_months: int = 0
    rate: Fraction = Fraction(0)
    amount_vnd: int = 0
    index: Sequence[tuple[date, Fraction]] = ()
    agreed: Mapping[date, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Price:
    """A monthly rent, exact, from a day on; provisional while the index or the review behind it is open."""

    from_on: date
    monthly: Fraction
    is_provisional: bool = False


def prices_of(term: Term, monthly: Fraction, escalation: Escalation) -> list[Price]:
    """The monthly rents of a term, in order, the first from its first day.

    Raises:
        IndexBeginsLate: the index has no value to compare with.
    """
    first = Price(term.starts_on, monthly)
    if escalation.kind == "stepped":
        return [first, *_stepped(term, escalation.agreed)]
    if escalation.kind not in RECURRENT:
        return [first]
    days = list(anniversaries(term, escalation.every_months))
    match escalation.kind:
        case "percent":
            factor = 1 + escalation.rate
            rents = list(accumulate(days, lambda rent, _day: rent * factor, initial=monthly))[1:]
            return [first, *(Price(day, rent) for day, rent in zip(days, rents, strict=True))]
        case "fixed":
            added = escalation.amount_vnd
            return [first, *(Price(day, monthly + added * count) for count, day in enumerate(days, 1))]
        case "index":
            return [first, *_indexed(first, days, escalation.index)]
    return [first, *_reviewed(first, days, escalation.agreed)]


def _stepped(term: Term, agreed: Mapping[date, Fraction]) -> list[Price]:
    return [Price(day, rent) for day, rent in sorted(agreed.items()) if term.starts_on < day <= term.ends_on]


def _indexed(first: Price, days: Sequence[date], index: Sequence[tuple[date, Fraction]]) -> list[Price]:
    published = [day for day, _value in index]
    begin = bisect_right(published, first.from_on)
    if not begin:
        raise IndexBeginsLate
    at_beginning = index[begin - 1][1]
    last_known_on = add_months(published[-1], 1)
    values = [index[bisect_right(published, day) - 1][1] for day in days]
    return [
        Price(day, first.monthly * value / at_beginning, is_provisional=day > last_known_on)
        for day, value in zip(days, values, strict=True)
    ]


def _reviewed(first: Price, days: Sequence[date], agreed: Mapping[date, Fraction]) -> list[Price]:
    """A review that is not over leaves the rent as it was, provisionally, and so all that follow from it."""
    prices = [first]
    for day in days:
        rent = agreed.get(day)
        before = prices[-1]
        prices.append(Price(day, before.monthly, is_provisional=True) if rent is None else Price(day, rent))
    return prices[1:]

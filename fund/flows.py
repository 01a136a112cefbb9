"""Money that went into an investment and came out of it, on days or in equal periods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

DAYS_OF_YEAR = 365
"""The year of XIRR, leap years included."""


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount at a time in years from the first flow: below zero paid in, above zero paid out."""

    time: float
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Course:
    """Flows in order of time, the value that is left at ``end``, and the index at each time asked for.

    ``index`` holds the value at each flow; ``index_end`` that at the end.
    """

    flows: Sequence[Flow]
    nav: Decimal
    end: float
    index: Sequence[Decimal] = ()
    index_end: Decimal | None = None


def years_between(first: date, day: date) -> float:
    """The time between two days in years of 365 days."""
    return (day - first).days / DAYS_OF_YEAR


def added_up(flows: Sequence[Flow]) -> dict[float, Decimal]:
    """The flows of each time as one, exactly."""
    sums: dict[float, Decimal] = {}
    for flow in flows:
        sums[flow.time] = sums.get(flow.time, Decimal(0)) + flow.amount
    return sums

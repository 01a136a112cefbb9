"""How long tenants are still bound on average (WALE), weighted by area or by rent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from parks.terms import months_between


@dataclass(frozen=True, slots=True)
class Remaining:
    """The weight of a lease, its area or its rent, and the months it still runs (none once it is over)."""

    weight: Fraction
    months: Fraction


def months_left(ends_on: date, on: date) -> Fraction:
    """Months from a day to the last day of a lease: of expiry or of the first break, as the reader states."""
    return months_between(on, ends_on)


def average_months(leases: Sequence[Remaining]) -> Fraction | None:
    """The weighted mean; none without any weight, since vacant space has no lease to count."""
    total = sum((lease.weight for lease in leases), Fraction(0))
    if not total:
        return None
    return sum((lease.weight * lease.months for lease in leases), Fraction(0)) / total


def simple_mean(leases: Sequence[Remaining]) -> Fraction | None:
    """The mean of the terms whatever their weight, for comparison."""
    if not leases:
        return None
    return sum((lease.months for lease in leases), Fraction(0)) / len(leases)

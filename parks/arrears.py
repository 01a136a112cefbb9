"""What a late payment costs and how old arrears are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from parks.terms import round_half_up

DAYS_A_YEAR = 365
BUCKETS = ((30, "to_30"), (60, "to_60"), (90, "to_90"))
OLDEST = "above_90"
BUCKET_CODES = (*(code for _days, code in BUCKETS), OLDEST)


@dataclass(frozen=True, slots=True)
class Debt:
    """An amount due on a day, and what was paid of it on which day."""

    due_on: date
    amount_vnd: int
    payments: Sequence[tuple[date, int]] = ()

    def open_on(self, day: date) -> int:
        """What is unpaid at the end of a day; never below zero."""
        paid = sum(amount for paid_on, amount in self.payments if paid_on <= day)
        return max(self.amount_vnd - paid, 0)


def late_interest(debt: Debt, rate: Fraction, on: date) -> int:
    """Simple interest at a yearly rate, for each day from the due day to the payment or to ``on``.

    Rounded once, half up.
    """
    changes = sorted({paid_on for paid_on, _amount in debt.payments if debt.due_on < paid_on <= on})
    bounds = [debt.due_on, *changes, on]
    exact = sum(
        (Fraction(debt.open_on(begin) * max((end - begin).days, 0)) for begin, end in pairwise(bounds)),
        Fraction(0),
    )
    return round_half_up(exact * rate / DAYS_A_YEAR)


def bucket_of(due_on: date, on: date) -> str:
    """The class of age of an amount; what is not yet due counts with the youngest."""
    days = (on - due_on).days
    return next((code for most, code in BUCKETS if days <= most), OLDEST)


def ageing(debts: Iterable[Debt], on: date) -> dict[str, int]:
    """What is open and due, by age."""
    sums = dict.fromkeys(BUCKET_CODES, 0)
    for debt in debts:
        if debt.due_on < on:
            sums[bucket_of(debt.due_on, on)] += debt.open_on(on)
    return sums

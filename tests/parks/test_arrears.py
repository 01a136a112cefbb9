"""What is left of terms and what is owed: WALE, late interest, ages of arrears."""

from datetime import date
from fractions import Fraction

import pytest

from parks.arrears import Debt, ageing, late_interest
from parks.wale import Remaining, average_months, months_left, simple_mean

DUE = date(2026, 1, 5)


def test_wale_is_the_published_vector() -> None:
    leases = [Remaining(Fraction(area), Fraction(months)) for area, months in ((1_000, 12), (5_000, 36), (4_000, 48))]

    assert average_months(leases) == Fraction(384, 10)
    assert simple_mean(leases) == 32


def test_vacant_space_has_no_wale() -> None:
    assert average_months([]) is None
    assert average_months([Remaining(Fraction(0), Fraction(12))]) is None


@pytest.mark.parametrize(
    ("ends_on", "months"),
    [
        (date(2027, 12, 31), Fraction(12)),
        (date(2027, 1, 15), Fraction(15, 31)),
        (date(2026, 12, 31), Fraction(0)),
        (date(2020, 1, 1), Fraction(0)),
    ],
)
def test_months_left_of_a_lease(ends_on: date, months: Fraction) -> None:
    assert months_left(ends_on, date(2026, 12, 31)) == months


@pytest.mark.parametrize(
    ("payments", "interest"),
    [
        ((), 100_000),
        (((date(2026, 4, 18), 5_000_000),), 100_000),
        (((date(2026, 2, 10), 2_500_000),), 74_658),
        (((DUE, 5_000_000),), 0),
    ],
)
def test_late_interest_runs_on_what_is_open(payments: tuple[tuple[date, int], ...], interest: int) -> None:
    debt = Debt(DUE, 5_000_000, payments)

    assert late_interest(debt, Fraction(10, 100), date(2026, 3, 19)) == interest


def test_nothing_is_owed_before_the_due_day() -> None:
    assert late_interest(Debt(DUE, 5_000_000), Fraction(1, 10), date(2026, 1, 1)) == 0


def test_arrears_are_classed_by_age() -> None:
    on = date(2026, 6, 30)
    debts = [
        Debt(date(2026, 6, 30), 1),
        Debt(date(2026, 5, 31), 2),
        Debt(date(2026, 5, 30), 4),
        Debt(date(2026, 4, 1), 8, [(date(2026, 4, 2), 3), (date(2026, 7, 1), 5)]),
        Debt(date(2026, 3, 31), 16),
    ]

    assert ageing(debts, on) == {"to_30": 2, "to_60": 4, "to_90": 5, "above_90": 16}

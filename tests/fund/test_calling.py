"""Which calls are paid, and what comes on top for paying late."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from fund.calling import Paid, Part, Settled, late_interest, owed_of_calls, settle_parts

FIRST, SECOND = date(2026, 3, 2), date(2026, 6, 1)


def test_payments_go_to_the_oldest_call_first() -> None:
    owed = owed_of_calls([{"city": 49, "P1": 51}, {"city": 98, "P1": 102}], {"city": 147, "P1": 60})

    assert owed == [{"city": 49}, {"city": 98, "P1": 60}]


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=8), st.integers(0, 8000))
def test_what_is_owed_of_all_calls_is_what_is_owed(calls: list[int], owed: int) -> None:
    owed = min(owed, sum(calls))

    found = owed_of_calls([{"P1": amount} for amount in calls], {"P1": owed})

    assert sum(parts.get("P1", 0) for parts in found) == owed


def test_a_payment_is_laid_over_parts_in_order_of_time() -> None:
    parts = [Part(FIRST, 100), Part(SECOND, 50)]

    found = settle_parts(parts, [Paid(FIRST, 60), Paid(SECOND, 70)])

    assert found == [[Settled(60, FIRST), Settled(40, SECOND)], [Settled(30, SECOND), Settled(20, None)]]


def test_interest_runs_from_the_day_after_the_due_day_until_it_is_paid() -> None:
    stretches = [Settled(365_000_000, FIRST), Settled(365_000_000, date(2026, 3, 12)), Settled(365_000_000, None)]

    owed = late_interest(FIRST, stretches, 1_000, until=date(2026, 3, 3))

    assert owed == 100_000 * 10 + 100_000


def test_interest_is_rounded_down_once() -> None:
    assert late_interest(FIRST, [Settled(3_649, None), Settled(1, None)], 1, until=date(2027, 3, 2)) == 0
    assert late_interest(FIRST, [Settled(9_999, None), Settled(1, None)], 1, until=date(2027, 3, 2)) == 1

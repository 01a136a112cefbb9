"""Results from cash by day: ratios that tie, rates, the value carried on, and quarters."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.quarters import end_of_quarter, quarters_of
from fund.results import NOT_VALUED, OUTDATED, CashDay, Worth, results_of, worth_of

FIRST = date(2022, 1, 10)
LATER = FIRST + timedelta(days=730)


def test_a_hundred_that_became_121_in_two_years_returned_ten_per_cent() -> None:
    days = [CashDay(FIRST, 100, 0)]

    results = results_of(days, worth_of([(LATER, 121)], days), committed=400)

    assert results.rate.value == pytest.approx(0.1, abs=1e-9)
    assert results.multiples.dpi == 0
    assert results.multiples.rvpi == Decimal("1.21")
    assert results.multiples.pic == Decimal("0.25")


def test_the_value_is_carried_on_by_what_moved_after_it() -> None:
    days = [CashDay(FIRST, 100, 0), CashDay(LATER, 30, 50)]

    worth = worth_of([(FIRST, 90), (FIRST + timedelta(days=9), 110)], days)

    assert (worth.amount, worth.on, worth.valued_on) == (90, LATER, FIRST + timedelta(days=9))
    assert worth.is_carried_on


def test_without_a_value_nothing_is_made_up() -> None:
    results = results_of([CashDay(FIRST, 100, 0), CashDay(LATER, 0, 25)], worth_of([], []), committed=100)

    assert results.rate.value is None
    assert results.rate.note == results.worth.note == NOT_VALUED
    assert (results.multiples.dpi, results.multiples.rvpi, results.multiples.tvpi) == (Decimal("0.25"), None, None)


def test_a_value_smaller_than_what_was_paid_out_since_is_outdated() -> None:
    assert worth_of([(FIRST, 10)], [CashDay(LATER, 0, 11)]) == Worth(None, valued_on=FIRST, note=OUTDATED)


def test_an_index_that_grew_alike_leaves_no_difference() -> None:
    days = [CashDay(FIRST, 100, 0)]
    index = [(FIRST - timedelta(days=3), Decimal(50)), (LATER, Decimal("60.5"))]

    results = results_of(days, worth_of([(LATER, 121)], days), index=index)

    assert results.benchmark is not None
    assert results.benchmark.ks_pme == 1
    assert results.benchmark.ln_pme.value == pytest.approx(0.1, abs=1e-9)
    assert results.benchmark.direct_alpha.value == pytest.approx(0, abs=1e-9)


def test_an_index_that_begins_late_is_told_and_not_used() -> None:
    days = [CashDay(FIRST, 100, 0)]

    results = results_of(days, worth_of([(LATER, 121)], days), index=[(LATER, Decimal(60))])

    assert (results.benchmark, results.benchmark_note) == (None, "fund_index_begins_late")


AMOUNTS = st.integers(0, 10**12)


@given(st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=30), AMOUNTS)
def test_dpi_and_rvpi_are_tvpi_exactly(moved: list[tuple[int, int]], left: int) -> None:
    days = [CashDay(FIRST + timedelta(days=n), came, went) for n, (came, went) in enumerate(moved)]

    figures = results_of(days, Worth(left, LATER, LATER)).multiples

    if figures.dpi is None:
        assert figures.paid_in == 0
        assert figures.tvpi is None
    else:
        assert figures.rvpi is not None
        assert figures.dpi + figures.rvpi == figures.tvpi


def test_quarters_add_up_and_know_what_was_left() -> None:
    days = [CashDay(date(2024, 11, 2), 100, 0), CashDay(date(2025, 5, 6), 40, 30)]
    values = [(date(2024, 12, 31), 95), (date(2025, 6, 30), 120)]

    quarters = quarters_of(days, values, date(2025, 8, 15))

    assert [(one.ends_on, one.net, one.nav) for one in quarters] == [
        (date(2024, 12, 31), -100, 95),
        (date(2025, 3, 31), -100, 95),
        (date(2025, 6, 30), -110, 120),
        (date(2025, 8, 15), -110, 120),
    ]
    assert [one.paid_in for one in quarters] == [100, 0, 40, 0]


def test_a_quarter_ends_with_its_third_month() -> None:
    assert [end_of_quarter(date(2025, month, 1)).month for month in range(1, 13)] == [3] * 3 + [6] * 3 + [9] * 3 + [
        12
    ] * 3

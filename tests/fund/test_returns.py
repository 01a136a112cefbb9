"""Rates of return, multiples and market equivalents against published figures, and what must hold of any flows."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from itertools import pairwise
from math import fsum
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from foundation.errors import Invalid
from fund.benchmark import compare
from fund.courses import Statement, course_of
from fund.flows import Course, Flow
from fund.returns import (
    NONE_IN_RANGE,
    NONE_ONE_DAY,
    NONE_ONE_SIGN,
    SEVERAL,
    TOO_LONG,
    multiples,
    rate_of,
    rate_of_course,
)
from fund.roots import rates_of_return

NEAR = 1e-6


def periodic(*amounts: float, nav: float = 0, index: Sequence[float] = ()) -> Course:
    flows = [{"amount": Decimal(str(amount))} for amount in amounts]
    values = [{"value": Decimal(str(value))} for value in index]
    return course_of(Statement(flows=flows, nav=Decimal(str(nav)), index=values))


def dated(*rows: tuple[str, float], **rest: Any) -> Course:
    flows = [{"on": date.fromisoformat(day), "amount": Decimal(str(amount))} for day, amount in rows]
    return course_of(Statement(flows=flows, **rest))


EXCEL = (
    ("2008-01-01", -10000),
    ("2008-03-01", 2750),
    ("2008-10-30", 4250),
    ("2009-02-15", 3250),
    ("2009-04-01", 2750),
)


def test_the_dated_flows_of_the_spreadsheet_manual() -> None:
    assert rate_of_course(dated(*EXCEL)).value == pytest.approx(0.3733625335, abs=1e-9)


def test_the_order_in_which_dated_flows_are_stated_does_not_matter() -> None:
    assert rate_of_course(dated(*reversed(EXCEL))) == rate_of_course(dated(*EXCEL))


def test_flows_of_equal_periods() -> None:
    assert rate_of_course(periodic(-100, 39, 59, 55, 20)).value == pytest.approx(0.2809484211599611, abs=1e-9)


def test_two_rates_are_told_and_none_is_chosen() -> None:
    rate = rate_of_course(periodic(100, -230, 132))

    assert (rate.value, rate.note) == (None, SEVERAL)
    assert rate.roots == pytest.approx([0.1, 0.2], abs=NEAR)


def test_rates_below_nothing_count_too() -> None:
    assert rate_of_course(periodic(-100, 300, -50)).roots == pytest.approx([-0.8228756555, 1.8228756555], abs=NEAR)


def test_a_rate_that_balance_only_touches_is_one_rate() -> None:
    assert rate_of_course(periodic(-100, 220, -121)).value == pytest.approx(0.1, abs=NEAR)


@pytest.mark.parametrize("amounts", [(100, 50), (-100, -50), (0, 0), (-100,)])
def test_flows_of_one_sign_have_no_rate(amounts: tuple[int, ...]) -> None:
    rate = rate_of_course(periodic(*amounts))

    assert (rate.value, rate.note, rate.roots) == (None, NONE_ONE_SIGN, ())


def test_flows_of_one_day_have_no_rate() -> None:
    rate = rate_of_course(dated(("2020-01-01", -100), ("2020-01-01", 100)))

    assert (rate.value, rate.note) == (None, NONE_ONE_DAY)


def test_flows_that_never_balance_have_no_rate() -> None:
    rate = rate_of_course(periodic(-100, 100, -100))

    assert (rate.value, rate.note) == (None, NONE_IN_RANGE)


def test_a_search_without_end_is_given_up_and_told() -> None:
    wild = [Flow(n / 365, Decimal((-1) ** n * (10**17 + n))) for n in range(1000)]

    rate = rate_of(wild)

    assert rate.note in (TOO_LONG, SEVERAL, NONE_IN_RANGE) or rate.value is not None


@given(st.lists(st.integers(-(10**12), 10**12), min_size=2, max_size=12))
def test_every_rate_told_balances_and_no_crossing_is_missed(amounts: list[int]) -> None:
    assume(min(amounts) < 0 < max(amounts))
    roots = rates_of_return({float(time): Decimal(amount) for time, amount in enumerate(amounts)})

    def balance(rate: float) -> float:
        return fsum(amount / (1 + rate) ** time for time, amount in enumerate(amounts))

    for root in roots:
        size = fsum(abs(amount) / (1 + root) ** time for time, amount in enumerate(amounts))
        assert abs(balance(root)) <= 1e-6 * size
    grid = [-0.99, -0.9, -0.7, -0.5, -0.3, -0.1, -0.01, 0.01, 0.05, 0.13, 0.27, 0.5, 1.1, 3.0, 9.0, 99.0]
    for low, high in pairwise(grid):
        if balance(low) * balance(high) < 0:
            assert any(low <= root <= high for root in roots)


@given(st.integers(-90, 500), st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_a_rate_that_was_built_in_is_found(percent: int, paid_out: list[int]) -> None:
    growth = 1 + Decimal(percent) / 100
    paid_in = -sum((Decimal(one) / growth ** (n + 1) for n, one in enumerate(paid_out)), Decimal(0))
    flows = [Flow(0.0, paid_in), *(Flow(float(n + 1), Decimal(one)) for n, one in enumerate(paid_out))]

    rate = rate_of(flows)

    assert rate.value == pytest.approx(percent / 100, abs=NEAR)


@pytest.mark.parametrize(("nav", "tvpi"), [(0, "1.5"), (15, "2.0")])
def test_multiples(nav: int, tvpi: str) -> None:
    figures = multiples(periodic(-10, -20, 15, 30, nav=nav))

    assert (figures.dpi, figures.tvpi) == (Decimal("1.5"), Decimal(tvpi))


def test_multiples_of_the_analysts_handbook() -> None:
    figures = multiples(periodic(-98, 28, nav=131.42), Decimal(200))

    assert [round(float(part or 0), 3) for part in (figures.dpi, figures.rvpi, figures.tvpi)] == [0.286, 1.341, 1.627]
    assert figures.pic == Decimal("0.49")


def test_nothing_paid_in_has_no_multiples() -> None:
    figures = multiples(periodic(50, nav=10))

    assert (figures.dpi, figures.rvpi, figures.tvpi) == (None, None, None)


@given(
    st.lists(st.decimals(-(10**15), 10**15, places=6, allow_nan=False), min_size=1, max_size=20),
    st.decimals(0, 10**15, places=6, allow_nan=False),
)
def test_dpi_and_rvpi_add_up_to_tvpi(amounts: list[Decimal], nav: Decimal) -> None:
    course = Course([Flow(float(n), amount) for n, amount in enumerate(amounts)], nav, float(len(amounts)))
    figures = multiples(course)

    with localcontext() as context:
        context.prec = 100
        assert figures.tvpi is None or (figures.dpi or 0) + (figures.rvpi or 0) == figures.tvpi


@pytest.mark.parametrize("amounts", [(-100, -50, 60, 10, 0), (-100, -50, 60, 10)])
def test_the_published_comparison_with_an_index(amounts: tuple[int, ...]) -> None:
    course = periodic(*amounts, nav=110, index=(100, 105, 115, 117, 120))
    compared = compare(course)

    assert rate_of_course(course).value == pytest.approx(0.0643, abs=5e-5)
    assert compared.ln_nav == pytest.approx(Decimal("104.28"), abs=Decimal("0.005"))
    assert compared.ln_pme.value == pytest.approx(0.0530, abs=5e-5)
    assert compared.ks_pme == pytest.approx(Decimal("1.0323"), abs=Decimal("0.00005"))
    assert compared.direct_alpha.value == pytest.approx(0.0108984508, abs=NEAR)


def test_the_published_comparison_with_scaled_distributions() -> None:
    compared = compare(periodic(-100, -50, 60, 100, 0, nav=20, index=(100, 105, 115, 100, 120)))

    assert compared.scale == pytest.approx(Decimal("0.8605"), abs=Decimal("0.00005"))
    assert compared.pme_plus is not None
    assert compared.pme_plus.value == pytest.approx(0.0205, abs=5e-5)


def test_a_fund_that_is_the_index_is_worth_the_index() -> None:
    compared = compare(periodic(-100, 0, 121, index=(100, 110, 121)))

    assert compared.ks_pme == 1
    assert compared.direct_alpha.value == pytest.approx(0, abs=NEAR)
    assert compared.pme_plus is not None
    assert compared.pme_plus.value == pytest.approx(0.1, abs=NEAR)


def test_dated_flows_use_the_latest_value_of_the_index() -> None:
    index = [
        {"on": date(2020, 1, 1), "value": Decimal(100)},
        {"on": date(2020, 12, 30), "value": Decimal(110)},
    ]
    course = dated(("2020-01-03", -100), ("2020-12-31", 110), index=index)

    assert [*course.index, course.index_end] == [100, 110, 110]


@pytest.mark.parametrize(
    ("statement", "paths"),
    [
        (Statement(flows=[]), {"flows": "no_flows"}),
        (Statement(flows=[{"amount": Decimal(-1)}] * 1001), {"flows": "too_many_rows"}),
        (Statement(flows=[{"amount": Decimal(-1)}], nav=Decimal(-1)), {"nav": "amount_negative"}),
        (Statement(flows=[{"amount": Decimal(-1)}], nav_on=date(2020, 1, 1)), {"nav_on": "no_day_among_periods"}),
        (
            Statement(flows=[{"amount": Decimal(-1), "on": date(2020, 1, 2)}, {"amount": Decimal(1)}]),
            {"flows.1.on": "day_missing_here"},
        ),
        (
            Statement(flows=[{"amount": Decimal(-1), "on": date(2020, 1, 2)}], nav_on=date(2020, 1, 1)),
            {"nav_on": "nav_before_last_flow"},
        ),
        (
            Statement(
                flows=[{"amount": Decimal(-1), "on": date(2020, 1, 2)}],
                index=[{"on": date(2020, 1, 3), "value": Decimal(1)}] * 2,
            ),
            {"index": "index_begins_late", "index.1.on": "day_twice"},
        ),
        (
            Statement(flows=[{"amount": Decimal(-1)}], index=[{"value": Decimal(0)}]),
            {"index.0.value": "index_not_positive"},
        ),
        (
            Statement(flows=[{"amount": Decimal(-1)}], index=[{"value": Decimal(1)}] * 3),
            {"index": "index_of_other_length"},
        ),
    ],
)
def test_what_does_not_go_together_is_told_where_it_stands(statement: Statement, paths: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        course_of(statement)

    assert {path: reasons[0].code for path, reasons in refused.value.fields.items()} == paths

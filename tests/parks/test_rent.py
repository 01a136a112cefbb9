"""The rent schedule: to the day, to the đồng, in the order of the law."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parks.escalation import Escalation, IndexBeginsLate
from parks.rent import Charges, Line, Relief, schedule
from parks.terms import DAY, Term, add_months

YEAR = Term(date(2026, 3, 17), date(2027, 3, 16))
THIRTY_MILLION = Charges(Fraction(30_000_000))


def rents(lines: list[Line]) -> dict[date, int]:
    return {line.from_on: line.rent for line in lines}


def test_days_of_march_are_the_published_vector() -> None:
    lines = schedule(Term(date(2026, 3, 17), date(2026, 3, 31)), THIRTY_MILLION)

    assert [line.rent for line in lines] == [14_516_129]


def test_a_year_from_the_middle_of_a_month_charges_twelve_months() -> None:
    lines = schedule(YEAR, THIRTY_MILLION)

    assert len(lines) == 13
    assert (lines[0].rent, lines[1].rent, lines[-1].rent) == (14_516_129, 30_000_000, 15_483_871)
    assert sum(line.rent for line in lines) == 360_000_000


def test_february_is_prorated_by_its_own_days() -> None:
    rents_of_14_days = [
        schedule(Term(date(year, 2, 1), date(year, 2, 14)), Charges(Fraction(29)))[0].rent for year in (2027, 2028)
    ]

    assert rents_of_14_days == [15, 14]


def test_a_percentage_compounds_from_its_day_within_the_month() -> None:
    lines = rents(
        schedule(
            Term(date(2026, 3, 17), date(2028, 4, 30)),
            THIRTY_MILLION,
            escalation=Escalation("percent", every_months=12, rate=Fraction(5, 100)),
        )
    )

    assert lines[date(2027, 3, 1)] == 15_483_871
    assert lines[date(2027, 3, 17)] == 15_241_935
    assert lines[date(2027, 4, 1)] == 31_500_000
    assert lines[date(2028, 4, 1)] == 33_075_000


def test_a_fixed_amount_is_added_each_time() -> None:
    escalation = Escalation("fixed", every_months=6, amount_vnd=1_000)

    lines = rents(schedule(Term(date(2026, 1, 1), date(2027, 1, 31)), Charges(Fraction(10_000)), escalation=escalation))

    assert (lines[date(2026, 6, 1)], lines[date(2026, 7, 1)], lines[date(2027, 1, 1)]) == (10_000, 11_000, 12_000)


def test_agreed_steps_begin_on_their_days() -> None:
    escalation = Escalation("stepped", agreed={date(2026, 2, 15): Fraction(28_000)})

    lines = schedule(Term(date(2026, 1, 1), date(2026, 3, 31)), Charges(Fraction(14_000)), escalation=escalation)

    assert [line.rent for line in lines] == [14_000, 7_000, 14_000, 28_000]


def test_an_index_is_compared_with_its_value_at_the_beginning() -> None:
    index = [(date(2025, 12, 29), Fraction(100)), (date(2026, 12, 29), Fraction(1035, 10))]
    escalation = Escalation("index", every_months=12, index=index)

    lines = schedule(Term(date(2026, 1, 1), date(2028, 1, 31)), THIRTY_MILLION, escalation=escalation)

    by_day = {line.from_on: line for line in lines}
    assert by_day[date(2027, 1, 1)].rent == 31_050_000
    assert not by_day[date(2027, 1, 1)].is_provisional
    assert by_day[date(2028, 1, 1)].is_provisional


def test_an_index_that_begins_after_the_lease_is_refused() -> None:
    escalation = Escalation("index", every_months=12, index=[(date(2026, 2, 1), Fraction(100))])

    with pytest.raises(IndexBeginsLate):
        schedule(Term(date(2026, 1, 1), date(2027, 12, 31)), THIRTY_MILLION, escalation=escalation)


def test_an_open_review_keeps_the_rent_provisionally() -> None:
    escalation = Escalation("review", every_months=12, agreed={date(2027, 1, 1): Fraction(12)})

    lines = schedule(Term(date(2026, 1, 1), date(2028, 1, 31)), Charges(Fraction(10)), escalation=escalation)

    by_day = {line.from_on: (line.rent, line.is_provisional) for line in lines}
    assert by_day[date(2027, 1, 1)] == (12, False)
    assert by_day[date(2028, 1, 1)] == (12, True)


def test_reliefs_come_off_in_the_order_of_the_law_and_spare_service() -> None:
    reliefs = [Relief("programme", Fraction(20, 100)), Relief("statutory", Fraction(50, 100))]
    charges = Charges(Fraction(1_000_001), service_vnd=Fraction(100_000), vat=Fraction(10, 100))

    (line,) = schedule(Term(date(2026, 4, 1), date(2026, 4, 30)), charges, reliefs=reliefs)

    assert (line.rent, line.statutory, line.programme) == (1_000_001, 500_001, 100_000)
    assert (line.service, line.vat, line.total) == (100_000, 50_000, 550_000)


def test_a_relief_ends_with_its_evidence() -> None:
    reliefs = [Relief("statutory", Fraction(1, 2), from_on=date(2026, 4, 11), to_on=date(2026, 4, 20))]

    lines = schedule(Term(date(2026, 4, 1), date(2026, 4, 30)), Charges(Fraction(3_000)), reliefs=reliefs)

    assert [(line.from_on.day, line.to_on.day, line.rent, line.relief) for line in lines] == [
        (1, 10, 1_000, 0),
        (11, 20, 1_000, 500),
        (21, 30, 1_000, 0),
    ]


def test_of_two_reliefs_of_one_kind_the_better_counts() -> None:
    reliefs = [Relief("programme", Fraction(1, 10)), Relief("programme", Fraction(3, 10))]

    (line,) = schedule(Term(date(2026, 4, 1), date(2026, 4, 30)), Charges(Fraction(1_000)), reliefs=reliefs)

    assert line.relief == 300


DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@given(begin=DAYS, months=st.integers(1, 60), monthly=st.integers(0, 10**9), rate=st.integers(0, 100), relief_on=DAYS)
def test_lines_cover_the_term_without_gaps(begin: date, months: int, monthly: int, rate: int, relief_on: date) -> None:
    term = Term(begin, add_months(begin, months) - DAY)
    escalation = Escalation("percent", every_months=7, rate=Fraction(rate, 1000))

    lines = schedule(
        term,
        Charges(Fraction(monthly), vat=Fraction(8, 100)),
        escalation=escalation,
        reliefs=[Relief("statutory", Fraction(rate, 100), from_on=relief_on)],
    )

    assert (lines[0].from_on, lines[-1].to_on) == (term.starts_on, term.ends_on)
    assert all(one.to_on + DAY == other.from_on for one, other in pairwise(lines))
    assert all(0 <= line.relief <= line.rent and line.total >= 0 for line in lines)
    assert all((line.from_on.year, line.from_on.month) == (line.to_on.year, line.to_on.month) for line in lines)


@given(begin=DAYS, months=st.integers(1, 40), relief_on=DAYS, first=DAYS, days=st.integers(0, 200))
def test_a_window_holds_the_lines_of_the_whole_that_begin_in_it(
    begin: date, months: int, relief_on: date, first: date, days: int
) -> None:
    term, window = Term(begin, add_months(begin, months)), Term(first, first + days * DAY)
    stated = {
        "escalation": Escalation("percent", every_months=12, rate=Fraction(5, 100)),
        "reliefs": [Relief("programme", Fraction(1, 2), relief_on, relief_on + 40 * DAY)],
    }

    whole = schedule(term, THIRTY_MILLION, **stated)  # type: ignore[arg-type]  # of two kinds

    assert schedule(term, THIRTY_MILLION, **stated, window=window) == [one for one in whole if one.from_on in window]  # type: ignore[arg-type]

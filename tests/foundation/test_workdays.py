"""Working days: the law's examples, and what must hold for any calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from foundation.holidays_vn import LUNAR_DATES, TET, TITLES, YEARS, shipped_days
from foundation.wording import LANGUAGES
from foundation.workdays import Calendar, Day, end_of_day, local_date, start_of_day

HANOI_DAYS = shipped_days()
SHIPPED = Calendar("vn-hanoi", days=HANOI_DAYS)
CULTURE_DAY = date(2026, 11, 24)
CULTURE_DAY_WORKED = Calendar("vn-hanoi", days={**HANOI_DAYS, CULTURE_DAY: Day(True, {"vi": "", "en": "", "fr": ""})})

dates = st.dates(date(2024, 1, 1), date(2030, 12, 31))
titles = {"vi": "Nghỉ", "en": "Off", "fr": "Chômé"}
calendars = st.builds(
    lambda days: Calendar("any", days={day: Day(is_working, titles) for day, is_working in days.items()}),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 6, 30)), st.booleans(), max_size=40),
)
days_of_2026 = st.dates(date(2025, 12, 1), date(2026, 8, 31))
terms = st.integers(0, 60)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        (date(2026, 1, 8), 2, date(2026, 1, 10)),
        (date(2026, 4, 24), 5, date(2026, 5, 6)),
        (date(2026, 4, 24), 15, date(2026, 5, 20)),
        (date(2026, 11, 20), 3, date(2026, 11, 26)),
        (date(2026, 11, 20), 10, date(2026, 12, 7)),
        (date(2026, 11, 20), 15, date(2026, 12, 14)),
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # over Tet 2026
        (date(2026, 8, 21), 1, date(2026, 8, 22)),  # the Saturday worked for 31 August
        (date(2026, 8, 28), 1, date(2026, 9, 3)),  # over National Day
        (date(2027, 2, 3), 1, date(2027, 2, 11)),  # over Tet 2027
    ],
)
def test_terms_end_where_the_law_says(start: date, n: int, due: date) -> None:
    assert SHIPPED.add_working_days(start, n) == due


@pytest.mark.parametrize(("n", "due"), [(3, date(2026, 11, 25)), (10, date(2026, 12, 4)), (15, date(2026, 12, 11))])
def test_terms_are_shorter_when_culture_day_is_worked(n: int, due: date) -> None:
    assert CULTURE_DAY_WORKED.add_working_days(date(2026, 11, 20), n) == due


def test_both_swaps_of_2026_are_shipped() -> None:
    worked = {day for day, listed in HANOI_DAYS.items() if listed.is_working and day.year == 2026}
    assert worked == {date(2026, 1, 10), date(2026, 8, 22)}
    assert not SHIPPED.is_working(date(2026, 1, 2))
    assert not SHIPPED.is_working(date(2026, 8, 31))


def test_tet_and_hung_kings_are_shipped_on_their_lunar_dates() -> None:
    for new_year, hung_kings in LUNAR_DATES.values():
        tet = [HANOI_DAYS[new_year + timedelta(days=offset)].title for offset in range(-1, 4)]
        assert tet == [TITLES[label] for label in TET]
        assert HANOI_DAYS[hung_kings].title == TITLES["Ngày Giỗ Tổ Hùng Vương"]


def test_no_public_holiday_is_lost() -> None:
    listed = country_holidays("VN", years=YEARS, language="vi")
    assert {day for day in listed if not HANOI_DAYS[day].is_working} == set(listed)


def test_every_shipped_day_has_a_source_and_three_titles() -> None:
    for listed in HANOI_DAYS.values():
        assert listed.source
        assert all(listed.title[language] for language in LANGUAGES)


def test_what_no_decree_has_fixed_is_marked_to_confirm() -> None:
    assert not HANOI_DAYS[CULTURE_DAY].is_confirmed
    assert not HANOI_DAYS[date(2027, 2, 6)].is_confirmed
    assert HANOI_DAYS[date(2026, 2, 17)].is_confirmed
    assert HANOI_DAYS[date(2027, 4, 30)].is_confirmed


def test_skipped_lists_holidays_and_no_ordinary_weekend() -> None:
    skipped = SHIPPED.skipped(date(2026, 11, 20), date(2026, 12, 14))
    assert [(day, listed.title["en"]) for day, listed in skipped] == [(CULTURE_DAY, "Vietnam Culture Day")]


def test_skipped_counts_neither_the_start_nor_a_worked_saturday() -> None:
    skipped = SHIPPED.skipped(date(2026, 1, 1), date(2026, 1, 10))
    assert [day for day, _ in skipped] == [date(2026, 1, 2)]


def test_skipped_includes_the_due_day_itself() -> None:
    assert [day for day, _ in SHIPPED.skipped(date(2026, 11, 23), CULTURE_DAY)] == [CULTURE_DAY]


def test_a_calendar_knows_the_years_that_it_covers() -> None:
    assert SHIPPED.covers(date(2030, 12, 31))
    assert not SHIPPED.covers(date(2031, 1, 2))


def test_a_week_without_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="weekend"):
        Calendar("none", weekend=frozenset(range(7)))


def test_an_endless_term_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        SHIPPED.add_working_days(date(2026, 1, 1), 10_001)


@given(calendars, days_of_2026, terms)
def test_counting_back_gives_the_term(calendar: Calendar, start: date, n: int) -> None:
    due = calendar.add_working_days(start, n)
    assert calendar.working_days_between(start, due) == n
    assert n == 0 or calendar.is_working(due)


@given(calendars, days_of_2026, terms, terms)
def test_a_longer_term_ends_later(calendar: Calendar, start: date, n: int, m: int) -> None:
    first, second = calendar.add_working_days(start, n), calendar.add_working_days(start, m)
    assert (n < m) == (first < second)


@given(calendars, days_of_2026, days_of_2026, terms)
def test_a_later_start_never_ends_earlier(calendar: Calendar, one: date, other: date, n: int) -> None:
    early, late = sorted((one, other))
    assert calendar.add_working_days(early, n) <= calendar.add_working_days(late, n)


@given(calendars, days_of_2026, terms, terms)
def test_terms_add_up(calendar: Calendar, start: date, n: int, m: int) -> None:
    in_two_parts = calendar.add_working_days(calendar.add_working_days(start, n), m)
    assert in_two_parts == calendar.add_working_days(start, n + m)


@given(calendars, days_of_2026, terms)
def test_going_back_undoes_going_forth(calendar: Calendar, start: date, n: int) -> None:
    working = calendar.next_working_day(start)
    assert calendar.add_working_days(calendar.add_working_days(working, n), -n) == working


@given(calendars, days_of_2026, days_of_2026)
def test_counting_is_antisymmetric_between_working_days(calendar: Calendar, one: date, other: date) -> None:
    start, end = calendar.next_working_day(one), calendar.next_working_day(other)
    assert calendar.working_days_between(start, end) == -calendar.working_days_between(end, start)


@given(calendars, days_of_2026, terms)
def test_every_day_of_a_term_is_worked_skipped_or_an_ordinary_weekend(calendar: Calendar, start: date, n: int) -> None:
    due = calendar.add_working_days(start, n)
    skipped = {day for day, _ in calendar.skipped(start, due)}
    span = {start + timedelta(days=offset) for offset in range(1, (due - start).days + 1)}
    ordinary = {day for day in span if day.weekday() in calendar.weekend and day not in calendar.days}
    assert len(span - skipped - ordinary) == n


@given(dates)
def test_the_day_in_hanoi_starts_at_17_utc(day: date) -> None:
    assert local_date(start_of_day(day)) == day
    assert local_date(end_of_day(day)) == day
    assert local_date(start_of_day(day) - timedelta(seconds=1)) == day - timedelta(days=1)
    assert start_of_day(day).astimezone(UTC).hour == 17


def test_a_time_without_zone_has_no_local_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 1, 1))  # noqa: DTZ001 - the missing zone is what is tested

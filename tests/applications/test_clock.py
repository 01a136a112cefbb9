"""The arithmetic of a legal clock: the vectors of the calendar, pauses, and what never happens."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.clock import Pause, counts_from, due_at
from applications.packs.model import Length
from foundation.holidays_vn import shipped_days
from foundation.workdays import HANOI, Calendar, local_date

HANOI_DAYS = Calendar("vn-hanoi", days=shipped_days())


def at(day: str, hour: str = "09:00") -> datetime:
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour), tzinfo=HANOI)


def due(start: datetime, length: Length, *pauses: Pause, cutoff: str | None = None) -> date | None:
    first = counts_from(start, HANOI_DAYS, cutoff)
    end = due_at(first, start, length, calendar=HANOI_DAYS, pauses=pauses)
    return None if end is None else local_date(end)


@pytest.mark.parametrize(
    ("start", "working_days", "expected"),
    [
        ("2026-01-08", 2, "2026-01-10"),
        ("2026-04-24", 5, "2026-05-06"),
        ("2026-04-24", 15, "2026-05-20"),
        ("2026-11-20", 3, "2026-11-26"),
        ("2026-11-20", 10, "2026-12-07"),
        ("2026-11-20", 15, "2026-12-14"),
    ],
)
def test_working_day_vectors(start: str, working_days: int, expected: str) -> None:
    assert due(at(start), Length(working_days, "working_days")) == date.fromisoformat(expected)


def test_the_last_day_ends_at_midnight_in_hanoi() -> None:
    end = due_at(date(2026, 11, 20), at("2026-11-20"), Length(3, "working_days"), calendar=HANOI_DAYS)

    assert end == datetime(2026, 11, 26, 16, 59, 59, tzinfo=UTC)


def test_after_the_cutoff_counting_starts_with_the_next_working_day() -> None:
    early, late = at("2026-11-20", "15:00"), at("2026-11-20", "15:01")

    assert due(early, Length(3, "working_days"), cutoff="15:00") == date(2026, 11, 26)
    assert due(late, Length(3, "working_days"), cutoff="15:00") == date(2026, 11, 27)


def test_a_paused_clock_has_no_due_date_and_goes_on_where_it_stood() -> None:
    start = at("2026-11-02")
    open_pause = Pause(at("2026-11-04"), None)
    pause = Pause(at("2026-11-04"), at("2026-11-09"))

    assert due(start, Length(5, "working_days")) == date(2026, 11, 9)
    assert due(start, Length(5, "working_days"), open_pause) is None
    assert due(start, Length(5, "working_days"), pause) == date(2026, 11, 12)


def test_a_pause_within_one_day_costs_nothing() -> None:
    pause = Pause(at("2026-11-04", "10:00"), at("2026-11-04", "16:00"))

    assert due(at("2026-11-02"), Length(5, "working_days"), pause) == date(2026, 11, 9)


def test_hours_days_and_months() -> None:
    start = at("2026-01-31")

    assert due_at(date(2026, 1, 31), start, Length(72, "hours"), calendar=HANOI_DAYS) == start + timedelta(hours=72)
    assert due(start, Length(10, "days")) == date(2026, 2, 10)
    assert due(start, Length(1, "months")) == date(2026, 2, 28)
    assert due(start, Length(1, "months"), Pause(at("2026-02-02"), at("2026-02-05"))) == date(2026, 3, 3)


PAUSES = st.lists(st.tuples(st.integers(0, 60 * 24), st.integers(0, 10 * 24)), max_size=5)


@given(st.dates(date(2024, 1, 1), date(2029, 1, 1)), st.integers(1, 60), PAUSES)
def test_pauses_never_shorten_and_cost_at_most_their_nights(
    day: date, amount: int, spans: list[tuple[int, int]]
) -> None:
    start = datetime.combine(day, time(9), tzinfo=HANOI)
    pauses, moment = [], start
    for wait, stay in spans:
        begin = moment + timedelta(hours=wait)
        moment = begin + timedelta(hours=stay)
        pauses.append(Pause(begin, moment))
    length = Length(amount, "working_days")

    plain = due_at(day, start, length, calendar=HANOI_DAYS)
    paused = due_at(day, start, length, calendar=HANOI_DAYS, pauses=pauses)

    assert plain is not None
    assert paused is not None
    nights = sum((local_date(p.ended_at or p.started_at) - local_date(p.started_at)).days for p in pauses)
    assert plain <= paused
    assert HANOI_DAYS.working_days_between(local_date(plain), local_date(paused)) <= nights


@given(st.dates(date(2024, 1, 1), date(2029, 1, 1)), st.integers(1, 100))
def test_without_pauses_it_is_the_calendar(day: date, amount: int) -> None:
    start = datetime.combine(day, time(9), tzinfo=HANOI)

    end = due_at(day, start, Length(amount, "working_days"), calendar=HANOI_DAYS)

    assert end is not None
    assert local_date(end) == HANOI_DAYS.add_working_days(day, amount)

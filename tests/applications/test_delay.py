"""Whose days a term's days were: the parts always sum to the whole, whatever the holdings, pauses and holidays."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from applications.clock import Pause, used_days
from applications.delay import APPLICANT, UNIT, Holder, Holding, Span, days_by_holder, holder_at
from foundation.workdays import HANOI, Calendar, end_of_day

FIRST = datetime(2026, 11, 2, 9, tzinfo=HANOI)
CALENDAR = Calendar(code="plain", days={})
A, B, THEM = Holder(UNIT, 1), Holder(UNIT, 2), Holder(APPLICANT)
WEEK = Span(date(2026, 11, 2), date(2026, 11, 9))

hours = st.integers(0, 24 * 60)
holders = st.sampled_from([A, B, THEM, Holder(UNIT)])


@st.composite
def holdings(draw: st.DrawFn) -> list[Holding]:
    starts = sorted(draw(st.lists(hours, min_size=1, max_size=8)))
    return [Holding(draw(holders), FIRST + timedelta(hours=start)) for start in starts]


@st.composite
def pauses(draw: st.DrawFn) -> list[Pause]:
    marks = sorted(draw(st.lists(hours, max_size=6, unique=True)))
    ends = [FIRST + timedelta(hours=mark) for mark in marks]
    found = [Pause(start, end) for start, end in zip(ends[::2], ends[1::2], strict=False)]
    return found + ([Pause(ends[-1], None)] if len(ends) % 2 else [])


@settings(max_examples=300, deadline=None)
@given(holdings(), pauses(), st.integers(0, 60), st.booleans())
def test_the_parts_sum_to_the_whole(held: list[Holding], paused: list[Pause], length: int, works: bool) -> None:
    start, calendar = FIRST.date(), CALENDAR if works else None
    until = start + timedelta(days=length)

    parts = days_by_holder(Span(start, until), held, calendar=calendar, pauses=paused)

    assert sum(parts.values()) == used_days(start, until, calendar=calendar, pauses=paused)
    assert set(parts) <= {holding.holder for holding in held}


def test_a_day_goes_to_who_holds_the_file_when_it_ends() -> None:
    handed_over = datetime(2026, 11, 5, 16, tzinfo=HANOI)

    parts = days_by_holder(WEEK, [Holding(A, FIRST), Holding(B, handed_over)], calendar=CALENDAR)

    assert parts == {A: 2, B: 3}


def test_pauses_and_weekends_are_nobodys() -> None:
    pause = Pause(datetime(2026, 11, 3, 8, tzinfo=HANOI), datetime(2026, 11, 5, 8, tzinfo=HANOI))

    parts = days_by_holder(WEEK, [Holding(A, FIRST)], calendar=CALENDAR, pauses=[pause])

    assert parts == {A: 3}


def test_before_anybody_took_it_the_first_holder_has_it() -> None:
    assert holder_at([Holding(THEM, FIRST)], end_of_day(date(2026, 1, 1))) == THEM


def test_the_day_of_the_end_is_whose_file_it_was_before_the_end() -> None:
    """What ends a term hands the file on at the same instant: the last day is not the next holder's."""
    ended_at = datetime(2026, 11, 9, 10, tzinfo=HANOI)
    span = Span(WEEK.start, WEEK.until, ended_at)

    assert days_by_holder(span, [Holding(A, FIRST), Holding(THEM, ended_at)], calendar=CALENDAR) == {A: 5}

"""Calendars in the database: shipping never overwrites, a change is audited, told and seen at once."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from foundation import calendars
from foundation.actors import SYSTEM, Actor
from foundation.audit import history
from foundation.calendars import (
    HANOI_CALENDAR,
    CalendarDay,
    ensure_calendars,
    list_calendars,
    load_calendar,
    on_calendar_change,
    set_day,
)
from foundation.errors import NotFound
from foundation.holidays_vn import shipped_days
from foundation.workdays import Day
from tests.databases import FreshDatabase

CULTURE_DAY = date(2026, 11, 24)
WORKED = Day(True, {"vi": "Ngày làm việc", "en": "Working day", "fr": "Jour ouvré"}, "QĐ 1/2026")
ADMINISTRATOR = Actor(kind="person", person_id=3)


@pytest.fixture
def shipped(session: Session) -> Session:
    ensure_calendars(session, actor=SYSTEM)
    return session


@pytest.fixture
def told() -> Iterator[list[tuple[str, frozenset[date]]]]:
    calls: list[tuple[str, frozenset[date]]] = []
    listener = on_calendar_change(lambda _session, code, days, _actor: calls.append((code, days)))
    yield calls
    calendars._listeners.remove(listener)


def test_the_shipped_calendar_is_what_the_law_lists(shipped: Session) -> None:
    assert load_calendar(shipped, HANOI_CALENDAR).days == shipped_days()
    assert [row.code for row in list_calendars(shipped)] == [HANOI_CALENDAR]


def test_shipping_twice_changes_nothing(shipped: Session) -> None:
    before = load_calendar(shipped, HANOI_CALENDAR)
    assert ensure_calendars(shipped, actor=SYSTEM) == 0
    assert load_calendar(shipped, HANOI_CALENDAR) is before


def test_shipping_keeps_an_administrators_change_and_adds_what_lacks(
    shipped: Session, told: list[tuple[str, frozenset[date]]]
) -> None:
    set_day(shipped, HANOI_CALENDAR, CULTURE_DAY, WORKED, actor=ADMINISTRATOR)
    shipped.execute(text("DELETE FROM calendar_days WHERE day = '2030-09-02'"))
    told.clear()

    assert ensure_calendars(shipped, actor=SYSTEM) == 1

    days = load_calendar(shipped, HANOI_CALENDAR).days
    assert days[CULTURE_DAY] == WORKED
    assert days[date(2030, 9, 2)] == shipped_days()[date(2030, 9, 2)]
    assert told == [(HANOI_CALENDAR, frozenset({date(2030, 9, 2)}))]


@pytest.mark.parametrize(("n", "due"), [(3, date(2026, 11, 25)), (10, date(2026, 12, 4)), (15, date(2026, 12, 11))])
def test_a_changed_day_moves_terms_at_once(shipped: Session, n: int, due: date) -> None:
    load_calendar(shipped, HANOI_CALENDAR)
    set_day(shipped, HANOI_CALENDAR, CULTURE_DAY, WORKED, actor=ADMINISTRATOR)
    assert load_calendar(shipped, HANOI_CALENDAR).add_working_days(date(2026, 11, 20), n) == due


def test_a_change_is_audited_and_told(shipped: Session, told: list[tuple[str, frozenset[date]]]) -> None:
    set_day(shipped, HANOI_CALENDAR, CULTURE_DAY, WORKED, actor=ADMINISTRATOR)

    entries = history(shipped, f"calendar:{HANOI_CALENDAR}")
    (entry,) = (entry for entry in entries if entry.action == "foundation:calendar:change")
    assert (entry.person_id, entry.facts["day"]) == (3, "2026-11-24")
    assert (entry.facts["was"]["is_working"], entry.facts["is"]["is_working"]) == (False, True)
    assert told == [(HANOI_CALENDAR, frozenset({CULTURE_DAY}))]


def test_a_new_day_can_be_declared(shipped: Session) -> None:
    day = date(2026, 12, 31)
    set_day(shipped, HANOI_CALENDAR, day, Day(False, WORKED.title, "QĐ 2/2026"), actor=ADMINISTRATOR)
    assert not load_calendar(shipped, HANOI_CALENDAR).is_working(day)
    assert shipped.scalar(select(CalendarDay.source).where(CalendarDay.day == day)) == "QĐ 2/2026"


def test_an_unknown_calendar_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        load_calendar(session, "vn-nowhere")
    with pytest.raises(NotFound):
        set_day(session, "vn-nowhere", CULTURE_DAY, WORKED, actor=ADMINISTRATOR)


def test_another_process_sees_a_change_when_it_is_committed(fresh_database: FreshDatabase) -> None:
    with fresh_database.session() as here, fresh_database.session() as there:
        ensure_calendars(here, actor=SYSTEM)
        here.commit()
        before = load_calendar(there, HANOI_CALENDAR)
        there.rollback()

        set_day(here, HANOI_CALENDAR, CULTURE_DAY, WORKED, actor=ADMINISTRATOR)
        assert load_calendar(there, HANOI_CALENDAR) == before
        there.rollback()
        here.commit()

        assert load_calendar(there, HANOI_CALENDAR).is_working(CULTURE_DAY)

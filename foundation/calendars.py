"""Working calendars as tables: shipped once, changed by administrators, read through a cache."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

from flask_babel import lazy_gettext
from sqlalchemy import ARRAY, ForeignKey, SmallInteger, UniqueConstraint, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.actors import Actor
from foundation.audit import Subject, append, register_actions
from foundation.database import Code, Key, Model
from foundation.errors import NotFound
from foundation.holidays_vn import shipped_days
from foundation.revisions import follow, kept
from foundation.wording import Trilingual
from foundation.workdays import SATURDAY, SUNDAY, Calendar, Day

HANOI_CALENDAR = "vn-hanoi"
HANOI_TITLE: Trilingual = {
    "vi": "Ngày làm việc tại Hà Nội",
    "en": "Working days in Hanoi",
    "fr": "Jours ouvrés à Hanoï",
}

ChangeListener = Callable[[Session, str, frozenset[date], Actor], None]
"""Told of a calendar's code, the days that changed and who changed them, inside the same transaction."""

_listeners: list[ChangeListener] = []
_cache: dict[str, tuple[UUID, Calendar]] = {}


@follow("calendars")
class CalendarTable(Model):
    """A calendar. ``revision`` is new after each change, which tells the caches of all processes."""

    __tablename__ = "calendars"

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[dict[str, str]] = mapped_column(JSONB)
    timezone: Mapped[Code]
    weekend: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    revision: Mapped[UUID] = mapped_column(default=uuid4)


@follow("calendars")
class CalendarDay(Model):
    """A date that differs from its weekday, or once did: off or on, why, and by which act."""

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("calendar_id", "day"),)

    id: Mapped[Key]
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    day: Mapped[date]
    is_working: Mapped[bool]
    title: Mapped[dict[str, str]] = mapped_column(JSONB)
    source: Mapped[str]
    is_confirmed: Mapped[bool]


def on_calendar_change(listener: ChangeListener) -> ChangeListener:
    """Decorator: have ``listener`` called whenever days of a calendar change."""
    _listeners.append(listener)
    return listener


def load_calendar(session: Session, code: str) -> Calendar:
    """The calendar as it stands in this transaction; its days are read again only after a change.

    Raises:
        NotFound: there is no such calendar.
    """
    return kept(session, "calendars", code, lambda: _unless_known(session, code))


def _unless_known(session: Session, code: str) -> Calendar:
    row = _row(session, code)
    known = _cache.get(code)
    if known is None or known[0] != row.revision:
        known = _cache[code] = (row.revision, _read(session, row))
    return known[1]


def list_calendars(session: Session) -> list[CalendarTable]:
    return list(session.scalars(select(CalendarTable).order_by(CalendarTable.code)))


def set_day(session: Session, code: str, day: date, rule: Day, *, actor: Actor, reason: str = "") -> None:
    """Declare ``day`` working or not, for a reason; the audit trail and all listeners (open deadlines) learn of it.

    Raises:
        NotFound: there is no such calendar.
    """
    row = _row(session, code, for_update=True)
    before = load_calendar(session, code).days.get(day)
    statement = insert(CalendarDay).values(_values(row.id, day, rule))
    changed = {name: statement.excluded[name] for name in ("is_working", "title", "source", "is_confirmed")}
    session.execute(statement.on_conflict_do_update(index_elements=["calendar_id", "day"], set_=changed))
    append(
        session,
        f"calendar:{code}",
        actor=actor,
        action="foundation:calendar:change",
        subject=Subject("calendar", row.id),
        facts={"day": day, "was": _facts(before), "is": _facts(rule), "reason": reason},
    )
    _announce(session, row, frozenset({day}), actor)


def ensure_calendars(session: Session, *, actor: Actor) -> int:
    """Ship the calendar of Hanoi: add the days it lacks, touch none that stands. Returns how many."""
    statement = insert(CalendarTable).values(
        code=HANOI_CALENDAR,
        title=HANOI_TITLE,
        timezone="Asia/Ho_Chi_Minh",
        weekend=[SATURDAY, SUNDAY],
        revision=uuid4(),
    )
    session.execute(statement.on_conflict_do_nothing())
    row = _row(session, HANOI_CALENDAR, for_update=True)
    values = [_values(row.id, day, rule) for day, rule in shipped_days().items()]
    days = insert(CalendarDay).values(values).on_conflict_do_nothing().returning(CalendarDay.day)
    added = frozenset(session.scalars(days))
    if added:
        append(
            session,
            f"calendar:{HANOI_CALENDAR}",
            actor=actor,
            action="foundation:calendar:ship",
            subject=Subject("calendar", row.id),
            facts={"days": sorted(added)},
        )
        _announce(session, row, added, actor)
    return len(added)


def _announce(session: Session, row: CalendarTable, days: frozenset[date], actor: Actor) -> None:
    session.execute(update(CalendarTable).where(CalendarTable.id == row.id).values(revision=uuid4()))
    for listener in _listeners:
        listener(session, row.code, days, actor)


def _row(session: Session, code: str, *, for_update: bool = False) -> CalendarTable:
    query = select(CalendarTable).where(CalendarTable.code == code).execution_options(populate_existing=True)
    row = session.scalar(query.with_for_update() if for_update else query)
    if row is None:
        raise NotFound
    return row


def _read(session: Session, row: CalendarTable) -> Calendar:
    query = select(CalendarDay).where(CalendarDay.calendar_id == row.id).order_by(CalendarDay.day)
    days = {day.day: Day(day.is_working, day.title, day.source, day.is_confirmed) for day in session.scalars(query)}
    return Calendar(row.code, frozenset(row.weekend), days)


def _values(calendar_id: int, day: date, rule: Day) -> dict[str, object]:
    return {
        "calendar_id": calendar_id,
        "day": day,
        "is_working": rule.is_working,
        "title": dict(rule.title),
        "source": rule.source,
        "is_confirmed": rule.is_confirmed,
    }


def _facts(rule: Day | None) -> dict[str, object] | None:
    if rule is None:
        return None
    return {"is_working": rule.is_working, "source": rule.source, "is_confirmed": rule.is_confirmed}


register_actions(
    {
        "foundation:calendar:change": lazy_gettext("A day of the working calendar was changed."),
        "foundation:calendar:ship": lazy_gettext("The days of the working calendar were added."),
    }
)

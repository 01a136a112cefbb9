"""All dossiers of the queue, however many, as one statement that says what the page says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    column,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person
from applications.channels import CHANNEL_TITLES
from applications.models import Case, ProcedureVersion
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.queries.lists import Filters, conditions
from applications.visibility import READING_ROLES, staff_cases
from foundation.actors import Actor
from foundation.calendars import load_calendar
from foundation.longlists import LongList, day_of
from foundation.wording import in_language
from foundation.workdays import Calendar, local_date, start_of_day


@dataclass(frozen=True, slots=True)
class Reading:
    """Whose queue is read, under which filters, in which language and at which instant."""

    actor: Actor
    filters: Filters
    language: str
    at: datetime

    def reached(self) -> list[ColumnElement[bool]]:
        """The dossiers that the actor's roles reach, as the page has them."""
        seen = (Case.state_kind != "draft", staff_cases(self.actor, READING_ROLES))
        return [*seen, *conditions(self.filters, self.actor, self.at)]


DUE, FIRST = day_of(Case.due_at), day_of(Case.original_due_at)


def measure(connection: Connection, reading: Reading) -> tuple[int, set[date]]:
    """How many dossiers there are, and the days on which any is due."""
    days = (DUE.label("due"), FIRST.label("first"))
    query = select(*days, func.count().label("number")).where(*reading.reached()).group_by(*days)
    rows = connection.execute(query).all()
    return sum(row.number for row in rows), {day for row in rows for day in (row.due, row.first) if day is not None}


def whole_queue(session: Session, reading: Reading, days: Iterable[date]) -> LongList:
    """Every dossier, most urgent first; ``days`` are those on which any of them is due."""
    packs = _packs(session)
    said, first, due = _said(packs, reading.language), *_numbered(session, packs, days, reading.at)
    shown = _shown(reading, said, first, due)
    query = (
        select(*shown.values())
        .select_from(Case)
        .outerjoin(said, and_(said.c.version_id == Case.version_id, said.c.state == Case.state))
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Case.holder_id)
        .outerjoin(first, and_(first.c.calendar == said.c.calendar, first.c.day == FIRST))
        .outerjoin(due, and_(due.c.calendar == said.c.calendar, due.c.day == DUE))
        .where(*reading.reached())
        .order_by(Case.urgent_at, Case.id)
    )
    return LongList(list(shown), query)


def _shown(reading: Reading, said: Any, first: Any, due: Any) -> dict[str, ColumnElement[Any]]:
    """The columns by title, as the small file of the queue has them."""
    today, is_open = start_of_day(local_date(reading.at)), Case.state_kind == "open"
    is_late = and_(is_open, Case.original_due_at < today)
    name: ColumnElement[Any] = Organisation.name_vi.expression
    if reading.language != "vi":
        name = func.coalesce(func.nullif(Organisation.name_en, ""), Organisation.name_vi)
    channel = case({code: str(title) for code, title in CHANNEL_TITLES.items()}, value=Case.channel)
    is_in_time = or_(Case.original_due_at.is_(None), Case.original_due_at >= today)
    is_ahead = and_(is_open, is_in_time, Case.due_at >= today)
    return {
        _("Dossier"): func.coalesce(func.nullif(Case.code, ""), Case.key),
        _("Title"): Case.title,
        _("Applicant"): name,
        _("Procedure"): said.c.procedure,
        _("State"): said.c.title,
        _("In charge"): Person.full_name,
        _("Channel"): channel,
        _("Received"): Case.received_at,
        _("Due"): due.c.day,
        _("Working days late"): case((is_late, first.c.number), else_=null()),
        _("Working days left"): case((is_ahead, due.c.number), else_=null()),
    }


def _packs(session: Session) -> dict[int, Pack]:
    """Every version that dossiers may be of; a life has neither dossiers nor a calendar."""
    packs = {number: pack_of_version(session, number) for number in session.scalars(select(ProcedureVersion.id))}
    return {number: pack for number, pack in packs.items() if not pack.is_life}


def _said(packs: Mapping[int, Pack], language: str) -> Any:
    """By version and state: their titles, and the calendar."""
    rows = [
        (version_id, state.key, in_language(state.title, language), in_language(pack.title, language), pack.calendar)
        for version_id, pack in packs.items()
        for state in pack.states
    ]
    names = ("version_id", "state", "title", "procedure", "calendar")
    return _table(rows, names, [BigInteger(), *[String()] * 4]).alias("said")


def _numbered(session: Session, packs: Mapping[int, Pack], days: Iterable[date], at: datetime) -> tuple[Any, Any]:
    """By calendar and day: the working days between it and today, whichever comes first."""
    calendars = [load_calendar(session, code) for code in sorted({pack.calendar for pack in packs.values()})]
    today, listed = local_date(at), sorted(days)
    rows = [(calendar.code, day, _between(calendar, day, today)) for calendar in calendars for day in listed]
    table = _table(rows, ("calendar", "day", "number"), [String(), Date(), Integer()])
    return table.alias("first_days"), table.alias("due_days")


def _between(calendar: Calendar, day: date, today: date) -> int:
    return calendar.working_days_between(min(day, today), max(day, today))


def _table(rows: Sequence[Sequence[Any]], names: Sequence[str], types: Sequence[Any]) -> Select[Any]:
    """Rows of our own as a table of a statement: an array for each column."""
    arrays = [literal([row[place] for row in rows], ARRAY(type_)) for place, type_ in enumerate(types)]
    columns = [column(name, type_) for name, type_ in zip(names, types, strict=True)]
    return select(func.unnest(*arrays).table_valued(*columns).render_derived())

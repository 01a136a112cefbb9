"""The stuck list as officers and leaders of a unit read it, and what a dossier's own page says of it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Select, literal_column, select, true
from sqlalchemy.orm import Session

from accounts.models import Person, Unit
from applications.models import Case, StuckCase
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, State
from applications.queries.urgency import each_of, units_within, written
from applications.visibility import READING_ROLES, staff_cases
from foundation.actors import Actor
from foundation.calendars import load_calendar
from foundation.database import now
from foundation.paging import PAGE_SIZE, Order, Page, page_from, portion
from foundation.prepared import inline
from foundation.workdays import local_date

LONGEST_FIRST = Order((StuckCase.since, StuckCase.case_id))
COLUMNS: tuple[Any, ...] = (
    StuckCase.case_id,
    StuckCase.since,
    StuckCase.reason,
    StuckCase.listed_at,
    Case.key,
    Case.code,
    Case.title,
    Case.state,
    Case.version_id,
    Unit.name.label("unit"),
    Person.full_name.label("holder"),
)


@dataclass(frozen=True, slots=True)
class StuckLine:
    """A row of the list; ``days`` are the working days since."""

    row: Any
    pack: Pack
    state: State
    days: int


def stuck_lines(session: Session, *, actor: Actor, cursor: str | None, size: int = PAGE_SIZE) -> Page[StuckLine]:
    """The dossiers within the actor's roles that stand still, the longest first."""
    first = _first(actor, cursor, size).subquery()
    query = (
        select(*COLUMNS)
        .join(first, first.c.case_id == StuckCase.case_id)
        .join(Case, Case.id == StuckCase.case_id)
        .join(Unit, Unit.id == StuckCase.unit_id)
        .outerjoin(Person, Person.id == Case.holder_id)
        .order_by(*LONGEST_FIRST.columns)
    )
    page = page_from(list(session.execute(query)), LONGEST_FIRST, size=size)
    return Page([_line(session, row) for row in page.rows], page.next_cursor)


def _first(actor: Actor, cursor: str | None, size: int) -> Select[Any]:
    """Which dossiers stand on the page: of each unit the first, so that no list is sorted that is longer.

    Each dossier is asked for by itself, in the order of the list: a join would be made of all of them, then sorted.
    """
    still = select(literal_column("true", Boolean)).where(
        Case.id == StuckCase.case_id, Case.state_kind == inline("open"), staff_cases(actor, READING_ROLES)
    )
    reached: Any = select(StuckCase.case_id, StuckCase.since).where(still.correlate(StuckCase).scalar_subquery())
    units = units_within(actor, READING_ROLES)
    if not units:
        return portion(reached, LONGEST_FIRST, after=cursor, size=size).limit(written(size))
    unit = each_of(units, "unit")
    reached = reached.where(StuckCase.unit_id == unit.c.value)
    branch = portion(reached, LONGEST_FIRST, after=cursor, size=size).limit(written(size)).lateral("branch")
    together = select(branch.c.case_id, branch.c.since).select_from(unit.join(branch, true()))
    return together.order_by(branch.c.since, branch.c.case_id).limit(written(size))


def _line(session: Session, row: Any) -> StuckLine:
    pack = pack_of_version(session, row.version_id)
    calendar = load_calendar(session, pack.calendar)
    days = calendar.working_days_between(local_date(row.since), local_date(now()))
    return StuckLine(row, pack, pack.state_by_key[row.state], days)


def stuck_of(session: Session, case: Case) -> StuckCase | None:
    """The entry of this dossier on the list, if it stands still."""
    return session.get(StuckCase, case.id) if case.state_kind == "open" else None

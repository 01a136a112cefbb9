"""The officer's queue: what can be filtered, and each case with its state and the working days that are left."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Unit
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, State
from applications.queries.codes import Way, spellings, ways_of
from applications.queries.lists import Filters
from applications.queries.procedures import KnownProcedure, known_procedures
from applications.queries.urgency import most_urgent
from applications.visibility import READING_ROLES
from foundation.actors import Actor
from foundation.calendars import load_calendar
from foundation.database import now
from foundation.errors import Invalid
from foundation.paging import Page
from foundation.revisions import kept
from foundation.workdays import Calendar, local_date

HOLDERS = ("me", "nobody")
PERSON = re.compile("[1-9][0-9]{0,17}")
LATENESS = ("late", "on_time")
KINDS = {"open": "open", "closed": "final", "all": ""}


@dataclass(frozen=True, slots=True)
class QueueChoices:
    """What the reader's roles let be chosen: procedures with their packs, and units."""

    procedures: Sequence[KnownProcedure]
    units: Sequence[Unit]

    @property
    def ways(self) -> tuple[Way, ...]:
        """How these units number dossiers."""
        return ways_of((unit.code, unit.dossier_code_pattern) for unit in self.units)

    def states(self, procedure: str) -> list[tuple[Pack, list[State]]]:
        """The states of the chosen procedure, or of all, by procedure; drafts are nobody's business here."""
        packs = [known.pack for known in self.procedures if procedure in ("", known.code)]
        return [(pack, [state for state in pack.states if state.kind != "draft"]) for pack in packs]


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A row of the queue, in working days: left until the next date of the unit, or since it passed.

    Late is what the law calls late: past the first date of the main deadline.
    """

    row: Any
    pack: Pack
    state: State
    days_left: int | None = None
    days_over: int | None = None
    days_late: int | None = None


def queue_choices(session: Session, *, actor: Actor) -> QueueChoices:
    """The procedures and units that the actor's grants reach."""
    grants = actor.scopes_of(READING_ROLES)
    known = [
        procedure
        for procedure in known_procedures(session)
        if any(grant.procedure in (None, procedure.code) for grant in grants)
    ]
    codes = sorted({procedure.pack.unit for procedure in known})
    units = kept(session, "units", tuple(codes), lambda: _units(session, codes))
    reachable = [unit for unit in units if any(grant.units is None or unit.id in grant.units for grant in grants)]
    return QueueChoices(known, reachable)


def _units(session: Session, codes: Sequence[str]) -> Sequence[Unit]:
    units = session.scalars(select(Unit).where(Unit.code.in_(codes)).order_by(Unit.path)).all()
    for unit in units:
        session.expunge(unit)
    return units


def filters_from(asked: Mapping[str, str], choices: QueueChoices) -> Filters:
    """The filters that an address names. Raises Invalid for what cannot be chosen."""
    faults: dict[str, list[Any]] = {}
    procedure = _known(asked, "procedure", {known.code for known in choices.procedures}, faults)
    states = {state.key for _, found in choices.states(procedure) for state in found}
    state = _known(asked, "state", states, faults)
    unit = _known(asked, "unit", {unit.code for unit in choices.units}, faults)
    holder = _holder(asked, faults)
    lateness = _known(asked, "late", LATENESS, faults)
    kind = _known(asked, "kind", KINDS, faults) or "open"
    query = asked.get("q", "")[:200]
    if faults:
        raise Invalid(faults)
    return Filters(
        procedure=procedure,
        states=(state,) if state else (),
        unit_id=next((row.id for row in choices.units if row.code == unit), None),
        holder=holder,
        lateness=lateness,
        kind=KINDS[kind],
        query=query,
        codes=spellings(query, choices.ways) if query else (),
    )


def _known(asked: Mapping[str, str], name: str, choices: Any, faults: dict[str, list[Any]]) -> str:
    value = asked.get(name, "")
    if value and value not in choices:
        faults[name] = ["not_a_choice"]
    return value


def _holder(asked: Mapping[str, str], faults: dict[str, list[Any]]) -> str:
    """The reader, nobody, or a person by number."""
    value = asked.get("holder", "")
    return value if PERSON.fullmatch(value) else _known(asked, "holder", HOLDERS, faults)


def queue_lines(
    session: Session, filters: Filters, *, actor: Actor, cursor: str | None, size: int | None = None
) -> Page[QueueLine]:
    """A page of the queue."""
    page = most_urgent(session, filters, actor=actor, cursor=cursor, size=size)
    packs = {row.version_id: pack_of_version(session, row.version_id) for row in page.rows}
    codes = sorted({pack.calendar for pack in packs.values()})
    calendars = {code: load_calendar(session, code) for code in codes}
    today = local_date(now())
    return Page([_line(row, packs[row.version_id], calendars, today) for row in page.rows], page.next_cursor)


def _line(row: Any, pack: Pack, calendars: Mapping[str, Calendar], today: date) -> QueueLine:
    calendar, state = calendars[pack.calendar], pack.state_by_key[row.state]
    due, first = _day(row.due_at), _day(row.original_due_at)
    if row.state_kind != "open":
        return QueueLine(row, pack, state)
    if first is not None and first < today:
        return QueueLine(row, pack, state, days_late=calendar.working_days_between(first, today))
    if due is not None and due < today:
        return QueueLine(row, pack, state, days_over=calendar.working_days_between(due, today))
    left = calendar.working_days_between(today, due) if due is not None else None
    return QueueLine(row, pack, state, days_left=left)


def _day(instant: Any) -> date | None:
    return local_date(instant) if instant is not None else None

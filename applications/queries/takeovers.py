"""The sheets of older registers that an officer may see, and where a dossier that was taken over came from."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from accounts.models import Person, Unit
from applications.models import TAKEN_OVER, Case, Takeover, TakeoverSheet
from applications.packs.catalogue import pack_of_version
from applications.queries.procedures import KnownProcedure, known_procedures
from applications.visibility import IMPORTING_ROLES
from foundation.actors import Actor
from foundation.errors import NotFound
from foundation.paging import Order, Page, page_of_columns

LATEST = 30
NEWEST_FIRST = Order((TakeoverSheet.id,), is_descending=True)
Importable = tuple[KnownProcedure, Unit]


def importable_procedures(session: Session, *, actor: Actor) -> list[Importable]:
    """The procedures for which the actor takes over dossiers, each with its unit."""
    known = [found for found in known_procedures(session) if actor.holds(*IMPORTING_ROLES)]
    query = select(Unit).where(Unit.code.in_({found.pack.unit for found in known}))
    units = {unit.code: unit for unit in session.scalars(query)}
    pairs = [(found, units[found.pack.unit]) for found in known if found.pack.unit in units]
    return [
        (found, unit)
        for found, unit in pairs
        if actor.has_role(*IMPORTING_ROLES, procedure=found.code, unit_id=unit.id)
    ]


def importable(session: Session, code: str, *, actor: Actor) -> Importable:
    """One of them. Raises NotFound."""
    for found, unit in importable_procedures(session, actor=actor):
        if found.code == code:
            return found, unit
    raise NotFound


def latest_sheets(session: Session, procedures: Sequence[Importable]) -> Sequence[Any]:
    """The last sheets of these procedures, newest first, without their rows."""
    columns = (TakeoverSheet.id, TakeoverSheet.register, TakeoverSheet.filename, TakeoverSheet.status)
    query = (
        select(*columns, TakeoverSheet.sent_at, TakeoverSheet.version_id, Person.full_name)
        .join(Person, Person.id == TakeoverSheet.person_id)
        .where(TakeoverSheet.procedure_id.in_([found.id for found, _ in procedures]))
        .order_by(TakeoverSheet.id.desc())
    )
    return session.execute(query.limit(LATEST)).all()


def sheets_page(session: Session, *, actor: Actor, cursor: str | None, size: int) -> Page[Any]:
    """All sheets of the procedures for which the actor takes over dossiers, newest first, without their rows."""
    procedures = [found.id for found, _unit in importable_procedures(session, actor=actor)]
    columns: tuple[Any, ...] = (
        TakeoverSheet.id,
        TakeoverSheet.register,
        TakeoverSheet.filename,
        TakeoverSheet.status,
        TakeoverSheet.sent_at,
        TakeoverSheet.done_at,
        TakeoverSheet.version_id,
    )
    query = select(*columns).where(TakeoverSheet.procedure_id.in_(procedures))
    return page_of_columns(session, query, NEWEST_FIRST, after=cursor, size=size)


def registers_known(session: Session, procedures: Sequence[Importable]) -> Sequence[str]:
    """The older registers from which something was taken over, so that their names are written the same way again."""
    query = select(TakeoverSheet.register).where(
        TakeoverSheet.procedure_id.in_([found.id for found, _ in procedures]), TakeoverSheet.status == "done"
    )
    return session.scalars(query.distinct().order_by(TakeoverSheet.register).limit(LATEST)).all()


def find_sheet(session: Session, sheet_id: int, *, actor: Actor) -> TakeoverSheet:
    """A sheet of a procedure and unit for which the actor takes over dossiers. Raises NotFound."""
    sheet = session.get(TakeoverSheet, sheet_id, options=[defer(TakeoverSheet.rows)])
    if sheet is None:
        raise NotFound
    code = pack_of_version(session, sheet.version_id).code
    if not actor.has_role(*IMPORTING_ROLES, procedure=code, unit_id=sheet.unit_id):
        raise NotFound
    return sheet


def count_rows(session: Session, sheet: TakeoverSheet) -> int:
    """How many rows the sheet has; they may be large and are not read for it."""
    query = select(func.jsonb_array_length(TakeoverSheet.rows)).where(TakeoverSheet.id == sheet.id)
    return int(session.scalars(query).one())


def dossiers_of_sheet(session: Session, sheet: TakeoverSheet) -> Sequence[Any]:
    """Some of what was taken over by a sheet, in its order: line, number, key and title."""
    query = (
        select(Takeover.line, Takeover.number, Case.key, Case.title)
        .join(Case, Case.id == Takeover.case_id)
        .where(Takeover.sheet_id == sheet.id)
        .order_by(Takeover.line)
    )
    return session.execute(query.limit(LATEST)).all()


def origin_of(session: Session, case: Case) -> Takeover | None:
    """Where the dossier was taken over from; asked only where it was."""
    return session.get(Takeover, case.id) if case.channel == TAKEN_OVER else None

"""Exact numbers beside the filters of the queue, for who looks and under the other filters; read from counters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from accounts.models import Person, Unit
from applications.models import Case, CaseCount, CaseCountChange, Procedure
from applications.models.counts import NOBODY
from applications.packs.model import Pack, State
from applications.queries.lists import Filters, conditions
from applications.queries.queue import QueueChoices
from applications.queries.urgency import AT
from applications.visibility import READING_ROLES, staff_cases
from foundation.actors import Actor
from foundation.database import now
from foundation.prepared import Prepared, inline, prepare

MOST_ROWS = 20_000
"""Words and lateness are no counters: what they leave is counted row by row, up to here, or not at all."""

PLACE = ("procedure_id", "unit_id", "state", "holder_id")


class HeldBy(NamedTuple):
    """Who holds some cases; ``id`` is 0 for nobody."""

    id: int
    name: str | None


@dataclass(frozen=True, slots=True)
class Facets:
    """What each filter could be set to, with the number of cases that it would leave; what leaves none is absent."""

    total: int
    procedures: Sequence[tuple[str, Pack, int]]
    states: Sequence[tuple[str, State, int]]
    units: Sequence[tuple[Unit, int]]
    holders: Sequence[tuple[HeldBy, int]]


def facets_of(session: Session, filters: Filters, choices: QueueChoices, *, actor: Actor) -> Facets | None:
    """The numbers under these filters; None where too many rows would have to be counted one by one."""
    rows = _statement(filters, actor).rows(session, at=now())
    numbers = {(row.facet, row.id, row.state): int(row.number) for row in rows}
    if numbers.get(("rows", None, None), 0) > MOST_ROWS:
        return None
    return Facets(
        total=numbers.get(("all", None, None), 0),
        procedures=[
            (known.code, known.pack, number)
            for known in choices.procedures
            if (number := numbers.get(("procedure", known.id, None), 0))
        ],
        states=list(_states(choices, numbers)),
        units=[(unit, number) for unit in choices.units if (number := numbers.get(("unit", unit.id, None), 0))],
        holders=_holders(rows, actor),
    )


def _states(choices: QueueChoices, numbers: dict[Any, int]) -> Iterator[tuple[str, State, int]]:
    for known in choices.procedures:
        for state in known.pack.states:
            if number := numbers.get(("state", known.id, state.key), 0):
                yield known.code, state, number


def _holders(rows: Sequence[Any], actor: Actor) -> list[tuple[HeldBy, int]]:
    """The reader first, then nobody, then the others by the number they hold."""
    found = [(HeldBy(row.id, row.name), int(row.number)) for row in rows if row.facet == "holder"]
    first = {actor.person_id: 0, NOBODY: 1}
    return sorted(found, key=lambda entry: (first.get(entry[0].id, 2), -entry[1], entry[0].name or "", entry[0].id))


FACETS = ("procedure", "state", "unit", "holder")


@lru_cache(maxsize=256)
def _statement(filters: Filters, actor: Actor) -> Prepared:
    """All numbers at one instant: each facet under the filters of the others."""
    source = _rows(filters, actor).cte("source")
    here = _marked(source, filters, actor).cte("here")
    inside = {name: here.c[f"in_{name}"] for name in FACETS}
    parts = [
        _part("all", NOTHING, NO_STATE, here).where(*inside.values()),
        _part("procedure", here.c.procedure_id, NO_STATE, here).group_by(here.c.procedure_id),
        _part("state", here.c.procedure_id, here.c.state, here).group_by(here.c.procedure_id, here.c.state),
        _part("unit", here.c.unit_id, NO_STATE, here).group_by(here.c.unit_id),
        _part("holder", here.c.holder_id, NO_STATE, here).group_by(here.c.holder_id),
    ]
    for name, part in zip(FACETS, parts[1:], strict=True):
        parts[1 + FACETS.index(name)] = part.where(*(inside[other] for other in FACETS if other != name))
    if filters.query or filters.lateness:
        rows: Any = select(literal("rows").label("facet"), NOTHING.label("id"), NO_STATE.label("state"), func.count())
        parts.append(rows.select_from(source).where(source.c.is_row))
    together = union_all(*parts).subquery()
    named = select(Person.full_name).where(together.c.facet == inline("holder"), Person.id == together.c.id)
    return prepare(select(together, named.scalar_subquery().label("name")))


NOTHING, NO_STATE = cast(null(), BigInteger), cast(null(), String)


def _part(name: str, id_: Any, state: Any, here: Any) -> Select[Any]:
    number = func.sum(here.c.number)
    columns = (literal(name).label("facet"), id_.label("id"), state.label("state"), number.label("number"))
    return select(*columns).select_from(here).having(number != 0)


def _marked(source: Any, filters: Filters, actor: Actor) -> Select[Any]:
    """What stands in one place is added up, and marked by which of the four filters leave it."""
    chosen = select(Procedure.id).where(Procedure.code == filters.procedure).scalar_subquery()
    places = [source.c[name] for name in PLACE]
    marks: dict[str, ColumnElement[bool]] = {
        "procedure": source.c.procedure_id == chosen if filters.procedure else true(),
        "state": source.c.state.in_(filters.states) if filters.states else true(),
        "unit": source.c.unit_id == filters.unit_id if filters.unit_id is not None else true(),
        "holder": source.c.holder_id == held_by(filters.holder, actor) if filters.holder else true(),
    }
    marked = [mark.label(f"in_{name}") for name, mark in marks.items()]
    number = func.sum(source.c.number).label("number")
    columns: list[Any] = [*places, *marked, number]
    return select(*columns).group_by(*places)


def held_by(holder: str, actor: Actor) -> int | None:
    """The id of the person whom a filter names; 0 for nobody."""
    return {"me": actor.person_id, "nobody": NOBODY}.get(holder) if holder in ("me", "nobody") else int(holder)


def _rows(filters: Filters, actor: Actor) -> Any:
    """Numbers by place: from the counters; by words row by row; on time is what is not late."""
    if filters.query or filters.lateness == "late":
        return _each_row(filters, actor, 1)
    counted = [
        select(*_places(model), number.label("number"), literal(False).label("is_row")).where(
            _reached(model, actor), *([model.state_kind == inline(filters.kind)] if filters.kind else [])
        )
        for model, number in ((CaseCount, CaseCount.number), (CaseCountChange, CaseCountChange.change))
    ]
    if filters.lateness:
        counted.append(select(_each_row(replace(filters, lateness="late"), actor, -1).subquery()))
    return union_all(*counted)


def _places(model: Any) -> list[Any]:
    return [getattr(model, name).label(name) for name in PLACE]


def _each_row(filters: Filters, actor: Actor, number: int) -> Select[Any]:
    """The cases themselves under the filters that no counter knows, as far as they may be counted."""
    bare = Filters(kind=filters.kind, lateness=filters.lateness, query=filters.query)
    holder = func.coalesce(Case.holder_id, NOBODY).label("holder_id")
    columns: list[Any] = [Case.procedure_id, Case.unit_id, Case.state, holder]
    numbers = (literal(number).label("number"), literal(True).label("is_row"))
    seen = (Case.state_kind != inline("draft"), staff_cases(actor, READING_ROLES), *conditions(bare, actor, AT))
    return select(*[*columns, *numbers]).where(*seen).limit(MOST_ROWS + 1)


def _reached(model: Any, actor: Actor) -> ColumnElement[bool]:
    """The counters within the scopes of the actor's roles, as :func:`staff_cases` has it for cases."""
    scopes = []
    for grant in actor.scopes_of(READING_ROLES):
        parts: list[ColumnElement[bool]] = [true()]
        if grant.procedure is not None:
            procedure = select(Procedure.id).where(Procedure.code == grant.procedure).scalar_subquery()
            parts.append(model.procedure_id == procedure)
        if grant.units is not None:
            parts.append(model.unit_id.in_(sorted(grant.units)))
        scopes.append(and_(*parts))
    return or_(false(), *scopes)

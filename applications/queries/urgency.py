"""The most urgent cases that somebody's roles reach, read in the order of an index whatever the scope."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Select, String, bindparam, func, literal, select, true
from sqlalchemy.orm import Session

from applications.models import Case
from applications.queries.lists import PAGE_SIZE, Filters, conditions, listing
from applications.visibility import READING_ROLES, staff_cases
from foundation.actors import Actor
from foundation.database import now
from foundation.paging import Order, Page, page_from, portion
from foundation.prepared import Prepared, inline, prepare

BY_URGENCY = Order((Case.urgent_at, Case.id))
KINDS = ("open", "final")
AT: Any = bindparam("at", None, type_=DateTime(timezone=True))


def most_urgent(
    session: Session, filters: Filters, *, actor: Actor, cursor: str | None = None, size: int | None = None
) -> Page[Any]:
    """A page of the cases beyond the draft that the actor's roles reach; those without a due date come last."""
    size = size or PAGE_SIZE
    return page_from(_statement(filters, actor, cursor, size).rows(session, at=now()), BY_URGENCY, size=size)


@lru_cache(maxsize=256)
def _statement(filters: Filters, actor: Actor, cursor: str | None, size: int) -> Prepared:
    """The same people ask for the same lists all day: composing takes longer than asking."""
    first = _first(filters, actor, cursor, size).subquery()
    return prepare(listing().join(first, first.c.id == Case.id).order_by(*BY_URGENCY.columns))


def _first(filters: Filters, actor: Actor, cursor: str | None, size: int) -> Select[Any]:
    """Which cases stand on the page. An index holds the cases of one unit and kind (or state) in order: the
    first of each together contain the first of all, so no list is sorted that is longer than a page."""
    reached: Any = select(Case.id, Case.urgent_at).where(
        Case.state_kind != inline("draft"), staff_cases(actor, READING_ROLES), *conditions(filters, actor, AT)
    )
    if filters.holder not in ("", "nobody"):
        return portion(reached, BY_URGENCY, after=cursor, size=size)
    branches = _each(filters.states or _kinds(filters), String(), "state")
    reached = reached.where((Case.state if filters.states else Case.state_kind) == branches.c.value)
    if units := _units(filters, actor):
        unit = _each(units, BigInteger(), "unit")
        reached = reached.where(Case.unit_id == unit.c.value)
        branches = unit.join(branches, true())
    branch = portion(reached, BY_URGENCY, after=cursor, size=size).lateral("branch")
    together = select(branch.c.id, branch.c.urgent_at).select_from(branches.join(branch, true()))
    return together.order_by(branch.c.urgent_at, branch.c.id).limit(size + 1)


def _kinds(filters: Filters) -> Sequence[str]:
    return (filters.kind,) if filters.kind else KINDS


def _units(filters: Filters, actor: Actor) -> list[int]:
    """The units to look into; none when a role reaches all."""
    if filters.unit_id is not None:
        return [filters.unit_id]
    scopes = [grant.units for grant in actor.scopes_of(READING_ROLES)]
    if any(units is None for units in scopes):
        return []
    return sorted({unit for units in scopes if units for unit in units})


def _each(values: Sequence[Any], kind: Any, name: str) -> Any:
    return func.unnest(literal(list(values), ARRAY(kind))).table_valued("value", name=name).render_derived()

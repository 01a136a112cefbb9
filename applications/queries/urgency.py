"""The most urgent cases that somebody's roles reach, read in the order of an index whatever the scope."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Select,
    String,
    bindparam,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import array
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
        return portion(reached, BY_URGENCY, after=cursor, size=size).limit(written(size))
    asked = filters.states or ((filters.kind,) if filters.kind else ())
    branches = _each(literal(list(asked), ARRAY(String())) if asked else _written_words(KINDS), "state")
    reached = reached.where((Case.state if filters.states else Case.state_kind) == branches.c.value)
    if units := _units(filters, actor):
        unit = each_of(units, "unit")
        reached = reached.where(Case.unit_id == unit.c.value)
        branches = unit.join(branches, true())
    branch = portion(reached, BY_URGENCY, after=cursor, size=size).limit(written(size)).lateral("branch")
    together = select(branch.c.id, branch.c.urgent_at).select_from(branches.join(branch, true()))
    return together.order_by(branch.c.urgent_at, branch.c.id).limit(written(size))


def written(size: int) -> Any:
    """How many rows are wanted, written into the statement, as its units and kinds are: the server plans a statement
    once for all only where it knows these numbers."""
    return literal_column(str(int(size) + 1))


def _written_numbers(numbers: Sequence[int]) -> Any:
    listed = ", ".join(str(int(number)) for number in numbers)
    return literal_column(f"ARRAY[{listed}]::bigint[]", ARRAY(BigInteger()))


def _written_words(words: Sequence[str]) -> Any:
    return array([inline(word) for word in words])


def _units(filters: Filters, actor: Actor) -> list[int]:
    """The units to look into; none when a role reaches all."""
    return [filters.unit_id] if filters.unit_id is not None else units_within(actor, READING_ROLES)


def units_within(actor: Actor, roles: Sequence[str]) -> list[int]:
    """The units that these roles of the actor reach; none when one reaches all."""
    scopes = [grant.units for grant in actor.scopes_of(roles)]
    if any(units is None for units in scopes):
        return []
    return sorted({unit for units in scopes if units for unit in units})


def each_of(numbers: Sequence[int], name: str) -> Any:
    """These numbers as a table of one column, ``value``."""
    return _each(_written_numbers(numbers), name)


def _each(values: Any, name: str) -> Any:
    return func.unnest(values).table_valued("value", name=name).render_derived()

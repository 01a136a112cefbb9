"""The newest cases that somebody may see, read in the order of an index: the list of the programming interface."""

from typing import Any

from sqlalchemy import Select, and_, bindparam, select, union
from sqlalchemy.orm import Session

from applications.models import Case
from applications.queries.lists import PAGE_SIZE, PROMISED, Filters, conditions, listing
from applications.queries.urgency import units_within, written
from applications.visibility import READING_ROLES, own_cases, reviewed_cases, staff_cases
from foundation.actors import Actor
from foundation.database import now
from foundation.paging import Order, Page, page_from, portion
from foundation.prepared import inline

NEWEST_FIRST = Order((Case.id,), is_descending=True)


def listed(
    session: Session, filters: Filters, *, actor: Actor, cursor: str | None = None, size: int = PAGE_SIZE
) -> Page[Any]:
    """Every case that the actor may see, newest first.

    Each way in which a case can be seen has an index of its own; the first of each together contain the first of all.
    """
    asked = conditions(filters, actor, now())
    ways = [_first(way, asked, cursor, size) for way in _ways(actor)]
    first = union(*ways).subquery()
    query = listing().add_columns(PROMISED).join(first, first.c.id == Case.id)
    rows = session.execute(query.order_by(Case.id.desc()).limit(written(size)))
    return page_from(list(rows), NEWEST_FIRST, size=size)


def _ways(actor: Actor) -> list[Any]:
    """Of the actor's organisations, of their roles beyond the draft, drafts that they registered, and reviewed ones."""
    staff = staff_cases(actor, READING_ROLES)
    registered = and_(Case.created_by_id == actor.person_id, Case.channel != inline("direct"))
    return [
        own_cases(actor),
        and_(staff, Case.state_kind != inline("draft"), _within_units(actor)),
        and_(staff, Case.state_kind == inline("draft"), registered),
        reviewed_cases(actor),
    ]


def _within_units(actor: Actor) -> Any:
    """The same units again, written into the statement: how much of everything they have decides how to look."""
    units = units_within(actor, READING_ROLES)
    if not units:
        return Case.id.is_not(None)
    return Case.unit_id.in_(bindparam("within", units, expanding=True, literal_execute=True))


def _first(way: Any, asked: list[Any], cursor: str | None, size: int) -> Select[Any]:
    found = select(Case.id).where(way, *asked)
    return select(portion(found, NEWEST_FIRST, after=cursor, size=size).limit(written(size)).subquery().c.id)

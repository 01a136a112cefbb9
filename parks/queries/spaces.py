"""Parks and spaces as they stand on a day: what is free, what is held, reserved or let, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, null, or_, select, true
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Session, aliased, defer, joinedload, selectinload

from foundation.database import now
from foundation.errors import NotFound
from foundation.paging import Order, Page, page_of_columns
from foundation.workdays import local_date
from parks.models import Park, ParkOperator, Space, SpaceAllocation, SpaceChange, SpaceChangePart
from parks.models.allocations import is_live
from parks.models.spaces import KINDS

STATUSES = ("available", "held", "reserved", "leased", "planned", "refurbishing", "blocked")
IN_ORDER = Order((Space.code,))


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the instant at which it is asked (which tells what has lapsed)."""

    on: date
    at: datetime


def present() -> Moment:
    return Moment(local_date(now()), now())


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for; empty is anything. ``within`` is the code of a space."""

    status: str = ""
    use: str = ""
    kind: str = ""
    min_m2: Decimal | None = None
    within: str = ""


def all_parks(session: Session) -> list[Park]:
    """Every park with its operator and announced areas, by code."""
    found = select(Park).options(joinedload(Park.operator), selectinload(Park.announced)).order_by(Park.code)
    return list(session.scalars(found))


def find_park(session: Session, code: str) -> Park:
    """Raises NotFound."""
    found = select(Park).options(joinedload(Park.operator), selectinload(Park.announced)).where(Park.code == code)
    park = session.scalar(found)
    if park is None:
        raise NotFound
    return park


def find_space(session: Session, code: str) -> Space:
    """A space with its park and operator. Raises NotFound."""
    found = select(Space).options(joinedload(Space.park), joinedload(Space.operator)).where(Space.code == code)
    space = session.scalar(found)
    if space is None:
        raise NotFound
    return space


def exists_on(day: date) -> ColumnElement[bool]:
    return and_(Space.opened_on <= day, or_(Space.closed_on.is_(None), Space.closed_on > day))


def _claims_of_each(moment: Moment) -> Any:
    """Per space what counts on the day or later, as a lateral join."""
    kind = SpaceAllocation.kind
    return (
        select(
            func.bool_or(kind == "lease").label("is_let"),
            func.bool_or(kind == "reservation").label("is_reserved"),
            func.count().label("number"),
            func.max(func.upper(SpaceAllocation.period)).label("until"),
            func.min(SpaceAllocation.expires_at).label("expires_at"),
        )
        .where(SpaceAllocation.space_id == Space.id, is_live(moment.at), func.upper(SpaceAllocation.period) > moment.on)
        .lateral("claims")
    )


def _standing(moment: Moment) -> tuple[Any, list[ColumnElement[Any]]]:
    claims = _claims_of_each(moment)
    onward = literal(Range(moment.on, None), DATERANGE)
    free = case(
        (Space.usable_m2.is_(None), null()),
        (claims.c.number == 0, Space.usable_m2),
        (Space.is_divisible, Space.usable_m2 - func.space_peak_m2(Space.id, onward, moment.at)),
        else_=literal(Decimal(0)),
    )
    status = case(
        (Space.usable_m2.is_(None), null()),
        (Space.condition != "ready", Space.condition),
        (free > 0, "available"),
        (claims.c.is_let, "leased"),
        (claims.c.is_reserved, "reserved"),
        else_="held",
    )
    return claims, [free.label("free_m2"), status.label("status"), claims.c.until, claims.c.expires_at]


def spaces_as_they_stand(moment: Moment, *, with_outlines: bool = False) -> Select[Any]:
    """Space, its parent's code, free area, status, last day + 1 and next lapse, of all spaces that exist on the day."""
    rows = _standing_rows(moment).where(exists_on(moment.on))
    return rows if with_outlines else rows.options(defer(Space.geometry))


def _standing_rows(moment: Moment) -> Select[Any]:
    above = aliased(Space)
    claims, standing = _standing(moment)
    return (
        select(Space, above.code.label("parent_code"), *standing, Space.code)
        .outerjoin(above, above.id == Space.parent_id)
        .join(claims, true())
    )


def spaces_page(
    session: Session, park: Park, sought: Sought, moment: Moment, *, after: str | None, size: int
) -> Page[Any]:
    """Spaces of a park by code: those that can be let, or all of one kind.

    ``min_m2`` asks for free area of what is available, for the whole area of what is not.
    Raises Invalid for a cursor of another list, NotFound when there is no such space to look within.
    """
    found = spaces_as_they_stand(moment).where(Space.park_id == park.id)
    free, status = found.selected_columns["free_m2"], found.selected_columns["status"]
    found = found.where(Space.kind == sought.kind) if sought.kind else found.where(Space.usable_m2.is_not(None))
    if sought.use:
        found = found.where(Space.use == sought.use)
    if sought.status:
        found = found.where(_plain(status) == sought.status)
    if sought.min_m2 is not None:
        found = found.where(case((_plain(status) == "available", _plain(free)), else_=Space.usable_m2) >= sought.min_m2)
    if sought.within:
        found = found.where(Space.path.startswith(find_space(session, sought.within).path, autoescape=True))
    return page_of_columns(session, found, IN_ORDER, after=after, size=size)


def _plain(labelled: Any) -> Any:
    return labelled.element


def space_as_it_stands(session: Session, space: Space, moment: Moment) -> Any:
    """One row as of :func:`spaces_as_they_stand`, of a space that may be closed by now."""
    return session.execute(_standing_rows(moment).where(Space.id == space.id)).one()


def allocations_of(session: Session, space: Space) -> list[SpaceAllocation]:
    """All that was ever given of a space, the latest period first."""
    given = select(SpaceAllocation).where(SpaceAllocation.space_id == space.id)
    return list(session.scalars(given.order_by(func.lower(SpaceAllocation.period).desc(), SpaceAllocation.id.desc())))


def tally(session: Session, park_ids: Sequence[int], moment: Moment) -> dict[int, dict[str, tuple[int, Decimal]]]:
    """Per park and status, how many spaces there are and what they come to in square metres."""
    rows = spaces_as_they_stand(moment).where(Space.park_id.in_(park_ids), Space.usable_m2.is_not(None)).subquery()
    counted = select(rows.c.park_id, rows.c.status, func.count(), func.sum(rows.c.usable_m2))
    told: dict[int, dict[str, tuple[int, Decimal]]] = {key: {} for key in park_ids}
    for park_id, status, number, area in session.execute(counted.group_by(rows.c.park_id, rows.c.status)):
        told[park_id][status] = (number, area)
    return told


def changes_of(session: Session, space: Space) -> list[SpaceChange]:
    """The merges and splits that the space came from or went into, with their spaces."""
    touched = select(SpaceChangePart.change_id).where(SpaceChangePart.space_id == space.id)
    found = select(SpaceChange).where(SpaceChange.id.in_(touched)).order_by(SpaceChange.id)
    parts = selectinload(SpaceChange.parts).joinedload(SpaceChangePart.space).defer(Space.geometry)
    return list(session.scalars(found.options(parts)))


def plan_rows(session: Session, park: Park) -> list[Any]:
    """The open spaces of a park from the top down, each with the codes of its parent and operator."""
    above = aliased(Space)
    found = (
        select(Space, above.code, ParkOperator.code)
        .outerjoin(above, above.id == Space.parent_id)
        .join(ParkOperator, ParkOperator.id == Space.operator_id)
        .where(Space.park_id == park.id, Space.closed_on.is_(None))
    )
    return list(session.execute(found.order_by(func.array_position(list(KINDS), Space.kind), Space.code)))

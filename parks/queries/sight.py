"""Which spaces and parks somebody may look into: those of the operators they work for."""

from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.errors import NotFound
from parks.models import Park, ParkOperator, Space
from parks.rules import READING_ROLES


def space_ids_in_sight(actor: Actor) -> Any:
    """The spaces whose tenants and prices somebody may see, as a query of their ids."""
    spaces = (
        select(Space.id).join(Park, Park.id == Space.park_id).join(ParkOperator, ParkOperator.id == Space.operator_id)
    )
    scopes = scopes_in_sight(actor)
    if None in scopes:
        return spaces
    is_main = Space.operator_id == Park.operator_id
    return spaces.where(or_(false(), *(_in_scope(scope or "", is_main) for scope in scopes)))


def scopes_in_sight(actor: Actor) -> list[str | None]:
    """Parks, or operators in parks, whose tenants somebody may see; None is all of them."""
    return [None] if actor.kind == "system" else [grant.park for grant in actor.scopes_of(READING_ROLES)]


def _in_scope(scope: str, is_main: ColumnElement[bool]) -> ColumnElement[bool]:
    """A park's own name means its main operator's spaces; with an operator's name behind it, that one's."""
    park, _slash, operator = scope.partition("/")
    return and_(Park.code == park, ParkOperator.code == operator if operator else is_main)


def parks_in_sight(session: Session, actor: Actor) -> list[Park]:
    """The parks in which somebody sees tenants and prices, by code."""
    scopes = scopes_in_sight(actor)
    found = select(Park).order_by(Park.code)
    if None not in scopes:
        found = found.where(Park.code.in_({(scope or "").partition("/")[0] for scope in scopes}))
    return list(session.scalars(found))


def park_in_sight(session: Session, code: str, actor: Actor) -> Park:
    """Raises NotFound, also for a park of which the actor sees no tenant."""
    park = next((park for park in parks_in_sight(session, actor) if park.code == code), None)
    if park is None:
        raise NotFound
    return park

"""Who was admitted to a park, what they asked for, and which places they have on it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, joinedload

from applications.models import Case
from applications.visibility import visible_cases
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound
from foundation.paging import Order, Page, page_of
from parks.models import Park, ParkAdmission, SpaceAllocation
from parks.models.allocations import is_live
from parks.queries.spaces import Sought, present, spaces_page
from parks.rules import may_see_holders

NEWEST = Order((ParkAdmission.id,), is_descending=True)
SUGGESTED = 12
WHOLE = (joinedload(ParkAdmission.park), joinedload(ParkAdmission.organisation), joinedload(ParkAdmission.case))


def admissions_page(
    session: Session, park: Park, *, waiting: bool, after: str | None, size: int
) -> Page[ParkAdmission]:
    """Those of a park, the newest first; ``waiting`` are those that count and have no place yet."""
    found = select(ParkAdmission).options(*WHOLE).where(ParkAdmission.park_id == park.id)
    if waiting:
        found = found.where(ParkAdmission.ended_at.is_(None), ~has_place())
    return page_of(session, found, NEWEST, after=after, size=size)


def has_place() -> ColumnElement[bool]:
    return exists(select(SpaceAllocation.id).where(SpaceAllocation.admission_id == ParkAdmission.id, is_live(now())))


def find_admission(session: Session, key: str, *, actor: Actor) -> ParkAdmission:
    """For those who read the park's affairs, and for its own people. Raises NotFound to all others."""
    ground = session.scalar(select(ParkAdmission).options(*WHOLE).where(ParkAdmission.key == key))
    if ground is None:
        raise NotFound
    if not (may_see_holders(actor, ground.park.code) or ground.organisation_id in actor.organisation_ids):
        raise NotFound
    return ground


def may_open_dossier(session: Session, ground: ParkAdmission, actor: Actor) -> bool:
    """Whether the actor may read the dossier that the admission rests on: running a park does not say so."""
    mine = select(Case.id).where(Case.id == ground.case_id, visible_cases(actor))
    return session.scalar(mine) is not None


def own_admissions(session: Session, actor: Actor, park: Park | None = None) -> list[ParkAdmission]:
    """Those of the organisations that somebody belongs to which still count."""
    if not actor.organisation_ids:
        return []
    found = (
        select(ParkAdmission)
        .options(*WHOLE)
        .where(ParkAdmission.organisation_id.in_(sorted(actor.organisation_ids)), ParkAdmission.ended_at.is_(None))
    )
    if park is not None:
        found = found.where(ParkAdmission.park_id == park.id)
    return list(session.scalars(found.order_by(ParkAdmission.id)))


def places_of(session: Session, ground: ParkAdmission) -> list[SpaceAllocation]:
    """All that was ever given on it, the latest first."""
    found = select(SpaceAllocation).options(joinedload(SpaceAllocation.space))
    found = found.where(SpaceAllocation.admission_id == ground.id).order_by(SpaceAllocation.id.desc())
    return list(session.scalars(found))


def places_of_all(session: Session, grounds: Sequence[ParkAdmission]) -> dict[int, list[SpaceAllocation]]:
    """What stands now, by admission."""
    found = select(SpaceAllocation).options(joinedload(SpaceAllocation.space))
    found = found.where(SpaceAllocation.admission_id.in_([one.id for one in grounds]), is_live(now()))
    places: dict[int, list[SpaceAllocation]] = {}
    for place in session.scalars(found.order_by(SpaceAllocation.id)):
        places.setdefault(place.admission_id or 0, []).append(place)
    return places


def fitting_spaces(session: Session, ground: ParkAdmission) -> Sequence[Any]:
    """Some spaces of the park that are free and large enough; desks for those who were admitted to a desk."""
    area = ground.wish.get("area_m2")
    sought = Sought(
        status="available",
        kind="desk" if ground.kind == "desk" else "",
        min_m2=Decimal(str(area)) if area and ground.kind == "project" else None,
    )
    return spaces_page(session, ground.park, sought, present(), after=None, size=SUGGESTED).rows

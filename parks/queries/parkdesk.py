"""What waits for those who run a park: claims and offers about to lapse, who waits for a space, rounds to decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, null, select, union_all
from sqlalchemy.orm import Session

from foundation.actors import Actor
from parks.models import AllocationRound, Park, RoundApplicant, RoundOffer, Space, SpaceAllocation, SpaceWaiter
from parks.queries.sight import space_ids_in_sight


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows of a section of the desk, no more than asked for, and how many there are."""

    rows: Sequence[Any]
    count: int


def lapsing(
    session: Session, actor: Actor, parks: Sequence[Park], *, span: tuple[datetime, datetime], most: int
) -> Waiting:
    """Holds, reservations and offers of rounds that lapse between two instants, the next first."""
    mine = (Space.park_id.in_([park.id for park in parks]), Space.id.in_(space_ids_in_sight(actor)))
    claims = (
        select(SpaceAllocation.kind, Space.code, SpaceAllocation.holder, SpaceAllocation.expires_at)
        .add_columns(null().label("round"))
        .join(Space, Space.id == SpaceAllocation.space_id)
        .where(*mine, SpaceAllocation.released_at.is_(None), SpaceAllocation.expires_at.between(*span))
        .where(~select(RoundOffer.id).where(RoundOffer.allocation_id == SpaceAllocation.id, _is_open()).exists())
    )
    offers = (
        select(literal("offer"), Space.code, RoundApplicant.name, RoundOffer.expires_at, AllocationRound.key)
        .join(Space, Space.id == RoundOffer.space_id)
        .join(RoundApplicant, RoundApplicant.id == RoundOffer.applicant_id)
        .join(AllocationRound, AllocationRound.id == RoundOffer.round_id)
        .where(*mine, _is_open(), RoundOffer.expires_at.between(*span))
    )
    both = union_all(claims, offers).subquery()
    return _first(session, select(both), (both.c.expires_at, both.c.code), most)


def _is_open() -> Any:
    return RoundOffer.answer.is_(None)


def waiting(session: Session, actor: Actor, parks: Sequence[Park], most: int) -> Waiting:
    """Who waits for a space, the longest first."""
    found = (
        select(Space.code, SpaceWaiter.holder, SpaceWaiter.area_m2, SpaceWaiter.since, SpaceWaiter.id)
        .join(Space, Space.id == SpaceWaiter.space_id)
        .where(Space.park_id.in_([park.id for park in parks]), Space.id.in_(space_ids_in_sight(actor)))
        .where(SpaceWaiter.left_at.is_(None))
    )
    return _first(session, found, (SpaceWaiter.id,), most)


def open_rounds(session: Session, parks: Sequence[Park], most: int) -> Waiting:
    """Rounds that nobody has decided yet, the next to close first."""
    count = func.count(RoundApplicant.id).label("applicants")
    found = (
        select(AllocationRound.key, AllocationRound.title, AllocationRound.closes_on, count)
        .outerjoin(RoundApplicant, RoundApplicant.round_id == AllocationRound.id)
        .where(AllocationRound.park_id.in_([park.id for park in parks]), AllocationRound.decided_at.is_(None))
        .group_by(AllocationRound.id)
    )
    return _first(session, found, (AllocationRound.closes_on, AllocationRound.id), most)


def _first(session: Session, found: Any, order: Sequence[Any], most: int) -> Waiting:
    """The first rows, with the number of all beside them."""
    rows = session.execute(found.add_columns(func.count().over().label("all")).order_by(*order).limit(most)).all()
    return Waiting(rows, rows[0].all if rows else 0)

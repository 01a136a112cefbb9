"""Whether somebody may be given a place at all: on an admission of their own, where the park asks for one."""

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from foundation.database import now
from foundation.errors import Blocked
from foundation.workdays import local_date
from parks.allocation import Wanted
from parks.models import ParkAdmission, SpaceAllocation
from parks.models.allocations import is_live
from parks.operations.standing import Place


def require_admission(session: Session, space: Place, wanted: Wanted) -> None:
    """Of a locked space; the admission, if there is one, is locked too.

    Raises Blocked: the park asks for an admission, or the one named is over, used up, or somebody else's.
    """
    if wanted.admission_id is not None:
        _require_sound(session, space, wanted)
        return
    since = space.admission_from
    if since is not None and since <= local_date(now()) and not _renews(session, space, wanted):
        raise Blocked("space_follows_admission")


def _require_sound(session: Session, space: Place, wanted: Wanted) -> None:
    ground = session.get_one(ParkAdmission, wanted.admission_id, with_for_update=True)
    if ground.park_id != space.park_id or ground.organisation_id != wanted.organisation_id:
        raise Blocked("admission_not_ones_own")
    if ground.ended_at is not None:
        raise Blocked("admission_over")
    if ground.spaces is not None and ground.spaces <= places_on(session, ground):
        raise Blocked("admission_used_up")


def places_on(session: Session, ground: ParkAdmission) -> int:
    """How many places stand on it now."""
    live = select(func.count()).where(SpaceAllocation.admission_id == ground.id, is_live(now()))
    return session.scalar(live) or 0


def _renews(session: Session, space: Place, wanted: Wanted) -> bool:
    """Whether whoever leases the space goes on having it: they were there before admissions were asked for."""
    earlier = select(SpaceAllocation.id).where(
        SpaceAllocation.space_id == space.id,
        SpaceAllocation.kind == "lease",
        SpaceAllocation.holder == wanted.holder,
        or_(
            SpaceAllocation.organisation_id == wanted.organisation_id,
            SpaceAllocation.organisation_id.is_(None) & (wanted.organisation_id is None),
        ),
        SpaceAllocation.period << Range(wanted.starts_on, None),
    )
    return session.scalar(earlier.limit(1)) is not None

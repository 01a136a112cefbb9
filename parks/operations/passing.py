"""What somebody loses of a space goes on: in a round by its ranking, else to the queue of the space."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM, Actor
from foundation.database import now
from parks.models import Space, SpaceAllocation
from parks.operations import allocations, offers, waiting
from parks.operations.spaces import find_for_writing


def release_claim(session: Session, key: str, *, reason: str, actor: Actor) -> SpaceAllocation:
    """Let go of a hold or reservation; who is next gets it, and whoever lost it is told who that is and why.

    Raises NotFound, NotAllowed or Blocked: see :func:`parks.operations.allocations.release_claim`.
    """
    lost = allocations.release_claim(session, key, reason=reason, actor=actor)
    if lost.round_id is not None:
        offers.forfeit(session, lost.id)
    else:
        waiting.pass_on(session, find_for_writing(session, lost.space.code, actor=SYSTEM), lost)
    return lost


def pass_on_lapsed(session: Session) -> int:
    """All that lapsed by itself goes on, and so does what fell free otherwise; how much it was."""
    return waiting.pass_on_lapsed(session) + _forfeit_lapsed(session) + waiting.serve_queues(session)


def _forfeit_lapsed(session: Session) -> int:
    """Holds and reservations of rounds that ran out without a contract."""
    lapsed = or_(
        and_(SpaceAllocation.released_at.is_(None), SpaceAllocation.expires_at <= now()),
        and_(SpaceAllocation.release_reason == "lapsed", SpaceAllocation.told_at.is_(None)),
    )
    found = select(SpaceAllocation.id, Space.code).join(Space).where(lapsed, SpaceAllocation.round_id.is_not(None))
    rows = session.execute(found.order_by(SpaceAllocation.id).limit(waiting.AT_ONCE)).all()
    for number, code in rows:
        space = find_for_writing(session, code, actor=SYSTEM)
        allocations.release_lapsed(session, space.id)
        lost = session.get_one(SpaceAllocation, number, populate_existing=True)
        lost.told_at = now()
        session.flush()
        offers.forfeit(session, number)
    return len(rows)

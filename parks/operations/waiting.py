"""The queue of a space, and holds that lapse: the next in the queue gets the space without a person acting."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from accounts.models import Membership, RoleGrant
from foundation import audit
from foundation.actors import SYSTEM, Actor
from foundation.database import now
from foundation.errors import Blocked, NotFound
from foundation.notices import notify
from foundation.workdays import local_date
from parks.allocation import Wanted
from parks.models import RoundSpace, Space, SpaceAllocation, SpaceWaiter
from parks.models.allocations import is_live
from parks.models.waiting import queue_of
from parks.notices import SPACE_FREED, SPACE_GIVEN_UP, SPACE_HANDED_ON, SPACE_HELD_FOR_YOU, SPACE_PASSED_ON
from parks.operations.allocations import check_wanted, hold_space, release_lapsed
from parks.operations.spaces import find_for_writing
from parks.rules import PARK_ADMINISTRATOR, scope_of_space

ONE_DAY = timedelta(days=1)
AT_ONCE = 200
Served = tuple[SpaceWaiter, SpaceAllocation]
"""Who waited, with the hold that the queue gave them."""


def join_queue(session: Session, code: str, wanted: Wanted, *, actor: Actor) -> SpaceWaiter:
    """Wait for a space that somebody else has.

    Raises:
        NotFound, NotAllowed: there is no such space, or the actor does not run it.
        Invalid, Blocked: nobody could ever be given it like this.
    """
    space = find_for_writing(session, code, actor=actor)
    check_wanted(space, wanted)
    waiter = SpaceWaiter(
        space_id=space.id,
        period=Range(wanted.starts_on, wanted.until),
        area_m2=wanted.area_m2,
        organisation_id=wanted.organisation_id,
        admission_id=wanted.admission_id,
        holder=wanted.holder,
        person_id=actor.person_id,
    )
    session.add(waiter)
    _record(session, space, waiter, "parks:queue:join", actor=actor)
    return waiter


def leave_queue(session: Session, code: str, waiter_id: int, *, actor: Actor) -> None:
    """Raises NotFound, NotAllowed, or Blocked when they do not wait any more."""
    space = find_for_writing(session, code, actor=actor)
    found = select(SpaceWaiter).where(SpaceWaiter.id == waiter_id, SpaceWaiter.space_id == space.id)
    waiter = session.scalar(found)
    if waiter is None:
        raise NotFound
    if waiter.left_at is not None:
        raise Blocked("queue_left")
    waiter.left_at = now()
    _record(session, space, waiter, "parks:queue:leave", actor=actor)


def pass_on_lapsed(session: Session) -> int:
    """Release what has lapsed, hold each space for the next in its queue, tell everybody; how many lapsed."""
    count = 0
    for key, code in _lapsed_and_untold(session):
        space = find_for_writing(session, code, actor=SYSTEM)
        release_lapsed(session, space.id)
        lost = session.scalars(
            select(SpaceAllocation).where(SpaceAllocation.key == key).execution_options(populate_existing=True)
        ).one()
        if lost.told_at is None and lost.release_reason == "lapsed":
            lost.told_at = now()
            session.flush()
            pass_on(session, space, lost)
            count += 1
    return count


def pass_on(session: Session, space: Space, lost: SpaceAllocation) -> None:
    """Hold what somebody lost of a locked space for those first in its queue, and tell everybody concerned."""
    served = _serve(session, space)
    _tell(session, space, lost, served[0][0] if served else None)
    _tell_served(session, space, served)


def serve_queue(session: Session, code: str) -> list[SpaceWaiter]:
    """What is free of a space goes to those first in its queue, who are told; whoever got something, in order."""
    space = find_for_writing(session, code, actor=SYSTEM)
    served = _serve(session, space)
    _tell_served(session, space, served)
    return [waiter for waiter, _claim in served]


def serve_queues(session: Session) -> int:
    """Whatever fell free while nobody looked goes to who waits for it; how many got something."""
    return sum(len(serve_queue(session, code)) for code in session.scalars(_waited_for_and_free()))


def _waited_for_and_free() -> Select[str]:
    """Spaces ready to be let of which days that somebody waits for are free; of land by parts, some of it may be."""
    taken = select(SpaceAllocation.id).where(
        SpaceAllocation.space_id == SpaceWaiter.space_id,
        is_live(now()),
        SpaceAllocation.is_whole,
        SpaceAllocation.period.overlaps(SpaceWaiter.period),
    )
    promised = select(RoundSpace.id).where(
        RoundSpace.space_id == SpaceWaiter.space_id,
        RoundSpace.settled_at.is_(None),
        RoundSpace.period.overlaps(SpaceWaiter.period),
    )
    waited = select(SpaceWaiter.id).where(
        SpaceWaiter.space_id == Space.id,
        SpaceWaiter.left_at.is_(None),
        func.upper(SpaceWaiter.period) > local_date(now()),
        ~taken.exists(),
        ~promised.exists(),
    )
    return select(Space.code).where(Space.condition == "ready", waited.exists()).order_by(Space.id)


def _lapsed_and_untold(session: Session) -> list[tuple[str, str]]:
    """Without what rounds offered: that goes on by their ranking."""
    lapsed = or_(
        SpaceAllocation.released_at.is_(None) & (SpaceAllocation.expires_at <= now()),
        (SpaceAllocation.release_reason == "lapsed") & SpaceAllocation.told_at.is_(None),
    )
    found = select(SpaceAllocation.key, Space.code).join(Space).where(lapsed, SpaceAllocation.round_id.is_(None))
    return [(key, code) for key, code in session.execute(found.order_by(Space.id, SpaceAllocation.id).limit(AT_ONCE))]


def _serve(session: Session, space: Space) -> list[Served]:
    """Hold the space for those first in its queue whom it fits; the others go on waiting."""
    served = []
    today = local_date(now())
    for waiter in queue_of(session, space):
        wanted = _wanted(waiter)
        if wanted.ends_on < today:
            continue
        try:
            claim = hold_space(session, space.code, wanted, actor=SYSTEM)
        except Blocked:
            continue
        waiter.left_at, waiter.allocation_id = now(), claim.id
        session.flush()
        served.append((waiter, claim))
    return served


def _wanted(waiter: SpaceWaiter) -> Wanted:
    first, until = waiter.period.lower, waiter.period.upper
    if first is None or until is None:
        raise ValueError("the database refuses open periods")
    return Wanted(first, until - ONE_DAY, waiter.holder, waiter.organisation_id, waiter.area_m2, waiter.admission_id)


def _tell(session: Session, space: Space, lost: SpaceAllocation, following: SpaceWaiter | None) -> None:
    concerned = {*_administrators(session, space), *_members(session, lost.organisation_id)}
    is_lapsed = lost.release_reason == "lapsed"
    facts = {
        "space": space.code,
        "holder": lost.holder,
        "lapsed_at": lost.expires_at if is_lapsed else lost.released_at,
    }
    link = f"/spaces/{space.code}"
    if following is None:
        notify(session, concerned, SPACE_FREED if is_lapsed else SPACE_GIVEN_UP, facts=facts, link=link)
        return
    passed_on = facts | {"next": following.holder, "since_at": following.since}
    notify(session, concerned, SPACE_PASSED_ON if is_lapsed else SPACE_HANDED_ON, facts=passed_on, link=link)


def _tell_served(session: Session, space: Space, served: Iterable[Served]) -> None:
    for waiter, claim in served:
        told = {"space": space.code, "since_at": waiter.since, "until_at": claim.expires_at}
        people, link = _members(session, waiter.organisation_id), f"/spaces/{space.code}"
        notify(session, people, SPACE_HELD_FOR_YOU, facts=told, link=link)


def _members(session: Session, organisation_id: int | None) -> Iterator[int]:
    if organisation_id is not None:
        of_it = Membership.organisation_id == organisation_id
        is_one = or_(Membership.until_at.is_(None), Membership.until_at > now())
        yield from session.scalars(select(Membership.person_id).where(of_it, is_one))


def _administrators(session: Session, space: Space) -> Iterator[int]:
    """Those who run the space, by a role that is in force."""
    yield from session.scalars(
        select(RoleGrant.person_id).where(
            RoleGrant.role == PARK_ADMINISTRATOR,
            RoleGrant.revoked_at.is_(None),
            RoleGrant.starts_on <= local_date(now()),
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= local_date(now())),
            or_(RoleGrant.scope_park.is_(None), RoleGrant.scope_park == scope_of_space(space)),
        )
    )


def _record(session: Session, space: Space, waiter: SpaceWaiter, action: str, *, actor: Actor) -> None:
    session.flush()
    audit.append(session, f"space:{space.id}", actor=actor, action=action, subject=("space_waiter", waiter.id))

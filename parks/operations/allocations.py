"""A space held, reserved, let and released: decided under the space's lock, and kept by the database."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session, make_transient_to_detached

from foundation import audit
from foundation.actors import Actor
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.prepared import prepare
from foundation.workdays import end_of_day, local_date
from parks.allocation import Claim, Room, Wanted, require_room
from parks.models import Space, SpaceAllocation
from parks.operations.admitted import require_admission
from parks.operations.spaces import find_for_writing
from parks.operations.standing import Place, lock_place
from parks.rules import require_runner

WRITTEN = (
    *("space_id", "kind", "area_m2", "organisation_id", "holder", "deposit_vnd", "expires_at", "made_at"),
    *("person_id", "admission_id", "round_id"),
)
INSERT = prepare(
    text(
        f"INSERT INTO space_allocations ({', '.join(WRITTEN)}, period) "  # noqa: S608 - our own names
        f"VALUES ({', '.join(f':{name}' for name in WRITTEN)}, daterange(:first, :until)) RETURNING id, key, is_whole"
    )
)
LONGEST_YEARS = 99
HOLD, RESERVATION, LEASE = "hold", "reservation", "lease"


@dataclass(frozen=True, slots=True)
class Terms:
    """How a space is had: what expires needs no hand to let go."""

    kind: str
    expires_at: datetime | None = None
    deposit_vnd: int | None = None


def hold_space(session: Session, code: str, wanted: Wanted, *, actor: Actor) -> SpaceAllocation:
    """Keep a space for somebody for as long as its operator holds one without a deposit.

    Raises:
        NotFound, NotAllowed: there is no such space, or the actor does not run it.
        Invalid: the period or the area is impossible.
        Blocked: the space is not let, or somebody has it on one of these days.
    """
    place = lock_place(session, code, actor=actor)
    return _claim(session, place, Terms(HOLD, _end_of_hold(session, place)), wanted, actor=actor)


def reserve_space(session: Session, code: str, wanted: Wanted, *, deposit_vnd: int, actor: Actor) -> SpaceAllocation:
    """Keep a space against a deposit. Raises as :func:`hold_space`."""
    place = lock_place(session, code, actor=actor)
    terms = Terms(RESERVATION, _end_of_reservation(place.reservation_days), deposit_vnd)
    return _claim(session, place, terms, wanted, actor=actor)


def let_space(session: Session, code: str, wanted: Wanted, *, actor: Actor) -> SpaceAllocation:
    """Let a space that nobody has. Raises as :func:`hold_space`."""
    place = lock_place(session, code, actor=actor)
    return _claim(session, place, Terms(LEASE), wanted, actor=actor)


def reserve_held(session: Session, key: str, *, deposit_vnd: int, actor: Actor) -> SpaceAllocation:
    """Turn a hold into a reservation once its deposit is there. Raises as :func:`let_claimed`."""
    claim = find_claim(session, key, actor=actor)
    _require_standing(claim, HOLD)
    claim.kind, claim.deposit_vnd = RESERVATION, deposit_vnd
    claim.expires_at = _end_of_reservation(claim.space.operator.reservation_days)
    return _changed(session, claim, "parks:allocation:reservation", actor=actor)


def hold_anew(session: Session, key: str, *, actor: Actor) -> SpaceAllocation:
    """Let the days of a hold count from now: its firm said yes, and the contract follows. Raises as let_claimed."""
    claim = find_claim(session, key, actor=actor)
    _require_standing(claim, HOLD)
    calendar = load_calendar(session, HANOI_CALENDAR)
    claim.expires_at = end_of_day(calendar.add_working_days(local_date(now()), claim.space.operator.hold_working_days))
    return _changed(session, claim, "parks:allocation:change", actor=actor)


def let_claimed(session: Session, key: str, *, actor: Actor) -> SpaceAllocation:
    """Turn a hold or reservation into a lease. Raises NotFound, NotAllowed, or Blocked when it is over."""
    claim = find_claim(session, key, actor=actor)
    _require_standing(claim, HOLD, RESERVATION)
    claim.kind, claim.expires_at = LEASE, None
    return _changed(session, claim, "parks:allocation:lease", actor=actor)


def move_end(session: Session, key: str, ends_on: date, *, actor: Actor) -> SpaceAllocation:
    """Shorten or prolong what somebody has.

    Raises:
        NotFound, NotAllowed: see :func:`find_claim`.
        Invalid: it would end before it begins.
        Blocked: it is over, or somebody else has the space on one of the added days.
    """
    claim = find_claim(session, key, actor=actor)
    _require_standing(claim, HOLD, RESERVATION, LEASE)
    starts_on, until = claim.period.lower or ends_on, ends_on + timedelta(days=1)
    _check_days(starts_on, ends_on)
    others = [one for one in _live_claims(session, claim.space) if one.id != claim.id]
    moved = Claim(starts_on, until, claim.area_m2)
    place = lock_place(session, claim.space.code, actor=actor)
    _require_unpromised(place, Wanted(starts_on, ends_on, claim.holder, round_id=claim.round_id))
    _require_life(claim.space, moved)
    require_room(_room(claim.space), [_as_claim(one) for one in others], moved)
    claim.period = Range(starts_on, until)
    return _changed(session, claim, "parks:allocation:change", actor=actor)


def release(session: Session, key: str, *, reason: str, actor: Actor) -> SpaceAllocation:
    """Let go of a hold, reservation or lease for good. Raises NotFound, NotAllowed, or Blocked when it was before."""
    claim = find_claim(session, key, actor=actor)
    if claim.released_at is not None:
        raise Blocked("allocation_released")
    claim.released_at, claim.release_reason = now(), reason
    return _changed(session, claim, "parks:allocation:release", actor=actor, reason=reason)


def release_claim(session: Session, key: str, *, reason: str, actor: Actor) -> SpaceAllocation:
    """Let go of a hold or reservation; a lease ends by its own steps. Raises as :func:`release`."""
    if find_claim(session, key, actor=actor).kind == LEASE:
        raise Blocked("allocation_is_lease")
    return release(session, key, reason=reason, actor=actor)


def find_claim(session: Session, key: str, *, actor: Actor) -> SpaceAllocation:
    """What somebody has of a space, with the space locked. Raises NotFound or NotAllowed."""
    code = select(Space.code).join(SpaceAllocation).where(SpaceAllocation.key == key)
    found = session.scalar(code)
    if found is None:
        raise NotFound
    space = find_for_writing(session, found, actor=actor)
    claim = session.scalars(
        select(SpaceAllocation).where(SpaceAllocation.key == key).execution_options(populate_existing=True)
    ).one()
    claim.space = require_runner(actor, space)
    return claim


def _claim(session: Session, place: Place, terms: Terms, wanted: Wanted, *, actor: Actor) -> SpaceAllocation:
    area = check_wanted(place, wanted)
    claim = Claim(wanted.starts_on, wanted.until, area)
    _require_life(place, claim)
    require_admission(session, place, wanted)
    _require_unpromised(place, wanted)
    if place.has_lapsed:
        release_lapsed(session, place.id)
    require_room(_room(place), place.claims, claim)
    row = SpaceAllocation(
        space_id=place.id,
        kind=terms.kind,
        period=Range(wanted.starts_on, wanted.until),
        area_m2=area,
        organisation_id=wanted.organisation_id,
        admission_id=wanted.admission_id,
        round_id=wanted.round_id,
        holder=normalize("NFC", wanted.holder),
        deposit_vnd=terms.deposit_vnd,
        expires_at=terms.expires_at,
        made_at=now(),
        person_id=actor.person_id,
        released_at=None,
        release_reason=None,
        told_at=None,
    )
    _write(session, row)
    return _recorded(session, row, f"parks:allocation:{terms.kind}", actor=actor)


def _require_unpromised(place: Place, wanted: Wanted) -> None:
    """A published round has its spaces first (ADR 24)."""
    for one in place.promised:
        if one.round_id != wanted.round_id and one.starts_on < wanted.until and wanted.starts_on < one.until:
            raise Blocked(Reason("space_in_round", {"round": one.key}))


def _write(session: Session, row: SpaceAllocation) -> None:
    """Insert by a statement composed once; the session holds the row as if it had read it."""
    values = {name: getattr(row, name) for name in WRITTEN}
    written = INSERT.rows(session, first=row.period.lower, until=row.period.upper, **values)[0]
    row.id, row.key, row.is_whole = written.id, written.key, written.is_whole
    make_transient_to_detached(row)
    session.add(row)


def check_wanted(space: Space | Place, wanted: Wanted) -> Decimal:
    """The area that is wanted. Raises Invalid or Blocked where nobody could be given that at all."""
    _check_days(wanted.starts_on, wanted.ends_on)
    if space.usable_m2 is None:
        raise Blocked("space_not_let")
    if space.condition != "ready":
        raise Blocked(f"space_{space.condition}")
    area = space.usable_m2 if wanted.area_m2 is None else wanted.area_m2
    if area <= 0 or area != round(area, 2):
        raise Invalid({"area_m2": ["area_not_positive"]})
    return area


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Invalid({"ends_on": ["period_backwards"]})
    if ends_on.year - starts_on.year > LONGEST_YEARS:
        raise Invalid({"ends_on": [Reason("period_too_long", {"years": LONGEST_YEARS})]})


def _require_life(space: Space | Place, claim: Claim) -> None:
    is_there = space.opened_on <= claim.starts_on and (space.closed_on is None or claim.until <= space.closed_on)
    if not is_there:
        raise Blocked("space_not_there")


def _require_standing(claim: SpaceAllocation, *kinds: str) -> None:
    if claim.released_at is not None:
        raise Blocked("allocation_lapsed" if claim.release_reason == "lapsed" else "allocation_released")
    if claim.expires_at is not None and claim.expires_at <= now():
        raise Blocked("allocation_lapsed")
    if claim.kind not in kinds:
        raise Blocked("allocation_is_lease" if claim.kind == LEASE else "allocation_released")


def _room(space: Space | Place) -> Room:
    return Room(space.usable_m2 or Decimal(0), space.is_divisible)


def _live_claims(session: Session, space: Space) -> list[Any]:
    """What counts now of the locked space; what has lapsed is released first, so that it is in nobody's way."""
    columns = (SpaceAllocation.id, SpaceAllocation.period, SpaceAllocation.area_m2, SpaceAllocation.expires_at)
    standing = select(*columns).where(SpaceAllocation.space_id == space.id, SpaceAllocation.released_at.is_(None))
    rows, at = session.execute(standing).all(), now()
    live = [row for row in rows if row.expires_at is None or row.expires_at > at]
    if len(live) < len(rows):
        release_lapsed(session, space.id)
    return live


def release_lapsed(session: Session, space_id: int) -> None:
    """Write down of a locked space what lapsed by itself."""
    lapsed = (
        update(SpaceAllocation)
        .where(
            SpaceAllocation.space_id == space_id,
            SpaceAllocation.released_at.is_(None),
            SpaceAllocation.expires_at <= now(),
        )
        .values(released_at=SpaceAllocation.expires_at, release_reason="lapsed")
    )
    session.execute(lapsed)


def _as_claim(row: Any) -> Claim:
    first, until = row.period.lower, row.period.upper
    if first is None or until is None:
        raise ValueError("the database refuses open periods")
    return Claim(first, until, row.area_m2, row.expires_at)


def _end_of_hold(session: Session, place: Place) -> datetime:
    calendar = load_calendar(session, HANOI_CALENDAR)
    return end_of_day(calendar.add_working_days(local_date(now()), place.hold_working_days))


def _end_of_reservation(days: int) -> datetime:
    return end_of_day(local_date(now()) + timedelta(days=days))


def _changed(session: Session, claim: SpaceAllocation, action: str, *, actor: Actor, **facts: Any) -> SpaceAllocation:
    session.flush()
    return _recorded(session, claim, action, actor=actor, **facts)


def _recorded(session: Session, claim: SpaceAllocation, action: str, *, actor: Actor, **facts: Any) -> SpaceAllocation:
    stream, subject = f"space:{claim.space_id}", ("space_allocation", claim.id)
    audit.append(session, stream, actor=actor, action=action, facts=facts, subject=subject)
    return claim

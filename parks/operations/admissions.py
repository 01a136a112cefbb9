"""Places given on an admission, admissions that end, and from when on a park asks for one."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotFound
from parks.allocation import Wanted
from parks.models import Park, ParkAdmission, SpaceAllocation
from parks.operations import allocations
from parks.operations.admitted import places_on
from parks.rules import may_run, require_park_runner


def hold_for(session: Session, key: str, code: str, wanted: Wanted, *, actor: Actor) -> SpaceAllocation:
    """Hold a space for whoever was admitted; ``wanted`` needs no holder.

    Raises:
        NotFound: there is no such admission, or none in a park that the actor runs.
        NotFound, NotAllowed, Invalid, Blocked: see :func:`parks.operations.allocations.hold_space`.
    """
    ground = find_admission(session, key, actor=actor)
    named = replace(
        wanted,
        holder=ground.organisation.name_vi,
        organisation_id=ground.organisation_id,
        admission_id=ground.id,
    )
    held = allocations.hold_space(session, code, named, actor=actor)
    _record(session, ground, "parks:admission:place", actor=actor, space=code, allocation=held.id)
    return held


def end_admission(session: Session, key: str, reason: str, *, actor: Actor) -> ParkAdmission:
    """Let an admission count no more, for a reason that is kept. Raises NotFound, Invalid or Blocked."""
    ground = find_admission(session, key, actor=actor)
    session.refresh(ground, with_for_update=True, attribute_names=["ended_at"])
    if ground.ended_at is not None:
        raise Blocked("admission_over")
    if places_on(session, ground):
        raise Blocked("admission_in_use")
    if not reason.strip():
        raise Invalid({"reason": ["required"]})
    ground.ended_at, ground.end_reason = now(), reason.strip()
    _record(session, ground, "parks:admission:end", actor=actor)
    return ground


def ask_for_admissions(session: Session, park_code: str, since: date | None, *, actor: Actor) -> Park:
    """From which day on a place in the park follows an admission; never without a day. Raises NotFound, NotAllowed."""
    park = require_park_runner(actor, session.scalar(select(Park).where(Park.code == park_code)))
    park.admission_from = since
    session.flush()
    facts = {"since": since and since.isoformat()}
    subject = ("park", park.id)
    audit.append(session, f"park:{park.id}", actor=actor, action="parks:park:admission", facts=facts, subject=subject)
    return park


def find_admission(session: Session, key: str, *, actor: Actor) -> ParkAdmission:
    """Raises NotFound, also to all but those who run the park."""
    found = (
        select(ParkAdmission)
        .options(joinedload(ParkAdmission.park), joinedload(ParkAdmission.organisation))
        .where(ParkAdmission.key == key)
    )
    ground = session.scalar(found)
    if ground is None or not may_run(actor, ground.park.code):
        raise NotFound
    return ground


def _record(session: Session, ground: ParkAdmission, action: str, *, actor: Actor, **facts: Any) -> None:
    session.flush()
    subject = ("park_admission", ground.id)
    audit.append(session, f"park:{ground.park_id}", actor=actor, action=action, facts=facts, subject=subject)

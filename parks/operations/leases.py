"""Leases drafted, signed, relieved, ended early and handed back; the space is let by the signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session, joinedload, selectinload

from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason
from foundation.workdays import local_date
from parks.allocation import Wanted
from parks.escalation import IndexBeginsLate
from parks.models import Lease, LeaseRelief, Space, SpaceAllocation
from parks.models.allocations import is_live
from parks.operations import allocations
from parks.operations.corrections import correct_for_early_end, correct_for_stay
from parks.operations.frames import Prices, require_within_frame
from parks.operations.spaces import find_for_writing
from parks.operations.waiting import serve_queue
from parks.priceindices import index_of_lease
from parks.rules import may_run, may_see_lease, scope_of_space
from parks.tenancy import freeze_escalation, last_day, lines_of

GOING_ON = ("percent", "fixed", "index")
"""Rises that a renewal takes over."""


@dataclass(frozen=True, slots=True)
class StatedLease:
    """A lease as its parties agreed it; without an area, of the whole space."""

    tenant: str
    starts_on: date
    ends_on: date
    base_vnd_m2: Decimal
    organisation_id: int | None = None
    area_m2: Decimal | None = None
    break_on: date | None = None
    service_vnd_m2: Decimal = Decimal(0)
    land_rent_vnd_m2: Decimal = Decimal(0)
    escalation: Mapping[str, Any] | None = None
    vat: Decimal = Decimal(0)
    late_rate: Decimal = Decimal(0)
    payment_days: int = 10
    deposit_vnd: int = 0
    permitted_use: str = ""
    sublet_rule: str = ""
    confirmation: str = ""
    commitments: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class StatedRelief:
    """A relief as it was granted: always with its evidence, the rule behind it, and its validity."""

    kind: str
    rate: Decimal
    from_on: date
    to_on: date
    evidence: str
    source: str


def draft_lease(
    session: Session, space_code: str, stated: StatedLease, *, actor: Actor, renews: Lease | None = None
) -> Lease:
    """Write a lease down; nothing is let yet.

    Raises:
        NotFound, NotAllowed: there is no such space, or the actor does not run it.
        Invalid: dates, area or prices do not hold.
        Blocked: the space is not let, or its operator has no price frame in force.
    """
    space = find_for_writing(session, space_code, actor=actor)
    if space.usable_m2 is None:
        raise Blocked("space_not_let")
    _require_days(stated)
    prices = Prices(stated.base_vnd_m2, stated.service_vnd_m2, stated.land_rent_vnd_m2)
    require_within_frame(session, space, prices, local_date(now()))
    names = [name for name in StatedLease.__dataclass_fields__ if name not in ("area_m2", "escalation", "commitments")]
    lease = Lease(
        space=space,
        operator=space.operator,
        area_m2=space.usable_m2 if stated.area_m2 is None else stated.area_m2,
        escalation=freeze_escalation(stated.escalation),
        commitments=list(stated.commitments),
        renews_id=renews.id if renews else None,
        person_id=actor.person_id,
        reliefs=[],
        **{name: getattr(stated, name) for name in names},
    )
    _require_schedule(session, lease)
    session.add(lease)
    return _recorded(session, lease, "parks:lease:draft", actor=actor)


def _require_days(stated: StatedLease) -> None:
    faults: dict[str, list[Reason]] = {}
    if stated.ends_on < stated.starts_on:
        faults["ends_on"] = [Reason("ends_before_start")]
    elif stated.ends_on.year - stated.starts_on.year > allocations.LONGEST_YEARS:
        faults["ends_on"] = [Reason("term_too_long", {"years": allocations.LONGEST_YEARS})]
    elif stated.break_on is not None and not stated.starts_on <= stated.break_on <= stated.ends_on:
        faults["break_on"] = [Reason("break_outside_term")]
    if stated.area_m2 is not None and (stated.area_m2 <= 0 or stated.area_m2 != round(stated.area_m2, 2)):
        faults["area_m2"] = [Reason("area_not_positive")]
    if not stated.tenant.strip():
        faults["tenant"] = [Reason("required")]
    if faults:
        raise Invalid(faults)


def _require_schedule(session: Session, lease: Lease) -> None:
    try:
        with session.no_autoflush:
            lines_of(lease, index=index_of_lease(session, lease))
    except IndexBeginsLate as fault:
        reason = Reason("rent_index_begins_late", {"starts_on": lease.starts_on})
        raise Invalid({"escalation.index": [reason]}) from fault


def sign_lease(session: Session, key: str, *, signed_on: date, actor: Actor, claim: str | None = None) -> Lease:
    """Let the space under the terms as drafted, or turn a hold or reservation of it (``claim``) into this lease.

    Raises:
        NotFound, NotAllowed: see :func:`find_for_change`.
        Invalid: the day lies ahead, or prices no longer keep to the frame.
        Blocked: it is signed already, or somebody has the space on one of its days.
    """
    lease = find_for_change(session, key, actor=actor)
    if lease.signed_on is not None:
        raise Blocked("lease_signed")
    if signed_on > local_date(now()):
        raise Invalid({"signed_on": ["day_ahead"]})
    prices = Prices(lease.base_vnd_m2, lease.service_vnd_m2, lease.land_rent_vnd_m2)
    require_within_frame(session, lease.space, prices, signed_on)
    claim = claim or _own_claim(session, lease)
    held = _release_into(session, lease, claim, actor=actor) if claim else None
    wanted = Wanted(
        lease.starts_on,
        lease.ends_on,
        lease.tenant,
        organisation_id=lease.organisation_id,
        area_m2=lease.area_m2,
        admission_id=held.admission_id if held else None,
        round_id=held.round_id if held else None,
    )
    lease.allocation = allocations.let_space(session, lease.space.code, wanted, actor=actor)
    lease.signed_on = signed_on
    return _recorded(session, lease, "parks:lease:sign", actor=actor)


def _own_claim(session: Session, lease: Lease) -> str | None:
    """What keeps the space for the tenant until the lease is signed, if anything does."""
    if lease.organisation_id is None:
        return None
    days = Range(lease.starts_on, lease.ends_on, bounds="[]")
    own = select(SpaceAllocation.key).where(
        SpaceAllocation.space_id == lease.space_id,
        SpaceAllocation.organisation_id == lease.organisation_id,
        SpaceAllocation.kind != "lease",
        SpaceAllocation.period.overlaps(days),
        is_live(now()),
    )
    return session.scalar(own.order_by(SpaceAllocation.id).limit(1))


def _release_into(session: Session, lease: Lease, claim: str, *, actor: Actor) -> SpaceAllocation:
    """Let go of a claim on the same space in the moment in which the lease takes its place."""
    held = allocations.find_claim(session, claim, actor=actor)
    if held.space_id != lease.space_id:
        raise Invalid({"claim": ["claim_on_other_space"]})
    return allocations.release(session, claim, reason="ended", actor=actor)


def grant_relief(session: Session, key: str, stated: StatedRelief, *, actor: Actor) -> LeaseRelief:
    """Relieve the rent from now on; requests that were issued stay as they are.

    Raises:
        NotFound, NotAllowed: see :func:`find_for_change`.
        Invalid: there is no evidence, or its validity is turned round.
    """
    lease = find_for_change(session, key, actor=actor)
    faults: dict[str, list[Reason]] = {
        name: [Reason("required")] for name in ("evidence", "source") if not getattr(stated, name).strip()
    }
    if stated.to_on < stated.from_on:
        faults["to"] = [Reason("ends_before_start")]
    if not 0 < stated.rate <= 1:
        faults["rate"] = [Reason("too_large", {"limit": 1})]
    if faults:
        raise Invalid(faults)
    relief = LeaseRelief(
        lease_id=lease.id, **{name: getattr(stated, name) for name in StatedRelief.__dataclass_fields__}
    )
    session.add(relief)
    _recorded(session, lease, "parks:lease:relieve", actor=actor)
    session.refresh(lease, ["reliefs"])
    return relief


def terminate_lease(session: Session, key: str, *, last_on: date, actor: Actor) -> Lease:
    """End a signed lease early: what was asked for later days is taken back, and who waits for the space gets it.

    Raises:
        NotFound, NotAllowed: see :func:`find_for_change`.
        Invalid: the day lies outside the term.
        Blocked: the lease is a draft, or has ended.
    """
    lease = _find_signed(session, key, actor=actor)
    if not lease.starts_on <= last_on <= last_day(lease):
        raise Invalid({"last_on": ["break_outside_term"]})
    lease.notice_on, lease.terminated_on = local_date(now()), last_on
    assert lease.allocation is not None  # noqa: S101 - the database keeps it with the signature
    allocations.move_end(session, lease.allocation.key, last_on, actor=actor)
    correct_for_early_end(session, lease, actor=actor)
    correct_for_stay(session, lease, local_date(now()))
    _recorded(session, lease, "parks:lease:terminate", actor=actor)
    serve_queue(session, lease.space.code)
    return lease


def hand_back(session: Session, key: str, *, on: date, actor: Actor) -> Lease:
    """Record that the tenant gave the space back, at the end of the term or after it; who waits for it gets it.

    Raises as the others do.
    """
    lease = _find_signed(session, key, actor=actor)
    if on > local_date(now()):
        raise Invalid({"on": ["day_ahead"]})
    if on < last_day(lease):
        raise Invalid({"on": [Reason("hand_back_before_end", {"ends_on": last_day(lease)})]})
    lease.handed_back_on = on
    _recorded(session, lease, "parks:lease:hand_back", actor=actor)
    correct_for_stay(session, lease, local_date(now()))
    serve_queue(session, lease.space.code)
    return lease


def offer_renewal(session: Session, key: str, *, ends_on: date, base_vnd_m2: Decimal, actor: Actor) -> Lease:
    """Draft the lease that follows on another's last day, with its terms and a new rent that rises as before.

    Steps and reviews were agreed for days of the old term and do not come again.

    Raises:
        NotFound, NotAllowed, Invalid, Blocked: see :func:`draft_lease`.
    """
    lease = _find_signed(session, key, actor=actor)
    kept = ("tenant", "organisation_id", "area_m2", "service_vnd_m2", "land_rent_vnd_m2", "vat", "late_rate")
    terms = ("payment_days", "deposit_vnd", "permitted_use", "sublet_rule", "confirmation", "commitments")
    stated = StatedLease(
        starts_on=last_day(lease) + timedelta(days=1),
        ends_on=ends_on,
        base_vnd_m2=base_vnd_m2,
        escalation=lease.escalation if lease.escalation["kind"] in GOING_ON else None,
        **{name: getattr(lease, name) for name in (*kept, *terms)},
    )
    return draft_lease(session, lease.space.code, stated, actor=actor, renews=lease)


def _find_signed(session: Session, key: str, *, actor: Actor) -> Lease:
    lease = find_for_change(session, key, actor=actor)
    if lease.signed_on is None:
        raise Blocked("lease_not_signed")
    if lease.handed_back_on is not None:
        raise Blocked("lease_ended")
    return lease


def find_for_change(session: Session, key: str, *, actor: Actor) -> Lease:
    """The lease, locked. Raises NotFound to those who may not see it, NotAllowed to those who may only read."""
    found = (
        select(Lease)
        .options(
            joinedload(Lease.space).joinedload(Space.park),
            joinedload(Lease.space).joinedload(Space.operator),
            joinedload(Lease.operator),
            joinedload(Lease.allocation),
            selectinload(Lease.reliefs),
        )
        .where(Lease.key == key)
        .with_for_update(of=Lease)
        .execution_options(populate_existing=True)
    )
    lease = session.scalar(found)
    if lease is None or not may_see_lease(actor, lease):
        raise NotFound
    if not may_run(actor, scope_of_space(lease.space)):
        raise NotAllowed
    return lease


def _recorded(session: Session, lease: Lease, action: str, *, actor: Actor, **facts: Any) -> Lease:
    session.flush()
    subject = ("lease", lease.id)
    audit.append(session, f"lease:{lease.id}", actor=actor, action=action, facts=facts, subject=subject)
    return lease

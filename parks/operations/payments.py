"""Money of leases: payments recorded, e-invoices noted, requests corrected, the deposit kept as a ledger."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.workdays import local_date
from parks.models import DepositEntry, Lease, LeasePayment, PaymentRequest, RequestCorrection
from parks.models.leases import DEPOSIT_KINDS
from parks.operations.corrections import write_correction
from parks.operations.leases import find_for_change


def record_payment(
    session: Session, key: str, *, received_on: date, amount_vnd: int, reference: str, actor: Actor
) -> LeasePayment:
    """Note money that came for a lease, once for each reference of the bank.

    Raises:
        NotFound, NotAllowed: see :func:`parks.operations.leases.find_for_change`.
        Invalid: the amount is not above zero, the day lies ahead, or the reference was noted before.
    """
    lease = _find_signed(session, key, actor=actor)
    _require_sound(amount_vnd, received_on, "received_on")
    if not reference.strip():
        raise Invalid({"reference": ["required"]})
    noted = select(LeasePayment.id).where(
        LeasePayment.lease_id == lease.id, LeasePayment.reference == reference.strip()
    )
    if session.scalar(noted) is not None:
        raise Invalid({"reference": ["payment_noted"]})
    payment = LeasePayment(
        lease_id=lease.id,
        received_on=received_on,
        amount_vnd=amount_vnd,
        reference=reference.strip(),
        person_id=actor.person_id,
    )
    session.add(payment)
    session.flush()
    _record(session, lease, "parks:payment:record", actor=actor, payment=payment.id)
    return payment


def enter_deposit(
    session: Session, key: str, kind: str, amount_vnd: int, *, entered_on: date, reason: str, actor: Actor
) -> DepositEntry:
    """Receive, draw on or return a deposit.

    Raises:
        NotFound, NotAllowed: see :func:`parks.operations.leases.find_for_change`.
        Invalid: kind, amount, day or reason do not hold.
        Blocked: more is drawn or returned than is held.
    """
    lease = _find_signed(session, key, actor=actor)
    _require_sound(amount_vnd, entered_on, "entered_on")
    if kind not in DEPOSIT_KINDS:
        raise Invalid({"kind": ["not_a_choice"]})
    if not reason.strip():
        raise Invalid({"reason": ["required"]})
    held = deposit_held(session, lease.id)
    if kind != "received" and amount_vnd > held:
        raise Blocked(Reason("deposit_overdrawn", {"held_vnd": held}))
    entry = DepositEntry(
        lease_id=lease.id,
        kind=kind,
        amount_vnd=amount_vnd,
        entered_on=entered_on,
        reason=reason.strip(),
        person_id=actor.person_id,
    )
    session.add(entry)
    session.flush()
    _record(session, lease, "parks:deposit:enter", actor=actor, entry=entry.id)
    return entry


def deposit_held(session: Session, lease_id: int) -> int:
    """What was received and neither drawn nor returned."""
    sums = select(DepositEntry.kind, func.sum(DepositEntry.amount_vnd)).where(DepositEntry.lease_id == lease_id)
    return sum(
        int(amount) if kind == "received" else -int(amount)
        for kind, amount in session.execute(sums.group_by(DepositEntry.kind))
    )


def note_einvoice(session: Session, key: str, request_key: str, number: str, *, actor: Actor) -> PaymentRequest:
    """Note the number of the licensed e-invoice of a request. Raises NotFound, NotAllowed or Invalid."""
    lease, request = _find_request(session, key, request_key, actor=actor)
    if not number.strip() or len(number.strip()) > 40:
        raise Invalid({"einvoice_number": ["not_this_form"]})
    request.einvoice_number = number.strip()
    session.flush()
    _record(session, lease, "parks:request:einvoice", actor=actor, request=request.id)
    return request


def correct_request(
    session: Session, key: str, request_key: str, amount_vnd: int, *, reason: str, actor: Actor
) -> RequestCorrection:
    """Ask for so much more, or with an amount below zero for less; what was issued stays as it was.

    Raises:
        NotFound, NotAllowed: see :func:`parks.operations.leases.find_for_change`; or the lease has no such request.
        Invalid: nothing is corrected, or no reason is given.
        Blocked: less than nothing would be asked for.
    """
    lease, request = _find_request(session, key, request_key, actor=actor)
    faults: dict[str, list[Reason]] = {}
    if not amount_vnd:
        faults["amount_vnd"] = [Reason("required")]
    if not reason.strip():
        faults["reason"] = [Reason("required")]
    if faults:
        raise Invalid(faults)
    if request.owed_vnd + amount_vnd < 0:
        raise Blocked(Reason("correction_too_large", {"owed_vnd": request.owed_vnd}))
    return write_correction(session, lease, request, amount_vnd, reason.strip(), actor=actor)


def _find_request(session: Session, key: str, request_key: str, *, actor: Actor) -> tuple[Lease, PaymentRequest]:
    """A request of a lease, locked."""
    lease = _find_signed(session, key, actor=actor)
    found = select(PaymentRequest).where(PaymentRequest.lease_id == lease.id, PaymentRequest.key == request_key)
    request = session.scalar(found.with_for_update().execution_options(populate_existing=True))
    if request is None:
        raise NotFound
    return lease, request


def _find_signed(session: Session, key: str, *, actor: Actor) -> Lease:
    lease = find_for_change(session, key, actor=actor)
    if lease.signed_on is None:
        raise Blocked("lease_not_signed")
    return lease


def _require_sound(amount_vnd: int, day: date, field: str) -> None:
    if amount_vnd <= 0:
        raise Invalid({"amount_vnd": [Reason("too_small", {"limit": 1})]})
    if day > local_date(now()):
        raise Invalid({field: ["day_ahead"]})


def _record(session: Session, lease: Lease, action: str, *, actor: Actor, **facts: int) -> None:
    subject = ("lease", lease.id)
    audit.append(session, f"lease:{lease.id}", actor=actor, action=action, facts=facts, subject=subject)

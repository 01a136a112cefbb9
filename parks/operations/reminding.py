"""Tenants reminded of requests that are overdue, once for each term of the rules."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from accounts.models import Membership
from foundation import audit
from foundation.actors import SYSTEM
from foundation.notices import NoticeKind, notify, register_notice
from parks.models import LeasePayment, PaymentRequest
from parks.settlement import Due, Settlement, settle
from parks.tenancyrules import rules_on

OVERDUE = register_notice(
    NoticeKind(
        "payment_overdue",
        subject=lazy_gettext("Payment request %(request)s is overdue"),
        body=lazy_gettext(
            "The request %(request)s of the lease %(lease)s was due on %(due)s. Still open: %(open_vnd)s. "
            "The page of the request holds a code with which it can be paid."
        ),
    )
)


def remind_tenants(session: Session, on: date) -> int:
    """Remind of each open request that has been overdue for a term of the rules; how many were reminded of.

    After a pause of the clock only the latest reminder goes out, not each that was missed.
    """
    terms = rules_on(on).reminder_days
    reminded = 0
    for request in _overdue(session, on - timedelta(days=terms[0]), len(terms)):
        due = sum((on - request.due_on).days >= days for days in terms)
        open_vnd = _settlement(session, request.lease_id).debts[request.key].open_on(on)
        if not open_vnd:
            request.reminders = len(terms)  # nothing is left to remind of
        elif due > request.reminders:
            _remind(session, request, open_vnd)
            request.reminders = due
            reminded += 1
    session.flush()
    return reminded


def _overdue(session: Session, due_by: date, most: int) -> Sequence[PaymentRequest]:
    found = select(PaymentRequest).options(joinedload(PaymentRequest.lease))
    found = found.where(PaymentRequest.due_on <= due_by, PaymentRequest.reminders < most)
    return session.scalars(found.order_by(PaymentRequest.id).with_for_update(of=PaymentRequest, skip_locked=True)).all()


def _settlement(session: Session, lease_id: int) -> Settlement:
    requests = session.scalars(select(PaymentRequest).where(PaymentRequest.lease_id == lease_id))
    payments = session.scalars(select(LeasePayment).where(LeasePayment.lease_id == lease_id))
    return settle(
        [Due(one.key, one.due_on, one.owed_vnd) for one in requests],
        [(one.received_on, one.amount_vnd) for one in payments],
    )


def _remind(session: Session, request: PaymentRequest, open_vnd: int) -> None:
    lease = request.lease
    members = select(Membership.person_id).where(
        Membership.organisation_id == lease.organisation_id, Membership.until_at.is_(None)
    )
    people = session.scalars(members).all() if lease.organisation_id else ()
    facts = {"request": request.key, "lease": lease.key, "due": request.due_on, "open_vnd": open_vnd}
    notify(session, people, OVERDUE, facts=facts, link=f"/leases/{lease.key}/requests/{request.key}")
    audit.append(
        session,
        f"lease:{lease.id}",
        actor=SYSTEM,
        action="parks:request:remind",
        facts={"request": request.id},
        subject=("lease", lease.id),
    )

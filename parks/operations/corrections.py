"""Payment requests put right: by rows with a written reason, beside the amounts that were issued."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from parks.models import Lease, PaymentRequest, RequestCorrection
from parks.priceindices import index_of_lease
from parks.tenancy import months_of
from parks.terms import Term


def correct_for_early_end(session: Session, lease: Lease, last_on: date, *, reason: str, actor: Actor) -> int:
    """Take back what was asked for days after the last one of a lease that ends early; how many requests."""
    found = select(PaymentRequest).where(PaymentRequest.lease_id == lease.id, PaymentRequest.to_on > last_on)
    requests = session.scalars(found.order_by(PaymentRequest.id).with_for_update()).all()
    index = index_of_lease(session, lease)
    for request in requests:
        window = Term(request.from_on, request.to_on)
        stays = sum(month.sum_of("total") for month in months_of(lease, window, index=index))
        if stays < request.owed_vnd:
            write_correction(session, lease, request, stays - request.owed_vnd, reason, actor=actor)
    return len(requests)


def write_correction(
    session: Session, lease: Lease, request: PaymentRequest, amount_vnd: int, reason: str, *, actor: Actor
) -> RequestCorrection:
    row = RequestCorrection(request_id=request.id, amount_vnd=amount_vnd, reason=reason, person_id=actor.person_id)
    session.add(row)
    session.flush()
    session.refresh(request, ["corrected_vnd"])
    audit.append(
        session,
        f"lease:{lease.id}",
        actor=actor,
        action="parks:request:correct",
        facts={"request": request.id, "correction": row.id},
        subject=("lease", lease.id),
    )
    return row

"""Payment requests put right: by rows with a written reason, beside the amounts that were issued."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from foundation import audit
from foundation.actors import SYSTEM, Actor
from parks.models import Lease, PaymentRequest, RequestCorrection
from parks.operations.followed import is_followed, stayed_until
from parks.priceindices import index_of_lease
from parks.tenancy import MonthOfRent, hold_over_months, last_day, months_of, stay_beyond
from parks.tenancyrules import rules_on
from parks.terms import Term

BATCH = 200
ENDED_EARLY = "Kết thúc sớm {0:%d/%m/%Y} / Ended early on {0:%Y-%m-%d} / Fin anticipée le {0:%d/%m/%Y}"
STAYED = (
    "Tính theo số ngày thực ở sau ngày kết thúc {0:%d/%m/%Y} / Days stayed after the end on {0:%Y-%m-%d} / "
    "Jours de maintien après la fin du {0:%d/%m/%Y}"
)
"""The reasons kept with corrections that no person writes, in the languages of those who may read them."""


def correct_for_early_end(session: Session, lease: Lease, *, actor: Actor) -> None:
    """Take back what was asked for days after the last one of a lease that ends early."""
    last_on, index = last_day(lease), index_of_lease(session, lease)
    requests = _requests_beyond(session, lease)
    stays = _asked_for_stays(session, requests)
    for request in requests:
        if request.is_hold_over:
            continue
        window = Term(request.from_on, request.to_on)
        due = sum(month.sum_of("total") for month in months_of(lease, window, index=index))
        asked = request.owed_vnd - stays.get(request.id, 0)
        if due < asked:
            write_correction(session, lease, request, due - asked, ENDED_EARLY.format(last_on), actor=actor)


def correct_for_stay(session: Session, lease: Lease, on: date) -> int:
    """Ask for days stayed after the last one in months that were asked for, or take back days not stayed; how often.

    Reckoned anew from the signed days each time: a second run finds nothing to do.
    """
    requests = _requests_beyond(session, lease)
    if not requests:
        return 0
    stays, months, written = _asked_for_stays(session, requests), _months_stayed(session, lease, on), 0
    for request in requests:
        due = sum(one.sum_of("total") for one in months if request.from_on <= one.from_on <= request.to_on)
        asked = stays.get(request.id, 0) + (request.total_vnd if request.is_hold_over else 0)
        amount = max(due - asked, -request.owed_vnd)
        if amount:
            reason = STAYED.format(last_day(lease))
            write_correction(session, lease, request, amount, reason, actor=SYSTEM, is_stay=True)
            written += 1
    return written


def correct_stays(session: Session, on: date) -> Iterator[int]:
    """The same for all leases that may need it, in portions that may be committed one by one."""
    after = 0
    while leases := _to_be_looked_at(session, on, after):
        after = leases[-1].id
        yield sum(correct_for_stay(session, lease, on) for lease in leases)


def _to_be_looked_at(session: Session, on: date, after: int) -> Sequence[Lease]:
    """Leases asked for days after their last one: before it came early, or for a stay that was shorter after all."""
    followed, last_on = is_followed(), func.coalesce(Lease.terminated_on, Lease.ends_on)
    asked_beyond = exists().where(PaymentRequest.lease_id == Lease.id, PaymentRequest.to_on > last_on)
    ended_early = Lease.terminated_on.is_not(None) & (stayed_until(on) > last_on)
    found = (
        select(Lease)
        .options(selectinload(Lease.reliefs))
        .where(Lease.signed_on.is_not(None), Lease.id > after, last_on <= on, asked_beyond)
        .where(or_(ended_early, Lease.handed_back_on.is_not(None), followed))
        .order_by(Lease.id)
        .limit(BATCH)
        .with_for_update(of=Lease)
    )
    return session.scalars(found).all()


def _requests_beyond(session: Session, lease: Lease) -> Sequence[PaymentRequest]:
    found = select(PaymentRequest).where(PaymentRequest.lease_id == lease.id, PaymentRequest.to_on > last_day(lease))
    return session.scalars(found.order_by(PaymentRequest.id).with_for_update()).all()


def _asked_for_stays(session: Session, requests: Sequence[PaymentRequest]) -> dict[int, int]:
    of_these = RequestCorrection.request_id.in_([one.id for one in requests])
    sums = select(RequestCorrection.request_id, func.sum(RequestCorrection.amount_vnd))
    rows = session.execute(sums.where(of_these, RequestCorrection.is_stay).group_by(RequestCorrection.request_id))
    return {number: int(amount) for number, amount in rows}


def _months_stayed(session: Session, lease: Lease, on: date) -> list[MonthOfRent]:
    """None where a signed lease follows on this one."""
    stay = stay_beyond(lease, on)
    if stay is None or session.scalar(select(is_followed()).where(Lease.id == lease.id)):
        return []
    return hold_over_months(lease, stay, rules_on(stay.starts_on), index=index_of_lease(session, lease))


def write_correction(
    session: Session,
    lease: Lease,
    request: PaymentRequest,
    amount_vnd: int,
    reason: str,
    *,
    actor: Actor,
    is_stay: bool = False,
) -> RequestCorrection:
    row = RequestCorrection(
        request_id=request.id, amount_vnd=amount_vnd, reason=reason, person_id=actor.person_id, is_stay=is_stay
    )
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

"""Payment requests issued by the month: exactly those that are missing, whenever the clock comes back.

A month of the term is asked for when it begins; a stay beyond it when the month is over or the space handed back.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import orjson
from sqlalchemy import and_, case, func, select, text
from sqlalchemy.orm import Session, selectinload

from foundation import audit
from foundation.actors import SYSTEM
from foundation.prepared import prepare
from parks.models import Lease, PaymentRequest
from parks.operations.corrections import correct_stays
from parks.operations.followed import is_followed, stayed_until
from parks.priceindices import follows_index, indices_of
from parks.tenancy import Index, MonthOfRent, hold_over_months, last_day, months_of, stay_beyond
from parks.tenancyrules import rules_on
from parks.terms import DAY, Term, add_months, month_starts

BATCH = 500
ISSUED = (
    *("lease_id", "from_on", "to_on", "issued_on", "due_on"),
    *("rent_vnd", "statutory_vnd", "programme_vnd", "service_vnd", "vat_vnd", "total_vnd"),
    "is_hold_over",
)
ISSUE = prepare(
    text(
        f"INSERT INTO payment_requests ({', '.join(ISSUED)}) SELECT {', '.join(ISSUED)} "  # noqa: S608 - our own names
        "FROM jsonb_populate_recordset(NULL::payment_requests, CAST(:requests AS jsonb)) "
        "ON CONFLICT DO NOTHING RETURNING id"
    )
)
"""All of a portion in one statement; what was asked for meanwhile is left out."""


def issue_requests(session: Session, on: date) -> int:
    """Ask for each month that has begun of each signed lease, unless it was asked for; how many were issued.

    Stays in months that were asked for before are put right as well.
    """
    issued = sum(issue_batches(session, on))
    sum(correct_stays(session, on))
    return issued


def issue_batches(session: Session, on: date) -> Iterator[int]:
    """The same in portions that may be committed one by one: what is cut off goes on where it stood."""
    after = 0
    while behind := _behind(session, on, after):
        after = behind[-1].lease.id
        yield _issue(session, behind, on)


@dataclass(frozen=True, slots=True)
class _Behind:
    """A lease of which months are missing, and whether a signed renewal follows on it."""

    lease: Lease
    is_followed: bool


def _behind(session: Session, on: date, after: int) -> Sequence[_Behind]:
    """Signed leases of which fewer days were asked for than have begun by the month, or were stayed, by number."""
    followed, last_on, stayed_on = is_followed(), func.coalesce(Lease.terminated_on, Lease.ends_on), stayed_until(on)
    end_of_month = add_months(on.replace(day=1), 1) - DAY
    until = case((and_(~followed, stayed_on > last_on), stayed_on), else_=func.least(last_on, end_of_month))
    days = func.least(PaymentRequest.to_on, until) - PaymentRequest.from_on + 1
    asked = select(func.coalesce(func.sum(days), 0)).where(
        PaymentRequest.lease_id == Lease.id, PaymentRequest.from_on <= until
    )
    found = (
        select(Lease, followed.label("is_followed"))
        .options(selectinload(Lease.reliefs))
        .where(Lease.signed_on.is_not(None), Lease.id > after, Lease.starts_on <= on)
        .where(asked.correlate(Lease).scalar_subquery() < until - Lease.starts_on + 1)
        .order_by(Lease.id)
        .limit(BATCH)
    )
    return [_Behind(lease, followed) for lease, followed in session.execute(found)]


def _issue(session: Session, behind: Sequence[_Behind], on: date) -> int:
    ids = [one.lease.id for one in behind]
    columns = (PaymentRequest.lease_id, PaymentRequest.from_on, PaymentRequest.to_on)
    asked: dict[int, dict[date, date]] = {}
    for lease_id, from_on, to_on in session.execute(select(*columns).where(PaymentRequest.lease_id.in_(ids))):
        asked.setdefault(lease_id, {})[from_on] = to_on
    indices = indices_of(session, {one.lease.operator_id for one in behind if follows_index(one.lease)})
    rows = [
        _row(one.lease, month, on)
        for one in behind
        for month in _missing(one, asked.get(one.lease.id, {}), on, indices.get(one.lease.operator_id, ()))
    ]
    if not rows:
        return 0
    issued = ISSUE.rows(session, requests=orjson.dumps(rows).decode())
    if issued:
        facts = {"requests": [row.id for row in issued], "day": on}
        audit.append(session, "payment_requests", actor=SYSTEM, action="parks:request:issue", facts=facts)
    return len(issued)


def _missing(behind: _Behind, asked: Mapping[date, date], on: date, index: Index) -> Iterator[MonthOfRent]:
    """What has begun, or was stayed beyond the term, and was not asked for; only months from the first are reckoned.

    Days stayed in a month that was asked for to its end are put right by a correction.
    """
    lease = behind.lease
    begun = Term(lease.starts_on, min(on, last_day(lease)))
    months = [begun.starts_on, *month_starts(begun)]
    missing = [month for month in months if month not in asked]
    if missing:
        end_of_month = add_months(begun.ends_on.replace(day=1), 1) - DAY
        wanted = months_of(lease, Term(missing[0], end_of_month), index=index)
        yield from (month for month in wanted if month.from_on not in asked)
    stay = None if behind.is_followed else stay_beyond(lease, on)
    if stay is not None:
        stayed = hold_over_months(lease, stay, rules_on(stay.starts_on), index=index)
        yield from (month for month in stayed if not _is_asked(month.from_on, asked))


def _is_asked(day: date, asked: Mapping[date, date]) -> bool:
    return any(from_on <= day <= to_on for from_on, to_on in asked.items())


def _row(lease: Lease, month: MonthOfRent, on: date) -> dict[str, object]:
    """Due so many days after the month began, or after the request was issued where that was later."""
    return {
        "lease_id": lease.id,
        "from_on": month.from_on,
        "to_on": month.to_on,
        "issued_on": on,
        "due_on": max(month.from_on, on) + timedelta(days=lease.payment_days),
        "rent_vnd": month.sum_of("rent"),
        "statutory_vnd": month.sum_of("statutory"),
        "programme_vnd": month.sum_of("programme"),
        "service_vnd": month.sum_of("service"),
        "vat_vnd": month.sum_of("vat"),
        "total_vnd": month.sum_of("total"),
        "is_hold_over": month.is_hold_over,
    }

"""Payment requests issued by the month: exactly those that are missing, whenever the clock comes back."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import orjson
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, selectinload

from foundation import audit
from foundation.actors import SYSTEM
from foundation.prepared import prepare
from parks.models import Lease, PaymentRequest
from parks.tenancy import MonthOfRent, last_day, months_of
from parks.terms import DAY, Term, add_months, month_starts

BATCH = 500
ISSUED = (
    *("lease_id", "from_on", "to_on", "issued_on", "due_on"),
    *("rent_vnd", "statutory_vnd", "programme_vnd", "service_vnd", "vat_vnd", "total_vnd"),
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
    """Ask for each month that has begun of each signed lease, unless it was asked for; how many were issued."""
    return sum(issue_batches(session, on))


def issue_batches(session: Session, on: date) -> Iterator[int]:
    """The same in portions that may be committed one by one: what is cut off goes on where it stood."""
    after = 0
    while leases := _behind(session, on, after):
        after = leases[-1].id
        yield _issue(session, leases, on)


def _behind(session: Session, on: date, after: int) -> Sequence[Lease]:
    """Signed leases with fewer requests than months that have begun, by number."""
    asked = (
        select(func.count()).where(PaymentRequest.lease_id == Lease.id, PaymentRequest.from_on <= on).scalar_subquery()
    )
    last_on = func.least(func.coalesce(Lease.terminated_on, Lease.ends_on), on)
    begun = (
        (func.extract("year", last_on) - func.extract("year", Lease.starts_on)) * 12
        + func.extract("month", last_on)
        - func.extract("month", Lease.starts_on)
        + 1
    )
    found = (
        select(Lease)
        .options(selectinload(Lease.reliefs))
        .where(Lease.signed_on.is_not(None), Lease.id > after, Lease.starts_on <= on, asked < begun)
        .order_by(Lease.id)
        .limit(BATCH)
    )
    return session.scalars(found).all()


def _issue(session: Session, leases: Sequence[Lease], on: date) -> int:
    ids = [lease.id for lease in leases]
    of_these = select(PaymentRequest.lease_id, PaymentRequest.from_on).where(PaymentRequest.lease_id.in_(ids))
    asked: dict[int, set[date]] = {}
    for lease_id, from_on in session.execute(of_these):
        asked.setdefault(lease_id, set()).add(from_on)
    rows = [_row(lease, month, on) for lease in leases for month in _missing(lease, asked.get(lease.id, set()), on)]
    if not rows:
        return 0
    issued = ISSUE.rows(session, requests=orjson.dumps(rows).decode())
    if issued:
        facts = {"requests": [row.id for row in issued], "day": on}
        audit.append(session, "payment_requests", actor=SYSTEM, action="parks:request:issue", facts=facts)
    return len(issued)


def _missing(lease: Lease, asked: set[date], on: date) -> Iterator[MonthOfRent]:
    """The months that have begun and were not asked for; only those from the first of them are reckoned."""
    begun = Term(lease.starts_on, min(on, last_day(lease)))
    months = [begun.starts_on, *month_starts(begun)]
    missing = [month for month in months if month not in asked]
    if missing:
        end_of_month = add_months(begun.ends_on.replace(day=1), 1) - DAY
        wanted = months_of(lease, Term(missing[0], end_of_month))
        yield from (month for month in wanted if month.from_on not in asked)


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
    }

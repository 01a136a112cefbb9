"""Leases of land in the demonstration: billed month by month, paid for a year ahead or not quite."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.workdays import local_date, start_of_day
from parks.models import Lease, Space
from parks.operations.billing import issue_requests
from parks.operations.leases import StatedLease, draft_lease, sign_lease
from parks.operations.payments import record_payment
from parks.tenancy import lines_of
from parks.terms import Term, add_months
from portal.demo.prices import LAND_PRICE

FIRST_TERM, MORE_PER_PLOT = 210, 230
"""Days that leases last: each plot another length, so that they end in many years."""

FIRST_AGE, OLDER_PER_PLOT, OLDEST = 62, 13, 290
PAID_PARTS = (1, 1, 1, Decimal("0.55"), 1, 1, Decimal("0.3"))
"""What tenants paid of what was asked of them so far, one after the other."""


def lease_plot(session: Session, plot: Space, number: int, tenant: str) -> None:
    """Let a plot, or half of one that is divisible, since some day of this year."""
    starts_on = local_date(now()) - timedelta(days=min(FIRST_AGE + OLDER_PER_PLOT * number, OLDEST))
    length = FIRST_TERM + MORE_PER_PLOT * number
    whole = plot.usable_m2 or Decimal(0)
    stated = StatedLease(
        tenant=tenant,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=length),
        break_on=starts_on + timedelta(days=length // 2) if number % 3 == 2 else None,
        area_m2=Decimal(round(whole / 2)) if plot.is_divisible and number % 2 == 0 else whole,
        base_vnd_m2=LAND_PRICE + 500 * (number % 9),
        escalation={"kind": "percent", "rate": Decimal("0.05"), "every_months": 12},
        vat=Decimal("0.1"),
        late_rate=Decimal("0.1"),
        permitted_use="Xây dựng cơ sở nghiên cứu, đào tạo hoặc sản xuất công nghệ cao",
        sublet_rule="Không cho thuê lại khi chưa có văn bản đồng ý của bên cho thuê",
    )
    with as_of(start_of_day(starts_on - timedelta(days=5))):
        lease = draft_lease(session, plot.code, stated, actor=SYSTEM)
        sign_lease(session, lease.key, signed_on=starts_on - timedelta(days=5), actor=SYSTEM)


def bill_land(session: Session) -> None:
    """Requests on the first of each month, and one transfer from each tenant some days into the lease."""
    today = local_date(now())
    leases = list(session.scalars(select(Lease).options(selectinload(Lease.reliefs)).order_by(Lease.id)))
    for number, lease in enumerate(leases):
        _pay(session, lease, PAID_PARTS[number % len(PAID_PARTS)], today)
    for months in range(10, -1, -1):
        first = add_months(today, -months).replace(day=1)
        with as_of(start_of_day(first)):
            issue_requests(session, first)


def _pay(session: Session, lease: Lease, part: Decimal | int, today: date) -> None:
    ahead = lines_of(lease, Term(lease.starts_on, add_months(lease.starts_on, 12)))
    asked = ahead if part == 1 else [line for line in ahead if line.from_on <= today]
    amount = round(sum(line.total for line in asked) * Decimal(part))
    paid_on = lease.starts_on + timedelta(days=9)
    with as_of(start_of_day(paid_on)):
        record_payment(
            session,
            lease.key,
            received_on=paid_on,
            amount_vnd=amount,
            reference=f"FT-{lease.key}",
            actor=SYSTEM,
        )

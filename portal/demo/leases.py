"""Leases of the demonstration: invented tenants, prices and accounts in two of its parks."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.workdays import local_date, start_of_day
from parks.models import Park, PaymentRequest, Space, SpaceAllocation
from parks.operations.billing import issue_requests
from parks.operations.leases import StatedLease, StatedRelief, draft_lease, grant_relief, sign_lease
from parks.operations.payments import enter_deposit, record_payment
from parks.terms import add_months
from portal.demo.people import Cast
from portal.demo.prices import ROOM_PRICE, SERVICE

LAW = "Luật Thủ đô 02/2026/QH16, Điều 26 khoản 2 điểm a"


@dataclass(frozen=True, slots=True)
class Story:
    """A lease that began some months ago, runs so many, and was paid for all months but the last ``unpaid``."""

    months_ago: int
    months: int
    unpaid: int
    has_relief: bool = False


STORIES = (Story(7, 36, 0, has_relief=True), Story(7, 10, 1), Story(5, 24, 3), Story(3, 60, 0), Story(1, 12, 0))
PARKS = ("TT", "HIC")


def make_leases(session: Session, cast: Cast) -> None:
    """Sign, bill and pay some leases; the first tenants are organisations of the platform."""
    today = local_date(now())
    for park in session.scalars(select(Park).where(Park.code.in_(PARKS)).order_by(Park.code)):
        spaces = _free_units(session, park)
        for number, story in enumerate(STORIES[: len(spaces)]):
            _play(session, spaces[number], story, cast, number + (3 if park.code == "TT" else 0), today)


def _free_units(session: Session, park: Park) -> list[Space]:
    taken = select(SpaceAllocation.space_id)
    found = select(Space).where(
        Space.park_id == park.id,
        Space.kind == "unit",
        Space.condition == "ready",
        Space.usable_m2.is_not(None),
        Space.use.in_(("research", "incubator", "production")),
        Space.id.not_in(taken),
    )
    return list(session.scalars(found.order_by(Space.code).limit(len(STORIES))))


def _play(session: Session, space: Space, story: Story, cast: Cast, number: int, today: date) -> None:
    tenant = cast.organisations[number % len(cast.organisations)]
    starts_on = add_months(today, -story.months_ago).replace(day=11 if number % 2 else 1)
    stated = StatedLease(
        tenant=tenant.name_vi,
        organisation_id=tenant.id,
        starts_on=starts_on,
        ends_on=add_months(starts_on, story.months) - timedelta(days=1),
        base_vnd_m2=ROOM_PRICE + 5_000 * number,
        service_vnd_m2=SERVICE,
        escalation={"kind": "percent", "rate": Decimal("0.05"), "every_months": 12},
        vat=Decimal("0.1"),
        late_rate=Decimal("0.1"),
        deposit_vnd=150_000_000,
        permitted_use="Nghiên cứu, phát triển và thử nghiệm sản phẩm công nghệ",
        sublet_rule="Không cho thuê lại khi chưa có văn bản đồng ý của bên cho thuê",
        commitments=("Dành ít nhất 5 % doanh thu cho nghiên cứu và phát triển",),
    )
    with as_of(start_of_day(starts_on - timedelta(days=12))):
        lease = draft_lease(session, space.code, stated, actor=SYSTEM)
        if story.has_relief:
            granted = StatedRelief(
                "statutory", Decimal("0.5"), starts_on, stated.ends_on, "Giấy chứng nhận doanh nghiệp khởi nghiệp", LAW
            )
            grant_relief(session, lease.key, granted, actor=SYSTEM)
        sign_lease(session, lease.key, signed_on=starts_on - timedelta(days=12), actor=SYSTEM)
        enter_deposit(
            session,
            lease.key,
            "received",
            stated.deposit_vnd,
            entered_on=starts_on - timedelta(days=12),
            reason="Hợp đồng",
            actor=SYSTEM,
        )
    _bill(session, lease.id, lease.key, story, starts_on, today)


def _bill(session: Session, lease_id: int, key: str, story: Story, starts_on: date, today: date) -> None:
    """Requests month by month as the clock issued them, and transfers a few days later."""
    for month in range(story.months_ago + 1):
        on = max(add_months(starts_on.replace(day=1), month), starts_on)
        if on <= today:
            with as_of(start_of_day(on)):
                issue_requests(session, on)
    asked = session.scalars(
        select(PaymentRequest).where(PaymentRequest.lease_id == lease_id).order_by(PaymentRequest.from_on)
    ).all()
    for request in asked[: len(asked) - story.unpaid]:
        paid_on = min(request.issued_on + timedelta(days=6), today)
        with as_of(start_of_day(paid_on)):
            record_payment(
                session,
                key,
                received_on=paid_on,
                amount_vnd=request.total_vnd,
                reference=f"FT{request.id:09d}",
                actor=SYSTEM,
            )

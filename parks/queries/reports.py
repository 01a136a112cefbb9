"""What a report on parks is made of, read at once: spaces, leases, what was asked and paid, zones."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import Date, and_, func, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from foundation.actors import Actor
from foundation.workdays import end_of_day
from parks.escalation import prices_of
from parks.indicatorrules import IndicatorRules
from parks.indicators import Asked, Lettable, Sight, Tenancy, Zone
from parks.models import Lease, LeasePayment, LeaseRelief, Park, PaymentRequest, Space, SpaceAllocation
from parks.priceindices import indices_of
from parks.queries.sight import park_in_sight, parks_in_sight, space_ids_in_sight
from parks.tenancy import Index, thaw_escalation
from parks.tenancyrules import rules_on
from parks.terms import Term, add_months, round_half_up

ONE_DAY = timedelta(days=1)
TERMS = (
    Lease.id.label("lease_id"),
    *(
        getattr(Lease, name)
        for name in (
            "key",
            "operator_id",
            "tenant",
            "starts_on",
            "ends_on",
            "break_on",
            "notice_on",
            "terminated_on",
            "handed_back_on",
            "base_vnd_m2",
            "land_rent_vnd_m2",
            "service_vnd_m2",
            "deposit_vnd",
            "escalation",
        )
    ),
)


def sight_of(session: Session, actor: Actor, on: date, rules: IndicatorRules, *, park: str = "") -> Sight:
    """All that somebody may see of a park, or of all parks, on a day. Raises NotFound for another's park."""
    parks = [park_in_sight(session, park, actor)] if park else parks_in_sight(session, actor)
    ids, seen = [one.id for one in parks], space_ids_in_sight(actor)
    return Sight(
        on,
        {one.code: one.gross_m2 for one in parks},
        _spaces(session, ids, seen),
        _tenancies(session, ids, seen, on),
        _asked(session, ids, seen, (add_months(on, -rules.collection_months), on)),
        _zones(session, ids, on),
    )


def _spaces(session: Session, parks: Sequence[int], seen: Any) -> list[Lettable]:
    land = func.coalesce(Space.leasable_m2, Space.usable_m2)
    found = (
        select(Park.code, Space.code, Space.kind, Space.use, Space.usable_m2, land, Space.condition)
        .add_columns(Space.opened_on, Space.closed_on)
        .join(Park, Park.id == Space.park_id)
        .where(Space.park_id.in_(parks), Space.id.in_(seen), Space.usable_m2.is_not(None))
    )
    return [
        Lettable(code, space, kind, use, usable, land_m2 if kind == "plot" else None, condition == "planned", *days)
        for code, space, kind, use, usable, land_m2, condition, *days in session.execute(found.order_by(Space.code))
    ]


def _tenancies(session: Session, parks: Sequence[int], seen: Any, on: date) -> list[Tenancy]:
    reliefs = _reliefs(session, parks, on)
    rows = session.execute(_given(parks, seen, on)).all()
    indices = indices_of(
        session, {row.operator_id for row in rows if row.lease_id and row.escalation["kind"] == "index"}
    )
    return [_tenancy(row, on, reliefs.get(row.lease_id, []), indices.get(row.operator_id, ())) for row in rows]


def _given(parks: Sequence[int], seen: Any, on: date) -> Any:
    """What is or will be let, and what tenants still have after a term on which none follows; as signed by the day."""
    last, follower = func.upper(SpaceAllocation.period), aliased(Lease)
    is_followed = select(follower.id).where(follower.renews_id == Lease.id, follower.signed_on <= on).exists()
    is_still_there = and_(Lease.id.is_not(None), ~is_followed, func.coalesce(Lease.handed_back_on > on, true()))
    return (
        select(Park.code.label("park"), Space.code.label("space"), Space.use, SpaceAllocation.area_m2, *TERMS)
        .add_columns(SpaceAllocation.holder, func.lower(SpaceAllocation.period).label("since"), last.label("until"))
        .select_from(SpaceAllocation)
        .join(Space, Space.id == SpaceAllocation.space_id)
        .join(Park, Park.id == Space.park_id)
        .outerjoin(Lease, Lease.allocation_id == SpaceAllocation.id)
        .where(Space.park_id.in_(parks), Space.id.in_(seen), SpaceAllocation.kind == "lease")
        .where(or_(SpaceAllocation.released_at.is_(None), SpaceAllocation.released_at > end_of_day(on)))
        .where(or_(Lease.id.is_(None), Lease.signed_on <= on))
        .where(or_(last > on, is_still_there))
        .order_by(Space.code, SpaceAllocation.id)
    )


def _tenancy(row: Any, on: date, reliefs: Sequence[tuple[str, Decimal]], index: Index) -> Tenancy:
    if row.lease_id is None:
        return Tenancy(row.park, row.space, row.use, row.holder, row.area_m2, row.since, row.until - ONE_DAY)
    is_ended = row.terminated_on is not None and row.notice_on is not None and row.notice_on <= on
    last = row.terminated_on if is_ended else row.ends_on
    rent = _rent_on(row, last, on, index)
    return Tenancy(
        row.park,
        row.space,
        row.use,
        row.tenant,
        row.area_m2,
        row.starts_on,
        last,
        lease=row.key,
        break_on=row.break_on,
        handed_back_on=row.handed_back_on,
        rent_vnd=rent,
        relief_vnd=_relief_of(rent, reliefs) if on <= last else 0,
        service_vnd=round_half_up(Fraction(row.area_m2 * row.service_vnd_m2)),
        deposit_vnd=row.deposit_vnd,
    )


def _rent_on(row: Any, last: date, on: date, index: Index) -> int:
    """The month's rent in force on a day, before relief; after the term what who stays on owes for a month."""
    first = Fraction(row.area_m2 * (row.base_vnd_m2 + row.land_rent_vnd_m2))
    prices = prices_of(Term(row.starts_on, last), first, thaw_escalation(row.escalation, index))
    monthly = [price.monthly for price in prices if price.from_on <= max(on, row.starts_on)][-1]
    return round_half_up(monthly if on <= last else monthly * rules_on(on).hold_over_rate)


def _relief_of(rent: int, reliefs: Sequence[tuple[str, Decimal]]) -> int:
    """In the order of the law; of one kind the best counts."""
    statutory = round_half_up(rent * _best("statutory", reliefs))
    return statutory + round_half_up((rent - statutory) * _best("programme", reliefs))


def _best(kind: str, reliefs: Sequence[tuple[str, Decimal]]) -> Fraction:
    return max((Fraction(rate) for one, rate in reliefs if one == kind), default=Fraction(0))


def _reliefs(session: Session, parks: Sequence[int], on: date) -> dict[int, list[tuple[str, Decimal]]]:
    found = (
        select(LeaseRelief.lease_id, LeaseRelief.kind, LeaseRelief.rate)
        .join(Lease, Lease.id == LeaseRelief.lease_id)
        .join(Space, Space.id == Lease.space_id)
        .where(Space.park_id.in_(parks), LeaseRelief.from_on <= on, LeaseRelief.to_on >= on)
    )
    valid: dict[int, list[tuple[str, Decimal]]] = defaultdict(list)
    for lease_id, kind, rate in session.execute(found):
        valid[lease_id].append((kind, rate))
    return valid


def _asked(session: Session, parks: Sequence[int], seen: Any, days: tuple[date, date]) -> list[Asked]:
    """What fell due between the days, or before them and is open on the last: money pays the oldest first."""
    since, on = days
    rows = due_until(on).join(Space, Space.id == Lease.space_id).join(Park, Park.id == Space.park_id)
    rows = rows.where(Space.park_id.in_(parks), Space.id.in_(seen)).add_columns(
        Park.code.label("park"), Lease.key.label("lease"), Lease.tenant
    )
    one = rows.subquery()
    names = ("park", "key", "lease", "tenant", "from_on", "to_on", "due_on", "total_vnd", "open_vnd")
    found = select(*(one.c[name] for name in names)).where(or_(one.c.due_on > since, one.c.open_vnd > 0))
    return [Asked(*row) for row in session.execute(found.order_by(one.c.due_on, one.c.key))]


def due_until(on: date) -> Any:
    """Requests due by a day, each with what is open of it at the end of that day, as accounts settle them."""
    request, day = PaymentRequest, literal(on, Date)
    paid = (
        select(LeasePayment.lease_id, func.sum(LeasePayment.amount_vnd).label("paid_vnd"))
        .where(LeasePayment.received_on <= day)
        .group_by(LeasePayment.lease_id)
        .subquery()
    )
    owed = request.total_vnd + request.corrected_vnd
    so_far = func.sum(owed).over(partition_by=request.lease_id, order_by=(request.due_on, request.key))
    left = so_far - func.coalesce(paid.c.paid_vnd, 0)
    return (
        select(request.key, request.from_on, request.to_on, request.due_on, owed.label("total_vnd"))
        .add_columns(func.greatest(0, func.least(owed, left)).label("open_vnd"))
        .join(Lease, Lease.id == request.lease_id)
        .outerjoin(paid, paid.c.lease_id == request.lease_id)
        .where(request.due_on <= day)
    )


def _zones(session: Session, parks: Sequence[int], on: date) -> list[Zone]:
    found = (
        select(Park.code, Space.code, Space.name, Space.use, Space.gross_m2)
        .join(Park, Park.id == Space.park_id)
        .where(Space.park_id.in_(parks), Space.kind == "zone")
        .where(Space.opened_on <= on, or_(Space.closed_on.is_(None), Space.closed_on > on))
    )
    return [Zone(*row) for row in session.execute(found.order_by(Space.code))]

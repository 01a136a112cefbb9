"""Leases as their operator and their tenant may read them, each with its account."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound
from foundation.paging import Order, Page, page_of
from parks.arrears import ageing, late_interest
from parks.models import (
    DepositEntry,
    Lease,
    LeasePayment,
    Park,
    PaymentRequest,
    RequestCorrection,
    Space,
    SpaceAllocation,
)
from parks.models.allocations import is_live
from parks.queries.sight import space_ids_in_sight
from parks.rules import READING_ROLES, may_see_lease, require_runner
from parks.settlement import Due, Settlement, settle

BY_NUMBER = Order((Lease.id,), is_descending=True)
WITH_PLACE = (
    joinedload(Lease.space).joinedload(Space.park),
    joinedload(Lease.space).joinedload(Space.operator),
    joinedload(Lease.operator),
)


def find_lease(session: Session, key: str, *, actor: Actor) -> Lease:
    """The lease with its place and reliefs. Raises NotFound, also for what the actor may not see."""
    found = select(Lease).options(*WITH_PLACE, selectinload(Lease.reliefs)).where(Lease.key == key)
    lease = session.scalar(found)
    if lease is None or not may_see_lease(actor, lease):
        raise NotFound
    return lease


def readable(actor: Actor) -> ColumnElement[bool]:
    """Which leases somebody may read: those of the operators they work for, and those of their organisations."""
    own = Lease.organisation_id.in_(actor.organisation_ids) if actor.organisation_ids else false()
    return or_(own, Lease.space_id.in_(space_ids_in_sight(actor)) if _works(actor) else false())


def _works(actor: Actor) -> bool:
    return actor.kind == "system" or actor.holds(*READING_ROLES)


def leases_page(session: Session, actor: Actor, *, after: str | None, size: int, park: str = "") -> Page[Lease]:
    """The leases that somebody may read, the newest first."""
    query = select(Lease).options(*WITH_PLACE).where(readable(actor))
    if park:
        query = query.where(Lease.space_id.in_(select(Space.id).join(Park).where(Park.code == park)))
    return page_of(session, query, BY_NUMBER, after=after, size=size)


def leases_of(session: Session, organisation_id: int, actor: Actor, *, most: int) -> Sequence[Lease]:
    """The newest leases of one organisation, among those that somebody may read."""
    mine = select(Lease).options(*WITH_PLACE).where(Lease.organisation_id == organisation_id, readable(actor))
    return session.scalars(mine.order_by(Lease.id.desc()).limit(most)).all()


@dataclass(frozen=True, slots=True)
class Account:
    """What was asked of a lease, what came, how it settles, and the deposit's entries."""

    requests: Sequence[PaymentRequest]
    payments: Sequence[LeasePayment]
    deposits: Sequence[DepositEntry]
    settlement: Settlement

    @property
    def held_vnd(self) -> int:
        return sum(one.amount_vnd if one.kind == "received" else -one.amount_vnd for one in self.deposits)

    def open_of(self, request: PaymentRequest, on: date) -> int:
        return self.settlement.debts[request.key].open_on(on)

    def arrears(self, on: date) -> dict[str, int]:
        return ageing(self.settlement.debts.values(), on)

    def interest(self, rate: Fraction, on: date) -> int:
        return sum(late_interest(debt, rate, on) for debt in self.settlement.debts.values())


def account_of_lease(session: Session, lease: Lease) -> Account:
    """The account of one lease, oldest first."""
    return accounts_of(session, [lease.id])[lease.id]


def accounts_of(session: Session, lease_ids: Sequence[int]) -> dict[int, Account]:
    """The accounts of several leases in three queries."""
    requests, payments, deposits = (
        _by_lease(session, model, order, lease_ids)
        for model, order in (
            (PaymentRequest, PaymentRequest.from_on),
            (LeasePayment, LeasePayment.received_on),
            (DepositEntry, DepositEntry.id),
        )
    )
    return {
        number: Account(
            requests[number],
            payments[number],
            deposits[number],
            settle(
                [Due(one.key, one.due_on, one.owed_vnd) for one in requests[number]],
                [(one.received_on, one.amount_vnd) for one in payments[number]],
            ),
        )
        for number in lease_ids
    }


def _by_lease(session: Session, model: Any, order: Any, lease_ids: Sequence[int]) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in session.scalars(select(model).where(model.lease_id.in_(lease_ids)).order_by(order, model.id)):
        rows[row.lease_id].append(row)
    return rows


def corrections_of(session: Session, lease: Lease, request_key: str) -> Sequence[RequestCorrection]:
    """What was put right of a request, in the order in which it was. Raises NotFound where the lease has none such."""
    of_it = select(PaymentRequest.id).where(PaymentRequest.lease_id == lease.id, PaymentRequest.key == request_key)
    number = session.scalar(of_it)
    if number is None:
        raise NotFound
    found = select(RequestCorrection).where(RequestCorrection.request_id == number)
    return session.scalars(found.order_by(RequestCorrection.id)).all()


def find_held(session: Session, key: str, *, actor: Actor) -> SpaceAllocation:
    """A hold or reservation with its space, for one who runs that. Raises NotFound or NotAllowed."""
    found = select(SpaceAllocation).where(SpaceAllocation.key == key)
    place = joinedload(SpaceAllocation.space)
    claim = session.scalar(found.options(place.joinedload(Space.park), place.joinedload(Space.operator)))
    require_runner(actor, claim.space if claim else None)
    assert claim is not None  # noqa: S101 - without one there was no space either
    return claim


def held_of(session: Session, space_id: int) -> Sequence[SpaceAllocation]:
    """The holds and reservations of a space that stand now."""
    found = select(SpaceAllocation).where(SpaceAllocation.space_id == space_id, SpaceAllocation.kind != "lease")
    return session.scalars(found.where(is_live(now())).order_by(SpaceAllocation.id)).all()

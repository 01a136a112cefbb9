"""Price frames that operators register with the board, and prices held against them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from foundation import audit
from foundation.actors import Actor
from foundation.errors import Blocked, Invalid, NotAllowed, Reason
from parks.models import OperatorAccount, Park, ParkOperator, PriceFrame, Space
from parks.models.spaces import USES
from parks.rules import may_run, require_park_runner, scope_of
from parks.tenancyrules import rules_on
from parks.terms import add_months

MUST_REGISTER = ("private_owner",)
"""Kinds of operators that let nothing without a frame; others keep to one where they registered it."""


@dataclass(frozen=True, slots=True)
class StatedFrame:
    """Prices for a square metre and month, as registered under ``reference``."""

    use: str
    lowest_vnd_m2: Decimal
    highest_vnd_m2: Decimal
    service_highest_vnd_m2: Decimal
    valid_from: date
    reference: str
    is_land_rent_exempt: bool = False


@dataclass(frozen=True, slots=True)
class Prices:
    """What a lease asks for a square metre and month."""

    base_vnd_m2: Decimal
    service_vnd_m2: Decimal
    land_rent_vnd_m2: Decimal


def find_operator(session: Session, park_code: str, operator_code: str | None, *, actor: Actor) -> ParkOperator:
    """The operator of a park, or of a part of it, for one who may run that. Raises NotFound or NotAllowed."""
    park = session.scalar(select(Park).options(joinedload(Park.operator)).where(Park.code == park_code))
    if park is None or operator_code in (None, park.operator.code):
        return require_park_runner(actor, park).operator
    operator = session.scalar(select(ParkOperator).where(ParkOperator.code == operator_code))
    if operator is None:
        raise Invalid({"operator": ["does_not_exist"]})
    if not may_run(actor, scope_of(park, operator.id, operator.code)):
        raise NotAllowed
    return operator


def register_frame(session: Session, operator: ParkOperator, stated: StatedFrame, *, actor: Actor) -> PriceFrame:
    """Keep a frame as registered. Raises Invalid."""
    faults: dict[str, list[Reason]] = {}
    if stated.use not in USES:
        faults["use"] = [Reason("not_a_choice")]
    if stated.highest_vnd_m2 < stated.lowest_vnd_m2:
        faults["highest_vnd_m2"] = [Reason("frame_turned_round")]
    if not stated.reference.strip():
        faults["reference"] = [Reason("required")]
    if faults:
        raise Invalid(faults)
    frame = PriceFrame(
        operator_id=operator.id,
        use=stated.use,
        lowest_vnd_m2=stated.lowest_vnd_m2,
        highest_vnd_m2=stated.highest_vnd_m2,
        service_highest_vnd_m2=stated.service_highest_vnd_m2,
        is_land_rent_exempt=stated.is_land_rent_exempt,
        valid_from=stated.valid_from,
        reference=stated.reference.strip(),
    )
    session.add(frame)
    session.flush()
    _record(session, operator, "parks:frame:register", actor=actor, frame=frame.id)
    return frame


def set_account(
    session: Session, operator: ParkOperator, bank: tuple[str, str], number: str, name: str, *, actor: Actor
) -> OperatorAccount:
    """Where tenants pay from now on; ``bank`` is its six digits and its name."""
    account = OperatorAccount(
        operator_id=operator.id, bank_bin=bank[0], bank_name=bank[1], account_number=number, account_name=name
    )
    session.add(account)
    session.flush()
    _record(session, operator, "parks:account:set", actor=actor, account=account.id)
    return account


def account_of(session: Session, operator_id: int) -> OperatorAccount | None:
    """The account entered last."""
    found = select(OperatorAccount).where(OperatorAccount.operator_id == operator_id)
    return session.scalar(found.order_by(OperatorAccount.id.desc()).limit(1))


def frame_on(session: Session, operator_id: int, use: str, day: date) -> PriceFrame | None:
    """The frame registered last for a day, whether or not it still holds."""
    found = select(PriceFrame).where(
        PriceFrame.operator_id == operator_id, PriceFrame.use == use, PriceFrame.valid_from <= day
    )
    return session.scalar(found.order_by(PriceFrame.valid_from.desc(), PriceFrame.id.desc()).limit(1))


def require_within_frame(session: Session, space: Space, prices: Prices, day: date) -> None:
    """Raises Blocked without a frame in force where there must be one, Invalid where prices lie outside it.

    Decree 260/2026, article 29: prices keep to the frame registered with the board; article 23: a land rent from
    which the owner of the infrastructure is exempt is not charged on.
    """
    frame = frame_on(session, space.operator_id, space.use, day)
    if frame is None:
        if space.operator.kind in MUST_REGISTER:
            raise Blocked(Reason("frame_missing", {"day": day}))
        return
    last_on = add_months(frame.valid_from, rules_on(day).frame_months)
    if day >= last_on:
        raise Blocked(Reason("frame_lapsed", {"last_on": last_on}))
    faults = _faults(frame, prices)
    if faults:
        raise Invalid(faults)


def _faults(frame: PriceFrame, prices: Prices) -> dict[str, list[Reason]]:
    faults: dict[str, list[Reason]] = {}
    if not frame.lowest_vnd_m2 <= prices.base_vnd_m2 <= frame.highest_vnd_m2:
        limits = {"lowest_vnd": ceil(frame.lowest_vnd_m2), "highest_vnd": floor(frame.highest_vnd_m2)}
        faults["base_vnd_m2"] = [Reason("price_outside_frame", limits)]
    if prices.service_vnd_m2 > frame.service_highest_vnd_m2:
        limits = {"lowest_vnd": 0, "highest_vnd": floor(frame.service_highest_vnd_m2)}
        faults["service_vnd_m2"] = [Reason("price_outside_frame", limits)]
    if frame.is_land_rent_exempt and prices.land_rent_vnd_m2:
        faults["land_rent_vnd_m2"] = [Reason("land_rent_exempt")]
    return faults


def _record(session: Session, operator: ParkOperator, action: str, *, actor: Actor, **facts: int) -> None:
    subject = ("park_operator", operator.id)
    audit.append(session, f"operator:{operator.id}", actor=actor, action=action, facts=facts, subject=subject)

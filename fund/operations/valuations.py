"""Valuations and index values entered into a fund's records: added, corrected by a later one, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.models import Case
from foundation import audit
from foundation.actors import Actor
from foundation.errors import Invalid
from fund.models import Deal, Fund, IndexValue, Position, Valuation
from fund.models.valuations import FAIR
from fund.operations.ledger import today
from fund.rules import require_keeper


@dataclass(frozen=True, slots=True)
class StatedValue:
    """A value as its valuer states it; ``position`` is empty for the fund as a whole."""

    amount: int
    valued_on: date
    method: str
    source: str
    position: str = ""
    basis: str = FAIR


def enter_valuation(session: Session, code: str, stated: StatedValue, *, actor: Actor) -> Valuation:
    """Raises NotFound or NotAllowed; Invalid when its day lies ahead or the position is none."""
    fund = _kept_fund(session, code, actor)
    if stated.valued_on > today():
        raise Invalid({"valued_on": ["fund_day_ahead"]})
    if stated.position and not _holds(session, fund, stated.position):
        raise Invalid({"position": ["does_not_exist"]})
    valuation = Valuation(
        fund_id=fund.id,
        position=stated.position,
        basis=stated.basis,
        valued_on=stated.valued_on,
        amount_vnd=stated.amount,
        method=stated.method,
        source=stated.source,
        person_id=actor.person_id,
    )
    session.add(valuation)
    session.flush()
    _record(session, fund, "fund:valuation:enter", actor=actor, valuation=valuation.id)
    return valuation


def enter_index(
    session: Session, code: str, index: str, values: Sequence[tuple[date, Decimal]], *, actor: Actor
) -> int:
    """Add values of an index by day; how many. Raises NotFound or NotAllowed; Invalid by number of the value."""
    fund = _kept_fund(session, code, actor)
    faults: dict[str, list[str]] = {}
    for number, (day, value) in enumerate(values):
        if day > today():
            faults[f"values.{number}.on"] = ["fund_day_ahead"]
        if value <= 0:
            faults[f"values.{number}.value"] = ["index_not_positive"]
    if faults:
        raise Invalid(faults)
    session.add_all(
        IndexValue(fund_id=fund.id, index_code=index, valued_on=day, value=value, person_id=actor.person_id)
        for day, value in values
    )
    session.flush()
    _record(session, fund, "fund:index:enter", actor=actor, index=index, values=len(values))
    return len(values)


def _holds(session: Session, fund: Fund, position: str) -> bool:
    """Whether the fund holds a position by this code of its deal's dossier."""
    query = (
        select(Position.id)
        .join(Deal, Deal.id == Position.deal_id)
        .join(Case, Case.id == Deal.case_id)
        .where(Position.fund_id == fund.id, func.coalesce(Case.code, Case.key) == position)
    )
    return session.scalar(query.limit(1)) is not None


def _kept_fund(session: Session, code: str, actor: Actor) -> Fund:
    return require_keeper(actor, session.scalar(select(Fund).where(Fund.code == code)))


def _record(session: Session, fund: Fund, action: str, *, actor: Actor, **facts: object) -> None:
    audit.append(session, f"fund:{fund.id}", actor=actor, action=action, facts=facts, subject=("fund", fund.id))

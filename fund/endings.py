"""The exits of positions that count at a moment: what was taken back by then is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from foundation.workdays import end_of_day
from fund.books import NOW, Moment
from fund.models import Fund, LedgerEntry, PositionExit


@dataclass(frozen=True, slots=True)
class Ended:
    """A stretch of a position that ended on a day."""

    on: date
    kind: str
    cost_vnd: int
    proceeds_vnd: int


def exits_of(session: Session, fund: Fund, moment: Moment = NOW) -> dict[int, Sequence[Ended]]:
    """By id of the position, the first exit first."""
    return exits_in(session, fund.id, moment)


def exits_in(session: Session, fund_id: int, moment: Moment = NOW) -> dict[int, Sequence[Ended]]:
    """The same by the id of the fund."""
    reversal = aliased(LedgerEntry)
    undone = select(reversal.id).where(reversal.reverses_id == PositionExit.entry_id)
    chosen = select(
        PositionExit.position_id,
        PositionExit.exited_on,
        PositionExit.kind,
        PositionExit.cost_vnd,
        PositionExit.proceeds_vnd,
    ).where(PositionExit.fund_id == fund_id)
    if moment.as_of is not None:
        chosen = chosen.where(PositionExit.exited_on <= moment.as_of)
        undone = undone.where(reversal.effective_on <= moment.as_of)
    if moment.known_on is not None:
        chosen = chosen.where(PositionExit.recorded_at < end_of_day(moment.known_on))
        undone = undone.where(reversal.recorded_at < end_of_day(moment.known_on))
    found: dict[int, list[Ended]] = {}
    rows = session.execute(chosen.where(~undone.exists()).order_by(PositionExit.exited_on, PositionExit.id))
    for position, day, kind, cost, proceeds in rows:
        found.setdefault(position, []).append(Ended(day, kind, cost, proceeds))
    return dict(found)

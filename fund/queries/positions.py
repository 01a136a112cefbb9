"""What a fund holds, each position with its money and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications.models import Case
from foundation.workdays import end_of_day
from fund.books import Moment
from fund.endings import Ended, exits_of
from fund.models import Deal, Fund, Position
from fund.queries.valuations import Valued
from fund.results import CashDay, IndexValues, Results, Worth, results_of, worth_of


@dataclass(frozen=True, slots=True)
class Held:
    """A position; ``code`` is that of its deal's dossier, by which it is valued."""

    code: str
    key: str
    company: str
    days: Sequence[CashDay]
    exits: Sequence[Ended] = ()

    @property
    def cost_left(self) -> int:
        """What was paid for what is still held."""
        return sum(day.paid_in for day in self.days) - sum(one.cost_vnd for one in self.exits)

    @property
    def closed_on(self) -> date | None:
        return None if self.cost_left else self.exits[-1].on

    @property
    def realised_gain(self) -> int | None:
        """What exits brought above what was paid for what they gave up."""
        return sum(one.proceeds_vnd - one.cost_vnd for one in self.exits) if self.exits else None


@dataclass(frozen=True, slots=True)
class PositionResults:
    """A position with its figures; the multiple on what was invested is MOIC."""

    held: Held
    results: Results


def positions_of(session: Session, fund: Fund, moment: Moment) -> list[Held]:
    """All positions by the day on which they began. What left a fund for a position came in to the position."""
    code = func.coalesce(Case.code, Case.key)
    chosen = (
        select(Position.id, code, Case.key, Organisation.name_vi, Position.invested_on, Position.paid_vnd)
        .select_from(Position)
        .join(Deal, Deal.id == Position.deal_id)
        .join(Case, Case.id == Deal.case_id)
        .join(Organisation, Organisation.id == Position.organisation_id)
        .where(Position.fund_id == fund.id)
        .order_by(Position.invested_on, Position.id)
    )
    if moment.as_of is not None:
        chosen = chosen.where(Position.invested_on <= moment.as_of)
    if moment.known_on is not None:
        chosen = chosen.where(Position.recorded_at < end_of_day(moment.known_on))
    ended = exits_of(session, fund, moment)
    return [_held(*row[1:], exits=ended.get(row[0], ())) for row in session.execute(chosen)]


def _held(code: str, key: str, company: str, day: date, paid: int, *, exits: Sequence[Ended]) -> Held:
    came = [CashDay(one.on, 0, one.proceeds_vnd) for one in exits if one.proceeds_vnd]
    return Held(code, key, company, [CashDay(day, paid, 0), *came], exits)


def results_by_position(
    held: Sequence[Held], valuations: Sequence[Valued], index: IndexValues
) -> list[PositionResults]:
    """The figures of each position from its own valuations, held against the index of the fund."""
    values: dict[str, list[tuple[date, int]]] = {}
    for one in valuations:
        values.setdefault(one.position, []).append((one.valued_on, one.amount_vnd))
    return [
        PositionResults(one, results_of(one.days, _worth(one, values.get(one.code, [])), index=index)) for one in held
    ]


def _worth(held: Held, values: Sequence[tuple[date, int]]) -> Worth:
    """Nothing is left of a position that ended, whatever it was valued at before."""
    closed_on = held.closed_on
    return Worth(0, closed_on, closed_on) if closed_on else worth_of(values, held.days)


def position_codes(session: Session, fund: Fund) -> list[tuple[str, str]]:
    """Code and company of each position that is still held, for choosing among them."""
    return [(one.code, one.company) for one in positions_of(session, fund, Moment()) if not one.closed_on]

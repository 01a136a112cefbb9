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
from fund.models import Deal, Fund, Position
from fund.queries.valuations import Valued
from fund.results import CashDay, IndexValues, Results, results_of, worth_of


@dataclass(frozen=True, slots=True)
class Held:
    """A position; ``code`` is that of its deal's dossier, by which it is valued."""

    code: str
    key: str
    company: str
    days: Sequence[CashDay]


@dataclass(frozen=True, slots=True)
class PositionResults:
    """A position with its figures; the multiple on what was invested is MOIC."""

    held: Held
    results: Results


def positions_of(session: Session, fund: Fund, moment: Moment) -> list[Held]:
    """All positions by the day on which they began. What left a fund for a position came in to the position."""
    code = func.coalesce(Case.code, Case.key)
    chosen = (
        select(code, Case.key, Organisation.name_vi, Position.invested_on, Position.paid_vnd)
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
    rows = session.execute(chosen)
    return [Held(named, key, company, [CashDay(day, paid, 0)]) for named, key, company, day, paid in rows]


def results_by_position(
    held: Sequence[Held], valuations: Sequence[Valued], index: IndexValues
) -> list[PositionResults]:
    """The figures of each position from its own valuations, held against the index of the fund."""
    values: dict[str, list[tuple[date, int]]] = {}
    for one in valuations:
        values.setdefault(one.position, []).append((one.valued_on, one.amount_vnd))
    return [
        PositionResults(one, results_of(one.days, worth_of(values.get(one.code, []), one.days), index=index))
        for one in held
    ]


def position_codes(session: Session, fund: Fund) -> list[tuple[str, str]]:
    """Code and company of each position, for choosing among them."""
    return [(one.code, one.company) for one in positions_of(session, fund, Moment())]

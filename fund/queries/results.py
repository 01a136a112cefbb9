"""The results of a fund at a moment, from its ledger, its valuations and an index."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from foundation.errors import Invalid
from fund.books import NOW, Moment
from fund.models import Fund, Valuation
from fund.queries.cash import cash_days, committed_vnd
from fund.queries.valuations import index_codes, index_values, valuations_of
from fund.results import CashDay, Results, results_of, worth_of


@dataclass(frozen=True, slots=True)
class FundResults:
    """The figures of a fund with what they are made of; ``index`` is the one compared with, of ``indices``."""

    moment: Moment
    days: Sequence[CashDay]
    valuations: Sequence[Valuation]
    committed: int
    results: Results
    index: str | None
    indices: Sequence[str]


def fund_results(session: Session, fund: Fund, moment: Moment = NOW, *, index: str | None = None) -> FundResults:
    """Compared with the index of that code, without one with the first that the fund has values of. Raises Invalid."""
    days = cash_days(session, fund, moment)
    valuations = valuations_of(session, fund, moment)
    indices = index_codes(session, fund)
    if index and index not in indices:
        raise Invalid({"index": ["does_not_exist"]})
    chosen = index or (indices[0] if indices else None)
    worth = worth_of([(one.valued_on, one.amount_vnd) for one in valuations if not one.position], days)
    committed = committed_vnd(session, fund, moment)
    values = index_values(session, fund, chosen, moment) if chosen else ()
    results = results_of(days, worth, committed=committed, index=values)
    return FundResults(moment, days, valuations, committed, results, chosen, indices)

"""The results of a fund at a moment, from its ledger, its valuations and an index."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.errors import Invalid
from fund.books import NOW, Moment
from fund.models import Fund
from fund.quarters import Quarter, quarters_of
from fund.queries.cash import cash_days, committed_vnd
from fund.queries.positions import PositionResults, positions_of, results_by_position
from fund.queries.valuations import Valued, index_codes, index_values, values_of
from fund.results import CashDay, Results, results_of, worth_of

MOST_KNOWN = 8
"""Of one and a half megabytes each, where a fund moved money on thousands of days."""


@dataclass(frozen=True, slots=True)
class FundResults:
    """The figures of a fund with what they are made of; ``index`` is the one compared with, of ``indices``."""

    moment: Moment
    days: Sequence[CashDay]
    valuations: Sequence[Valued]
    committed: int
    results: Results
    positions: Sequence[PositionResults]
    quarters: Sequence[Quarter]
    index: str | None
    indices: Sequence[str]


_known: OrderedDict[tuple[Any, ...], FundResults] = OrderedDict()
_working = Lock()


def fund_results(
    session: Session, fund: Fund, today: date, moment: Moment = NOW, *, index: str | None = None
) -> FundResults:
    """Compared with the index of that code, without one with the first that the fund has values of. Raises Invalid.

    What rests on rows that are only ever added is worked out once: as long as the fund's counters stand still, so do
    its figures. Those of earlier counters, which nobody will ask for again, are forgotten.
    """
    recorded = _recorded(session, fund)
    key = (fund.id, recorded, today, moment, index)
    found = _known.get(key)
    if found is not None:
        return found
    with _working:  # many who ask at once wait for the first rather than all work
        found = _known.get(key) or _worked_out(session, fund, today, moment, index)
        for outdated in [one for one in _known if one[0] == fund.id and one[1] != recorded]:
            del _known[outdated]
        _known[key] = found
        while len(_known) > MOST_KNOWN:
            _known.popitem(last=False)
    return found


def known_results(fund: Fund) -> list[FundResults]:
    """Those that are kept in memory."""
    return [found for key, found in _known.items() if key[0] == fund.id]


def _recorded(session: Session, fund: Fund) -> tuple[Any, ...]:
    """How much was ever recorded of a fund, and when last."""
    counters = select(Fund.entries, Fund.figures, Fund.last_recorded_at).where(Fund.id == fund.id)
    return tuple(session.execute(counters).one())


def _worked_out(session: Session, fund: Fund, today: date, moment: Moment, index: str | None) -> FundResults:
    indices = index_codes(session, fund)
    if index and index not in indices:
        raise Invalid({"index": ["does_not_exist"]})
    chosen = index or (indices[0] if indices else None)
    values = index_values(session, fund, chosen, moment) if chosen else []
    days, valuations = cash_days(session, fund, moment), values_of(session, fund, moment)
    whole = [(one.valued_on, one.amount_vnd) for one in valuations if not one.position]
    committed = committed_vnd(session, fund, moment)
    return FundResults(
        moment=moment,
        days=days,
        valuations=valuations,
        committed=committed,
        results=results_of(days, worth_of(whole, days), committed=committed, index=values),
        positions=results_by_position(positions_of(session, fund, moment), valuations, values),
        quarters=quarters_of(days, whole, moment.as_of or today),
        index=chosen,
        indices=indices,
    )

"""Money between contributors and a fund, day by day, as the ledger tells it at a moment.

Of now it is read from the days that the ledger keeps; of another moment it is worked out from the entries themselves.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from foundation.workdays import end_of_day
from fund.books import Moment
from fund.capital import CHARTER, DISTRIBUTED, PAID
from fund.models import Fund, LedgerBalance, LedgerDay, LedgerEntry, LedgerLine
from fund.results import CashDay

COMES_IN = (("payment", PAID),)
GOES_OUT = (("withdrawal", PAID), ("distribution", DISTRIBUTED))
"""Kinds of entries and accounts of lines that are money of a contributor coming in, or going back."""


def cash_days(session: Session, fund: Fund, moment: Moment, *, contributor_id: int | None = None) -> list[CashDay]:
    """The days on which money moved, the first first; what was taken back by then is left out with its reversal."""
    chosen = _days(fund, ()) if moment.is_now else _lines(fund, moment, ())
    if contributor_id is not None:
        chosen = chosen.where((LedgerDay if moment.is_now else LedgerLine).contributor_id == contributor_id)
    return [CashDay(day, int(came), int(went)) for day, came, went in session.execute(chosen)]


def cash_by_contributor(session: Session, fund: Fund, moment: Moment) -> list[tuple[int, CashDay]]:
    """The days on which money of each contributor, by id, moved; the first day first."""
    chosen = (
        _days(fund, (LedgerDay.contributor_id,))
        if moment.is_now
        else _lines(fund, moment, (LedgerLine.contributor_id,))
    )
    return [(one, CashDay(day, int(came), int(went))) for day, one, came, went in session.execute(chosen)]


def committed_vnd(session: Session, fund: Fund, moment: Moment) -> int:
    """What was committed by then, after all reductions."""
    if moment.is_now:
        held = LedgerBalance.fund_id == fund.id, LedgerBalance.account == CHARTER
        return -int(session.scalar(select(func.coalesce(func.sum(LedgerBalance.amount_vnd), 0)).where(*held)) or 0)
    chosen = select(func.coalesce(-func.sum(LedgerLine.amount_vnd), 0)).join_from(
        LedgerEntry, LedgerLine, LedgerLine.entry_id == LedgerEntry.id
    )
    bounds = (LedgerEntry.fund_id == fund.id, LedgerLine.account == CHARTER, *_by(LedgerEntry, moment))
    return int(session.scalar(chosen.where(*bounds)) or 0)


def _days(fund: Fund, keys: Sequence[Any]) -> Any:
    """Days with money that counts, from what the ledger keeps."""
    came, went = func.sum(LedgerDay.came_vnd), func.sum(LedgerDay.went_vnd)
    chosen = select(LedgerDay.effective_on, *keys, came, went)
    chosen = chosen.where(LedgerDay.fund_id == fund.id, LedgerDay.account.in_((PAID, DISTRIBUTED)))
    grouped = chosen.group_by(LedgerDay.effective_on, *keys).having(or_(came != 0, went != 0))
    return grouped.order_by(LedgerDay.effective_on, *keys)


def _lines(fund: Fund, moment: Moment, keys: Sequence[Any]) -> Any:
    """The same from the entries."""
    chosen = _counting(select(LedgerEntry.effective_on, *keys, *_sums()), fund, moment)
    return chosen.group_by(LedgerEntry.effective_on, *keys).order_by(LedgerEntry.effective_on, *keys)


def _counting(chosen: Any, fund: Fund, moment: Moment) -> Any:
    reversal = aliased(LedgerEntry)
    taken_back = select(reversal.id).where(reversal.reverses_id == LedgerEntry.id, *_by(reversal, moment))
    return chosen.join_from(LedgerEntry, LedgerLine, _is_cash()).where(
        LedgerEntry.fund_id == fund.id, *_by(LedgerEntry, moment), ~taken_back.exists()
    )


def _sums() -> list[ColumnElement[int]]:
    amount = func.abs(LedgerLine.amount_vnd)
    return [func.coalesce(func.sum(amount).filter(_is_one_of(pairs)), 0) for pairs in (COMES_IN, GOES_OUT)]


def _is_cash() -> ColumnElement[bool]:
    return and_(LedgerLine.entry_id == LedgerEntry.id, _is_one_of((*COMES_IN, *GOES_OUT)))


def _is_one_of(pairs: Sequence[tuple[str, str]]) -> ColumnElement[bool]:
    return or_(*(and_(LedgerEntry.kind == kind, LedgerLine.account == account) for kind, account in pairs))


def _by(entry: type[LedgerEntry], moment: Moment) -> Sequence[ColumnElement[bool]]:
    bounds = []
    if moment.as_of is not None:
        bounds.append(entry.effective_on <= moment.as_of)
    if moment.known_on is not None:
        bounds.append(entry.recorded_at < end_of_day(moment.known_on))
    return bounds

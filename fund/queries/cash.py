"""Money between contributors and a fund, day by day, as the ledger tells it at a moment.

Of now and as of a day it is read from the days that the ledger keeps. As known on a day it is worked out from the
entries that were recorded by then, or from the days without those recorded later: from whichever are fewer.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from foundation.prepared import inline
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
    moved = _moved(session, fund, moment)
    chosen = _by_day(moved, ())
    if contributor_id is not None:
        chosen = chosen.where(moved.c.contributor_id == contributor_id)
    return [CashDay(day, int(came), int(went)) for day, came, went in session.execute(chosen)]


def cash_by_contributor(session: Session, fund: Fund, moment: Moment) -> list[tuple[int, CashDay]]:
    """The days on which money of each contributor, by id, moved; the first day first."""
    moved = _moved(session, fund, moment)
    chosen = _by_day(moved, (moved.c.contributor_id,))
    return [(one, CashDay(day, int(came), int(went))) for day, one, came, went in session.execute(chosen)]


def committed_vnd(session: Session, fund: Fund, moment: Moment) -> int:
    """What was committed by then, after all reductions."""
    if moment.known_on is None:
        table: Any = LedgerBalance if moment.is_now else LedgerDay
        chosen = select(func.coalesce(-func.sum(table.amount_vnd), 0)).where(table.account == CHARTER)
        bounds = [table.fund_id == fund.id]
        if moment.as_of is not None:
            bounds.append(LedgerDay.effective_on <= moment.as_of)
        return int(session.scalar(chosen.where(*bounds)) or 0)
    lines = select(func.coalesce(-func.sum(LedgerLine.amount_vnd), 0)).join_from(
        LedgerEntry, LedgerLine, LedgerLine.entry_id == LedgerEntry.id
    )
    counted = (LedgerEntry.fund_id == fund.id, LedgerLine.account == CHARTER, *_by(LedgerEntry, moment))
    return int(session.scalar(lines.where(*counted)) or 0)


def _by_day(moved: Any, keys: Sequence[Any]) -> Any:
    came, went = func.sum(moved.c.came_vnd), func.sum(moved.c.went_vnd)
    chosen = select(moved.c.effective_on, *keys, came, went).group_by(moved.c.effective_on, *keys)
    return chosen.having(or_(came != 0, went != 0)).order_by(moved.c.effective_on, *keys)


def _moved(session: Session, fund: Fund, moment: Moment) -> Any:
    """Money that came and went by day and contributor."""
    if moment.is_now:
        return _days(fund, moment).subquery()
    if moment.known_on is None:
        return union_all(_days(fund, moment), _not_yet_back(fund, moment)).subquery()
    if _are_few(session, fund, later := LedgerEntry.recorded_at >= end_of_day(moment.known_on)):
        since = _told(LedgerEntry.fund_id == fund.id, later, *_effective(moment), ~_taken_back().exists()).subquery()
        taken_out = select(since.c.effective_on, since.c.contributor_id, -since.c.came_vnd, -since.c.went_vnd)
        return union_all(_days(fund, moment), _not_yet_back(fund, moment), taken_out).subquery()
    return _lines(fund, moment).subquery()


def _days(fund: Fund, moment: Moment) -> Any:
    columns = (LedgerDay.effective_on, LedgerDay.contributor_id, LedgerDay.came_vnd, LedgerDay.went_vnd)
    days = select(*columns).where(LedgerDay.fund_id == fund.id, LedgerDay.account.in_((PAID, DISTRIBUTED)))
    return days if moment.as_of is None else days.where(LedgerDay.effective_on <= moment.as_of)


def _are_few(session: Session, fund: Fund, later: ColumnElement[bool]) -> bool:
    """Whether fewer entries of a fund were recorded later than before."""
    counted = session.scalar(select(func.count()).where(LedgerEntry.fund_id == fund.id, later))
    return 2 * (counted or 0) < fund.entries


def _not_yet_back(fund: Fund, moment: Moment) -> Any:
    """What was taken back after the moment still counted then; the days that the ledger keeps have forgotten it."""
    reversal = aliased(LedgerEntry)
    known = _by(reversal, moment)
    return (
        _told(*_by(LedgerEntry, moment))
        .join(reversal, reversal.reverses_id == LedgerEntry.id)
        .where(LedgerEntry.fund_id == fund.id)
        .where(reversal.fund_id == fund.id, reversal.kind == inline("reversal"), ~and_(*known))
    )


def _taken_back() -> Any:
    reversal = aliased(LedgerEntry)
    return select(reversal.id).where(reversal.reverses_id == LedgerEntry.id)


def _lines(fund: Fund, moment: Moment) -> Any:
    """The same from the entries."""
    reversal = aliased(LedgerEntry)
    taken_back = select(reversal.id).where(reversal.reverses_id == LedgerEntry.id, *_by(reversal, moment))
    return _told(LedgerEntry.fund_id == fund.id, *_by(LedgerEntry, moment), ~taken_back.exists())


def _told(*bounds: ColumnElement[bool]) -> Any:
    keys = (LedgerEntry.effective_on, LedgerLine.contributor_id)
    told = select(*keys, *_sums()).join_from(LedgerEntry, LedgerLine, _is_cash())
    return told.where(*bounds).group_by(*keys)


def _sums() -> list[ColumnElement[int]]:
    amount = func.abs(LedgerLine.amount_vnd)
    named = (("came_vnd", COMES_IN), ("went_vnd", GOES_OUT))
    return [func.coalesce(func.sum(amount).filter(_is_one_of(pairs)), 0).label(name) for name, pairs in named]


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


def _effective(moment: Moment) -> Sequence[ColumnElement[bool]]:
    return _by(LedgerEntry, Moment(as_of=moment.as_of))

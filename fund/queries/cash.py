"""Money between contributors and a fund, day by day, as the ledger tells it at a moment."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from foundation.workdays import end_of_day
from fund.books import Moment
from fund.capital import CHARTER, DISTRIBUTED, PAID
from fund.models import Fund, LedgerEntry, LedgerLine
from fund.results import CashDay

PAID_IN_BY, PAID_OUT_BY = ("payment",), ("withdrawal",)
"""Kinds of entries whose lines on the account of paid-in capital are money that came in, or went back out; what was
distributed has an account of its own."""


def cash_days(session: Session, fund: Fund, moment: Moment, *, contributor_id: int | None = None) -> list[CashDay]:
    """The days on which money moved, the first first; what was taken back by then is left out with its reversal."""
    amount = LedgerLine.amount_vnd
    paid_in = func.coalesce(func.sum(amount).filter(LedgerEntry.kind.in_(PAID_IN_BY)), 0)
    returned = func.coalesce(func.sum(amount).filter(LedgerLine.account == DISTRIBUTED), 0)
    paid_out = returned - func.coalesce(func.sum(amount).filter(LedgerEntry.kind.in_(PAID_OUT_BY)), 0)
    lines = _counting(select(LedgerEntry.effective_on, paid_in, paid_out), fund, moment)
    if contributor_id is not None:
        lines = lines.where(LedgerLine.contributor_id == contributor_id)
    rows = session.execute(lines.group_by(LedgerEntry.effective_on).order_by(LedgerEntry.effective_on))
    return [CashDay(day, int(came), int(went)) for day, came, went in rows]


def committed_vnd(session: Session, fund: Fund, moment: Moment, *, contributor_id: int | None = None) -> int:
    """What was committed by then, after all reductions."""
    chosen = select(func.coalesce(-func.sum(LedgerLine.amount_vnd), 0)).join_from(
        LedgerEntry, LedgerLine, LedgerLine.entry_id == LedgerEntry.id
    )
    bounds = (LedgerEntry.fund_id == fund.id, LedgerLine.account == CHARTER, *_by(LedgerEntry, moment))
    chosen = chosen.where(*bounds)
    if contributor_id is not None:
        chosen = chosen.where(LedgerLine.contributor_id == contributor_id)
    return int(session.scalar(chosen) or 0)


def _counting(chosen: Select[date, int, int], fund: Fund, moment: Moment) -> Select[date, int, int]:
    reversal = aliased(LedgerEntry)
    taken_back = select(reversal.id).where(reversal.reverses_id == LedgerEntry.id, *_by(reversal, moment))
    return chosen.join_from(LedgerEntry, LedgerLine, _is_cash()).where(
        LedgerEntry.fund_id == fund.id, *_by(LedgerEntry, moment), ~taken_back.exists()
    )


def _is_cash() -> ColumnElement[bool]:
    kinds = LedgerEntry.kind.in_((*PAID_IN_BY, *PAID_OUT_BY))
    by_capital = and_(LedgerLine.account == PAID, kinds)
    return and_(LedgerLine.entry_id == LedgerEntry.id, or_(by_capital, LedgerLine.account == DISTRIBUTED))


def _by(entry: type[LedgerEntry], moment: Moment) -> Sequence[ColumnElement[bool]]:
    bounds = []
    if moment.as_of is not None:
        bounds.append(entry.effective_on <= moment.as_of)
    if moment.known_on is not None:
        bounds.append(entry.recorded_at < end_of_day(moment.known_on))
    return bounds

"""Breaches of a fund's ceilings and the stages of its life."""

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from foundation.workdays import local_date
from fund.models import Fund, FundBreach, FundMove

MOST = 50


def breaches_of(session: Session, fund: Fund) -> list[FundBreach]:
    """The latest breaches, the last first."""
    chosen = select(FundBreach).where(FundBreach.fund_id == fund.id).order_by(FundBreach.id.desc())
    return list(session.scalars(chosen.limit(MOST)))


def moves_of_fund(session: Session, fund: Fund) -> list[FundMove]:
    """The stages of a fund, the last first."""
    chosen = select(FundMove).where(FundMove.fund_id == fund.id, FundMove.subject == "fund")
    return list(session.scalars(chosen.order_by(FundMove.id.desc()).limit(MOST)))


def open_breach_of(session: Session, fund: Fund) -> FundBreach | None:
    return session.scalar(select(FundBreach).where(FundBreach.fund_id == fund.id, FundBreach.closed_at.is_(None)))


def reviewed_on(session: Session, fund: Fund) -> date | None:
    """The day on which its latest review began."""
    chosen = select(func.max(FundMove.at)).where(FundMove.fund_id == fund.id, FundMove.step == "review")
    at = session.scalar(chosen.where(FundMove.subject == "fund"))
    return None if at is None else local_date(at)

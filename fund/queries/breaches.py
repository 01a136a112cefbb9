"""Breaches of a fund's ceilings and the stages of its life."""

from sqlalchemy import select
from sqlalchemy.orm import Session

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

"""The funds whose books somebody may read."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.errors import NotFound
from fund.models import Fund, FundContributor, FundTerms
from fund.rules import may_read, require_reader


def find_fund(session: Session, code: str, *, actor: Actor) -> Fund:
    """Raises NotFound."""
    return require_reader(actor, session.scalar(select(Fund).where(Fund.code == code)))


def readable_funds(session: Session, actor: Actor) -> list[Fund]:
    """The funds whose books the actor may read, by code."""
    funds = session.scalars(select(Fund).order_by(Fund.code))
    return [fund for fund in funds if may_read(actor, fund)]


def versions_of_terms(session: Session, fund: Fund) -> list[FundTerms]:
    """All terms of a fund, the latest first."""
    chosen = select(FundTerms).where(FundTerms.fund_id == fund.id)
    return list(session.scalars(chosen.order_by(FundTerms.valid_from.desc(), FundTerms.id.desc())))


def find_contributor(session: Session, fund: Fund, code: str) -> FundContributor:
    """Raises NotFound: the fund has none of that code."""
    chosen = select(FundContributor).where(FundContributor.fund_id == fund.id, FundContributor.code == code)
    found = session.scalar(chosen.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found

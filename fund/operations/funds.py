"""Funds as data: created, given terms from a day on, joined by contributors."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from foundation.wording import Trilingual
from fund.models import Fund, FundContributor, FundTerms


@dataclass(frozen=True, slots=True)
class StatedTerms:
    """Terms of a fund as its charter states them."""

    valid_from: date
    city_amount_vnd: int | None
    share: tuple[int, int]
    private_investors: int | None
    notice_working_days: int
    loss_percent: int | None
    source: Trilingual
    concentration_percent: int | None = None
    company_share_percent: int | None = None


def create_fund(
    session: Session, code: str, name: Trilingual, *, legal_form: str, is_demonstration: bool, actor: Actor
) -> Fund:
    """A fund without terms yet."""
    fund = Fund(code=code, name=name, legal_form=legal_form, is_demonstration=is_demonstration)
    session.add(fund)
    session.flush()
    _record(session, fund, "fund:fund:create", actor=actor)
    return fund


def set_terms(session: Session, fund: Fund, stated: StatedTerms, *, actor: Actor) -> FundTerms:
    """Let terms hold from a day on; earlier ones stay on record."""
    terms = FundTerms(
        fund_id=fund.id,
        valid_from=stated.valid_from,
        city_amount_vnd=stated.city_amount_vnd,
        share_numerator=stated.share[0],
        share_denominator=stated.share[1],
        private_investors=stated.private_investors,
        notice_working_days=stated.notice_working_days,
        loss_percent=stated.loss_percent,
        concentration_percent=stated.concentration_percent,
        company_share_percent=stated.company_share_percent,
        source=dict(stated.source),
    )
    session.add(terms)
    session.flush()
    _record(session, fund, "fund:terms:set", actor=actor, terms=terms.id)
    return terms


def add_contributor(
    session: Session, fund: Fund, code: str, name: str, *, is_city: bool, actor: Actor
) -> FundContributor:
    """A contributor that has undertaken nothing yet; the one of that code when it is there already."""
    known = session.scalar(
        select(FundContributor).where(FundContributor.fund_id == fund.id, FundContributor.code == code)
    )
    if known is not None:
        return known
    contributor = FundContributor(fund_id=fund.id, code=code, name=name, is_city=is_city)
    session.add(contributor)
    session.flush()
    _record(session, fund, "fund:contributor:add", actor=actor, contributor=contributor.id)
    return contributor


def _record(session: Session, fund: Fund, action: str, *, actor: Actor, **facts: Any) -> None:
    audit.append(session, f"fund:{fund.id}", actor=actor, action=action, facts=facts, subject=("fund", fund.id))

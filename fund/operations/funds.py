"""Funds as data: created, given terms from a day on, joined by contributors."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.wording import Trilingual
from fund.models import Fund, FundContributor, FundTerms
from fund.operations.moves import begin, move_if_due


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
    late_interest_bps: int | None = None
    default_working_days: int = 15
    breach_notice_working_days: int = 1
    breach_plan_working_days: int = 10
    breach_cure_days: int = 90
    calls_by_two: bool = False
    review_on: date | None = None
    ends_on: date | None = None


STORED = [one.name for one in fields(StatedTerms) if one.name not in ("share", "source")]


def create_fund(
    session: Session, code: str, name: Trilingual, *, legal_form: str, is_demonstration: bool, actor: Actor
) -> Fund:
    """A fund without terms yet."""
    fund = Fund(code=code, name=name, legal_form=legal_form, is_demonstration=is_demonstration)
    begin(session, fund)
    session.add(fund)
    session.flush()
    _record(session, fund, "fund:fund:create", actor=actor)
    return fund


def set_terms(session: Session, fund: Fund, stated: StatedTerms, *, actor: Actor) -> FundTerms:
    """Let terms hold from a day on; earlier ones stay on record."""
    stored = {name: getattr(stated, name) for name in STORED}
    terms = FundTerms(
        fund_id=fund.id,
        share_numerator=stated.share[0],
        share_denominator=stated.share[1],
        source=dict(stated.source),
        recorded_at=now(),
        **stored,
    )
    session.add(terms)
    move_if_due(session, fund, fund, "charter", actor=actor)
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
    begin(session, contributor)
    session.add(contributor)
    session.flush()
    _record(session, fund, "fund:contributor:add", actor=actor, contributor=contributor.id)
    return contributor


def _record(session: Session, fund: Fund, action: str, *, actor: Actor, **facts: Any) -> None:
    audit.append(session, f"fund:{fund.id}", actor=actor, action=action, facts=facts, subject=("fund", fund.id))

"""The money between one company and the funds, on its page: what it received, and what it contributes."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.companypanels import CompanyPanel, PanelLine
from foundation.facts import day_in_words
from foundation.money import format_vnd
from foundation.speech import current_language
from foundation.wording import in_language
from fund.models import Fund, FundContributor, Position
from fund.rules import may_read
from fund.titles import INSTRUMENT_TITLES


def money_panel(session: Session, organisation_id: int, actor: Actor) -> CompanyPanel | None:
    """For the company itself, and of each fund for those who read its books."""
    is_own = organisation_id in actor.organisation_ids
    lines = [*_received(session, organisation_id, actor, is_own=is_own)]
    lines += _contributed(session, organisation_id, actor, is_own=is_own)
    return CompanyPanel(_("Money"), lines) if lines else None


def _received(session: Session, organisation_id: int, actor: Actor, *, is_own: bool) -> Iterator[PanelLine]:
    query = select(Position, Fund).join(Fund, Fund.id == Position.fund_id)
    query = query.where(Position.organisation_id == organisation_id).order_by(Position.invested_on.desc(), Position.id)
    language = current_language()
    for held, fund in session.execute(query):
        if is_own or may_read(actor, fund):
            paid = _("%(amount)s received", amount=format_vnd(held.paid_vnd, language))
            told = (paid, str(INSTRUMENT_TITLES[held.instrument]), day_in_words(held.invested_on, language))
            yield PanelLine(in_language(fund.name, language), "" if is_own else _fund(fund), told)


def _contributed(session: Session, organisation_id: int, actor: Actor, *, is_own: bool) -> Iterator[PanelLine]:
    query = select(FundContributor, Fund).join(Fund, Fund.id == FundContributor.fund_id)
    query = query.where(FundContributor.organisation_id == organisation_id).order_by(Fund.code, FundContributor.code)
    for one, fund in session.execute(query):
        if is_own or may_read(actor, fund):
            own = url_for("fund.investment", code=fund.code, contributor=one.code)
            yield PanelLine(
                in_language(fund.name, current_language()), own if is_own else _fund(fund), (_("Contributor"),)
            )


def _fund(fund: Fund) -> str:
    return url_for("fund.fund", code=fund.code)

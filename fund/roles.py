"""The roles of a fund that an administrator can grant, and the funds that narrow them."""

from collections.abc import Sequence

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.register import Role, Scope, register_role, register_scope
from foundation.wording import in_language
from fund.models import Fund
from fund.rules import FUND_MANAGER


def register_roles() -> None:
    """Make the roles grantable, each for one fund or for all."""
    titles = {"vi": "Cán bộ quản lý quỹ", "en": "Fund manager", "fr": "Gestionnaire de fonds"}
    register_role(Role(FUND_MANAGER, titles, ("fund",)))
    register_scope(Scope("fund", lazy_gettext("Fund"), fund_choices))


def fund_choices(session: Session, language: str) -> Sequence[tuple[str, str]]:
    """All funds by code and name."""
    funds = session.scalars(select(Fund).order_by(Fund.code))
    return [(fund.code, in_language(fund.name, language)) for fund in funds]

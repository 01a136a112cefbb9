"""A fund founded from its charter, written as data: name, legal form, terms by day, contributors."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.errors import Invalid
from fund.models import Fund
from fund.models.funds import LEGAL_FORMS
from fund.operations.funds import StatedTerms, add_contributor, create_fund, set_terms

NEEDED = ("code", "name", "legal_form", "terms", "contributors")
LANGUAGES = {"vi", "en", "fr"}


def found_fund(session: Session, charter: Mapping[str, Any], *, actor: Actor) -> Fund:
    """Raises Invalid by name of what is missing or wrong; a code is taken once."""
    _check(session, charter)
    fund = create_fund(
        session,
        charter["code"],
        charter["name"],
        legal_form=charter["legal_form"],
        is_demonstration=bool(charter.get("is_demonstration", False)),
        actor=actor,
    )
    for row in charter["terms"]:
        set_terms(session, fund, _terms(row), actor=actor)
    for row in charter["contributors"]:
        add_contributor(session, fund, row["code"], row["name"], is_city=bool(row.get("is_city")), actor=actor)
    return fund


def _check(session: Session, charter: Mapping[str, Any]) -> None:
    faults: dict[str, list[str]] = {name: ["required"] for name in NEEDED if not charter.get(name)}
    if charter.get("legal_form") and charter["legal_form"] not in LEGAL_FORMS:
        faults["legal_form"] = ["not_a_choice"]
    if charter.get("name") and set(charter["name"]) != LANGUAGES:
        faults["name"] = ["required"]
    if charter.get("code") and session.scalar(select(Fund.id).where(Fund.code == charter["code"])):
        faults["code"] = ["fund_code_taken"]
    if faults:
        raise Invalid(faults)


def _terms(row: Mapping[str, Any]) -> StatedTerms:
    numerator, denominator = row["share"]
    valid_from: date = row["valid_from"]
    return StatedTerms(
        valid_from=valid_from,
        city_amount_vnd=row.get("city_amount_vnd"),
        share=(numerator, denominator),
        private_investors=row.get("private_investors"),
        notice_working_days=row["notice_working_days"],
        loss_percent=row.get("loss_percent"),
        source=row["source"],
        concentration_percent=row.get("concentration_percent"),
        company_share_percent=row.get("company_share_percent"),
    )

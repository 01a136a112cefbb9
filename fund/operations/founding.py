"""A fund founded from its charter, written as data: name, legal form, terms by day, contributors."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.errors import Invalid, NotAllowed
from foundation.wording import Trilingual
from fund.models import Fund
from fund.models.funds import LEGAL_FORMS
from fund.operations.funds import StatedTerms, add_contributor, create_fund, set_terms
from fund.rules import may_found

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


@dataclass(frozen=True, slots=True)
class Charter:
    """What a new fund is."""

    code: str
    name: Trilingual
    legal_form: str
    is_demonstration: bool = False


def found_by_page(session: Session, charter: Charter, terms: StatedTerms, *, actor: Actor) -> Fund:
    """A fund with its first terms; contributors come later.

    Raises:
        NotAllowed: the actor keeps the books of some funds only.
        Invalid: the code is taken.
    """
    if not may_found(actor):
        raise NotAllowed
    if session.scalar(select(Fund.id).where(Fund.code == charter.code)):
        raise Invalid({"code": ["fund_code_taken"]})
    fund = create_fund(
        session,
        charter.code,
        charter.name,
        legal_form=charter.legal_form,
        is_demonstration=charter.is_demonstration,
        actor=actor,
    )
    set_terms(session, fund, terms, actor=actor)
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
    """Terms as written; what they leave out is no limit, or the usual clock."""
    numerator, denominator = row["share"]
    given: dict[str, Any] = {one.name: row[one.name] for one in fields(StatedTerms) if one.name in row}
    usual = {"city_amount_vnd": None, "private_investors": None, "loss_percent": None}
    return StatedTerms(**{**usual, **given, "share": (numerator, denominator)})

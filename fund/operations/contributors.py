"""Who contributes: by which contract, and which organisation of the platform they are."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.identifiers import read_tax_code
from accounts.models import Organisation
from foundation import audit
from foundation.actors import Actor
from foundation.errors import Invalid, Reason
from fund.books import Books
from fund.models import FundContributor
from fund.operations.funds import add_contributor
from fund.operations.moves import move_if_due


@dataclass(frozen=True, slots=True)
class ContributorFacts:
    """What is known of a contributor; an empty tax code links no organisation."""

    name: str
    tax_code: str = ""
    contract_number: str = ""
    signed_on: date | None = None


def enter_contributor(
    session: Session, books: Books, code: str, facts: ContributorFacts, *, is_city: bool, actor: Actor
) -> FundContributor:
    """One who has undertaken nothing yet. Raises Invalid: the code is taken, or there is no such organisation."""
    if any(one.code == code for one in books.contributors):
        raise Invalid({"code": ["fund_contributor_taken"]})
    made = add_contributor(session, books.fund, code, facts.name, is_city=is_city, actor=actor)
    _describe(session, books, made, facts, actor)
    return made


def describe_contributor(
    session: Session, books: Books, contributor: FundContributor, facts: ContributorFacts, *, actor: Actor
) -> None:
    """Set down name, contract and organisation; a signed contract makes a proposal a signed one."""
    _describe(session, books, contributor, facts, actor)
    stream, subject = f"fund:{books.fund.id}", ("fund", books.fund.id)
    told = {"contributor": contributor.id}
    audit.append(session, stream, actor=actor, action="fund:contributor:update", facts=told, subject=subject)


def _describe(
    session: Session, books: Books, contributor: FundContributor, facts: ContributorFacts, actor: Actor
) -> None:
    contributor.organisation_id = _organisation(session, facts.tax_code)
    contributor.name, contributor.contract_number = facts.name, facts.contract_number
    contributor.signed_on = facts.signed_on
    if facts.contract_number and facts.signed_on:
        move_if_due(session, books.fund, contributor, "sign", actor=actor)
    session.flush()


def _organisation(session: Session, typed: str) -> int | None:
    if not typed:
        return None
    tax_code = read_tax_code(typed)
    if isinstance(tax_code, Reason):
        raise Invalid({"tax_code": [tax_code]})
    found = session.scalar(select(Organisation.id).where(Organisation.tax_code == tax_code))
    if found is None:
        raise Invalid({"tax_code": ["fund_organisation_unknown"]})
    return found

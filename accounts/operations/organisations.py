"""Organisations: registering one, and changing what it tells of itself."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from accounts.identifiers import read_email, read_tax_code
from accounts.models import MembershipRole, Organisation, Ward
from accounts.models.organisations import LEGAL_FORMS
from accounts.operations.members import add_member
from accounts.roles import INTAKE_OFFICER
from accounts.trail import record
from accounts.uniqueness import told_by_field
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Invalid, NotAllowed, NotFound, Reason
from foundation.workdays import local_date


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """What an organisation tells of itself."""

    name_vi: str
    legal_form: str
    name_en: str | None = None
    tax_code: str | None = None
    ward_code: str | None = None
    address: str | None = None
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    founded_on: date | None = None


def checked(session: Session, facts: OrganisationFacts) -> OrganisationFacts:
    """The facts in their normal form.

    Raises:
        Invalid: per field, what is wrong; a tax code that is taken is found when the row is stored.
    """
    problems: dict[str, list[Reason | str]] = {}
    normal = {name: _tidy(value) for name, value in asdict(facts).items()}
    for field, read in (("tax_code", read_tax_code), ("email", read_email)):
        answer = read(normal[field]) if normal[field] else None
        if isinstance(answer, Reason):
            problems[field] = [answer]
        normal[field] = answer
    problems |= _problems(session, normal)
    if problems:
        raise Invalid(problems)
    return replace(facts, **normal)


def _tidy(value: Any) -> Any:
    return (" ".join(value.split()) or None) if isinstance(value, str) else value


def _problems(session: Session, facts: dict[str, Any]) -> dict[str, list[Reason | str]]:
    problems: dict[str, list[Reason | str]] = {}
    if not facts["name_vi"]:
        problems["name_vi"] = ["required"]
    if facts["legal_form"] not in LEGAL_FORMS:
        problems["legal_form"] = ["legal_form_unknown"]
    if facts["ward_code"] and session.get(Ward, facts["ward_code"]) is None:
        problems["ward_code"] = ["ward_unknown"]
    if facts["founded_on"] and facts["founded_on"] > local_date(now()):
        problems["founded_on"] = ["founded_in_future"]
    if facts["website"] and not facts["website"].startswith(("https://", "http://")):
        problems["website"] = ["website_not_valid"]
    return problems


def register_organisation(session: Session, actor: Actor, facts: OrganisationFacts) -> Organisation:
    """Add an organisation that the actor owns; by the command line, one without members.

    Raises:
        NotAllowed: nobody is signed in.
        Invalid: a fact is wrong, or the tax code is taken.
    """
    if actor.kind == "public":
        raise NotAllowed
    organisation = _add(session, actor, facts)
    if actor.person_id is not None:
        add_member(session, actor, organisation.id, person_id=actor.person_id, role=MembershipRole.OWNER)
    return organisation


def enter_organisation(session: Session, actor: Actor, facts: OrganisationFacts) -> Organisation:
    """Add an organisation without members, which applies at the counter, by post or from the national portal.

    Raises:
        NotAllowed: the actor is no intake officer.
        Invalid: a fact is wrong, or the tax code is taken.
    """
    if not actor.holds(INTAKE_OFFICER):
        raise NotAllowed
    return _add(session, actor, facts)


def _add(session: Session, actor: Actor, facts: OrganisationFacts) -> Organisation:
    organisation = Organisation(**asdict(checked(session, facts)))
    with told_by_field(session):
        session.add(organisation)
    record(session, actor, "accounts:organisation:register", ("organisation", organisation.id))
    return organisation


def update_organisation(session: Session, actor: Actor, organisation_id: int, facts: OrganisationFacts) -> Organisation:
    """Change what an organisation tells of itself.

    Raises:
        NotFound: the actor is not of this organisation.
        NotAllowed: the actor may only look.
        Invalid: a fact is wrong, or the tax code is taken.
    """
    organisation = organisation_for_change(session, actor, organisation_id)
    before = {name: getattr(organisation, name) for name in asdict(facts)}
    after = asdict(checked(session, facts))
    with told_by_field(session):
        for name, value in after.items():
            setattr(organisation, name, value)
    changed = sorted(name for name in after if after[name] != before[name])
    if changed:
        subject = ("organisation", organisation_id)
        record(session, actor, "accounts:organisation:update", subject, fields=changed)
    return organisation


def organisation_for_change(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    """The organisation, when the actor may act for it.

    Raises:
        NotFound: it is not the actor's.
        NotAllowed: the actor may only look.
    """
    organisation = session.get(Organisation, organisation_id)
    if organisation is None or organisation_id not in actor.organisation_ids:
        raise NotFound
    if not actor.acts_for(organisation_id) or not actor.can_use("write"):
        raise NotAllowed
    return organisation

"""Opening an account with an organisation by oneself: asked for, mailed, confirmed, and only then created."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts import mails
from accounts.actors import actor_of_person
from accounts.digests import digest_of, new_secret
from accounts.models import Organisation, Person, SignUp
from accounts.operations.organisations import OrganisationFacts, checked, register_organisation
from accounts.operations.people import (
    Profile,
    checked_email,
    checked_password,
    checked_profile,
    person_with_email,
    store_person,
)
from accounts.trail import record
from foundation.actors import PUBLIC
from foundation.database import now
from foundation.errors import Blocked, Invalid

SIGN_UP_LIFETIME = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmed sign-up became; no organisation when another took its tax code in between."""

    person: Person
    organisation: Organisation | None


def register_organisation_account(
    session: Session, *, email: str, password: str, profile: Profile, organisation: OrganisationFacts
) -> None:
    """Ask for an account with an organisation: a mail goes out, nothing is created yet.

    Whether the address already has an account can be told neither from the answer nor from its time: the mail
    says so, to the one who owns the address.

    Raises:
        Invalid: per field what is wrong; a registered tax code is public knowledge and refused at once.
    """
    profile, address = checked_profile(profile), checked_email(email)
    facts = checked(session, organisation)
    _refuse_taken(session, facts)
    hashed = checked_password(password, about=(address, profile.full_name))
    secret = new_secret()
    row = SignUp(
        digest=digest_of(secret),
        email=address,
        full_name=profile.full_name,
        password_hash=hashed,
        language=profile.language,
        phone=profile.phone,
        organisation=_to_json(facts),
        expires_at=now() + SIGN_UP_LIFETIME,
    )
    session.add(row)
    if person_with_email(session, address) is None:
        mails.confirm_sign_up(session, row, secret)
    else:
        mails.account_exists(session, row)
    session.flush()


def _refuse_taken(session: Session, facts: OrganisationFacts) -> None:
    taken = select(Organisation.id).where(Organisation.tax_code == facts.tax_code)
    if facts.tax_code and session.scalar(taken) is not None:
        raise Invalid({"tax_code": ["tax_code_taken"]})


def _to_json(facts: OrganisationFacts) -> dict[str, Any]:
    founded = facts.founded_on
    return asdict(facts) | {"founded_on": None if founded is None else founded.isoformat()}


def _from_json(stored: dict[str, Any]) -> OrganisationFacts:
    founded = stored["founded_on"]
    return OrganisationFacts(**stored | {"founded_on": None if founded is None else date.fromisoformat(founded)})


def is_sign_up_valid(session: Session, secret: str) -> bool:
    """Whether the link of a sign-up would still work."""
    found = select(SignUp.id).where(SignUp.digest == digest_of(secret), SignUp.used_at.is_(None))
    return session.scalar(found.where(SignUp.expires_at > now())) is not None


def confirm_sign_up(session: Session, secret: str) -> Confirmed:
    """Create the account and the organisation of a confirmed sign-up.

    Raises:
        Blocked: the link is unknown, expired or used, or the address has an account by now.
    """
    row = session.scalar(
        update(SignUp)
        .where(SignUp.digest == digest_of(secret), SignUp.used_at.is_(None), SignUp.expires_at > now())
        .values(used_at=now())
        .returning(SignUp)
    )
    if row is None or person_with_email(session, row.email) is not None:
        raise Blocked("link_not_valid")
    profile = Profile(row.full_name, row.language, row.phone)
    try:
        person = store_person(session, PUBLIC, email=row.email, profile=profile, password_hash=row.password_hash)
    except Invalid as refusal:  # another sign-up with this address was confirmed at the same time
        raise Blocked("link_not_valid") from refusal
    row.password_hash = ""
    actor = actor_of_person(session, person.id)
    record(session, actor, "accounts:person:confirm_email", ("person", person.id))
    try:
        return Confirmed(person, register_organisation(session, actor, _from_json(row.organisation)))
    except Invalid:  # another took the tax code meanwhile: the person registers or joins one after signing in
        return Confirmed(person, None)

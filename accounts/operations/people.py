"""Accounts of people: creating, changing, disabling."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts import mails, passwords
from accounts.identifiers import read_email
from accounts.models import Person
from accounts.operations.sessions import end_sessions
from accounts.rules import refuse_unless_administrator
from accounts.trail import record
from accounts.uniqueness import told_by_field
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason
from foundation.wording import DEFAULT_LANGUAGE, LANGUAGES


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person tells of themself."""

    full_name: str
    language: str = DEFAULT_LANGUAGE
    phone: str | None = None


def checked_profile(profile: Profile) -> Profile:
    """The profile in its normal form. Raises Invalid, per field."""
    problems: dict[str, list[Reason | str]] = {}
    name = " ".join(profile.full_name.split())
    if not name:
        problems["full_name"] = ["required"]
    if len(name) > 200:
        problems["full_name"] = [Reason("too_long", {"limit": 200})]
    if profile.language not in LANGUAGES:
        problems["language"] = ["language_unknown"]
    if problems:
        raise Invalid(problems)
    return Profile(name, profile.language, (profile.phone or "").strip() or None)


def checked_email(email: str) -> str:
    """The address in its normal form. Raises Invalid on ``email``."""
    answer = read_email(email)
    if isinstance(answer, Reason):
        raise Invalid({"email": [answer]})
    return answer


def checked_password(password: str, *, about: tuple[str, ...]) -> str:
    """The hash of a password that is good enough. Raises Invalid on ``password``."""
    if weakness := passwords.weakness_of(password, about=about):
        raise Invalid({"password": [weakness]})
    return passwords.hash_of(password)


def person_with_email(session: Session, email: str) -> Person | None:
    """The person whose account has this address, whatever the case of its letters."""
    return session.scalar(select(Person).where(func.lower(Person.email) == email.strip().lower()))


def create_person(
    session: Session, actor: Actor, *, email: str, profile: Profile, password: str | None = None
) -> Person:
    """An account whose address the administrator vouches for; without a password nobody can sign in yet.

    Raises:
        NotAllowed: the actor is no administrator.
        Invalid: per field what is wrong, the address is taken included.
    """
    refuse_unless_administrator(actor)
    hashed = None if password is None else checked_password(password, about=(email, profile.full_name))
    return store_person(session, actor, email=email, profile=profile, password_hash=hashed)


def store_person(session: Session, actor: Actor, *, email: str, profile: Profile, password_hash: str | None) -> Person:
    """Add a person whose address is known to be theirs. Raises Invalid when it is taken or malformed."""
    profile = checked_profile(profile)
    person = Person(
        email=checked_email(email),
        full_name=profile.full_name,
        language=profile.language,
        phone=profile.phone,
        password_hash=password_hash,
        email_confirmed_at=now(),
    )
    with told_by_field(session):
        session.add(person)
    record(session, actor, "accounts:person:create", ("person", person.id))
    return person


def update_profile(session: Session, actor: Actor, profile: Profile) -> Person:
    """Change one's own name, language or telephone number.

    Raises:
        NotAllowed: nobody is signed in.
        Invalid: per field, what is wrong.
    """
    person = own_account(session, actor)
    profile = checked_profile(profile)
    changed = [name for name in ("full_name", "language", "phone") if getattr(person, name) != getattr(profile, name)]
    for name in changed:
        setattr(person, name, getattr(profile, name))
    if changed:
        record(session, actor, "accounts:person:update", ("person", person.id), fields=changed)
    return person


def choose_language(session: Session, actor: Actor, language: str) -> None:
    """Let pages and mails speak another language to the actor from now on.

    Raises:
        NotAllowed: nobody is signed in.
        Invalid: the product does not speak it.
    """
    person = own_account(session, actor)
    update_profile(session, actor, Profile(person.full_name, language, person.phone))


def own_account(session: Session, actor: Actor) -> Person:
    """The row of the person who acts. Raises NotAllowed for anybody else."""
    if actor.person_id is None:
        raise NotAllowed
    return session.scalars(select(Person).where(Person.id == actor.person_id)).one()


def disable_person(session: Session, actor: Actor, person_id: int) -> None:
    """Close an account: sessions end and tokens fail at once; rows that name the person stay.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such person.
        Blocked: the administrator would disable their own account.
    """
    person = _for_administration(session, actor, person_id)
    if actor.person_id == person_id:
        raise Blocked("disable_oneself")
    if person.disabled_at is None:
        person.disabled_at = now()
        end_sessions(session, person_id)
        record(session, actor, "accounts:person:disable", ("person", person_id))


def enable_person(session: Session, actor: Actor, person_id: int) -> None:
    """Open a disabled account again; the person signs in anew.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such person.
    """
    person = _for_administration(session, actor, person_id)
    if person.disabled_at is not None:
        person.disabled_at = None
        record(session, actor, "accounts:person:enable", ("person", person_id))


def _for_administration(session: Session, actor: Actor, person_id: int) -> Person:
    refuse_unless_administrator(actor)
    person = session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    if person is None:
        raise NotFound
    return person


def set_password(session: Session, actor: Actor, person_id: int, password: str) -> None:
    """Set somebody's password from the command line; their sessions end.

    Raises:
        NotAllowed: the actor is a person: administrators never learn a password.
        NotFound: there is no such person.
        Invalid: the password is too weak.
    """
    if actor.kind != "system":
        raise NotAllowed
    person = _for_administration(session, actor, person_id)
    person.password_hash = checked_password(password, about=(person.email, person.full_name))
    end_sessions(session, person_id)
    record(session, actor, "accounts:password:change", ("person", person_id))


def change_password(session: Session, actor: Actor, *, present: str, password: str) -> None:
    """Change one's own password; all other sessions end.

    Raises:
        NotAllowed: nobody is signed in.
        Invalid: the present password is wrong, or the new one too weak.
    """
    person = own_account(session, actor)
    if not passwords.matches(person.password_hash, present):
        raise Invalid({"present": ["password_wrong"]})
    person.password_hash = checked_password(password, about=(person.email, person.full_name))
    end_sessions(session, person.id, but=actor.session_id)
    mails.password_changed(session, person)
    record(session, actor, "accounts:password:change", ("person", person.id))

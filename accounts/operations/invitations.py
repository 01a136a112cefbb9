"""Inviting somebody by mail: to act for an organisation, or to work for the city."""

from datetime import timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from accounts import mails
from accounts.actors import actor_of_person
from accounts.digests import digest_of, new_secret
from accounts.models import Invitation, MembershipRole, Organisation, Person
from accounts.operations.members import add_member, lock_for_owner, membership_of
from accounts.operations.people import Profile, checked_email, checked_password, person_with_email, store_person
from accounts.rules import refuse_unless_administrator
from accounts.trail import record
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound
from foundation.wording import LANGUAGES

INVITATION_LIFETIME = timedelta(days=7)


def invite_person(session: Session, actor: Actor, *, email: str, full_name: str, language: str) -> Invitation:
    """Invite somebody who will work for the city; roles are granted once the account exists.

    Raises:
        NotAllowed: the actor is no administrator.
        Invalid: the address is malformed or has an account, or the language is unknown.
    """
    refuse_unless_administrator(actor)
    address = checked_email(email)
    if person_with_email(session, address) is not None:
        raise Invalid({"email": ["email_taken"]})
    if language not in LANGUAGES:
        raise Invalid({"language": ["language_unknown"]})
    invitation, secret = _new(
        session, actor, email=address, language=language, full_name=" ".join(full_name.split()) or None
    )
    mails.invite_person(session, invitation, secret, inviter=actor.name)
    if actor.person_id is not None:
        subject = ("person", actor.person_id)
        record(session, actor, "accounts:person:invite", subject, invitation=invitation.id)
    return invitation


def invite_member(session: Session, actor: Actor, organisation_id: int, *, email: str, role: str) -> Invitation:
    """Invite somebody to act for an organisation; an earlier open invitation of the same address lapses.

    Raises:
        NotFound, NotAllowed: the organisation is not the actor's, or the actor does not own it.
        Invalid: the address is malformed, or its owner a member already; or there is no such role.
    """
    address = checked_email(email)
    if role not in set(MembershipRole):
        raise Invalid({"role": ["role_unknown"]})
    organisation = lock_for_owner(session, actor, organisation_id)
    member = person_with_email(session, address)
    if member is not None and membership_of(session, organisation_id, member.id) is not None:
        raise Invalid({"email": ["member_already"]})
    _withdraw(session, organisation_id, address)
    invitation, secret = _new(
        session, actor, email=address, language=actor.locale, organisation_id=organisation_id, role=str(role)
    )
    mails.invite_member(session, invitation, secret, organisation=organisation, inviter=actor.name)
    subject = ("organisation", organisation_id)
    record(session, actor, "accounts:member:invite", subject, invitation=invitation.id, role=str(role))
    return invitation


def _new(session: Session, actor: Actor, **facts: object) -> tuple[Invitation, str]:
    secret = new_secret()
    invitation = Invitation(
        digest=digest_of(secret),
        invited_by_id=actor.person_id,
        expires_at=now() + INVITATION_LIFETIME,
        **facts,
    )
    session.add(invitation)
    session.flush()
    return invitation, secret


def _withdraw(session: Session, organisation_id: int, email: str) -> None:
    session.execute(
        update(Invitation)
        .where(
            Invitation.organisation_id == organisation_id,
            func.lower(Invitation.email) == email.lower(),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=now())
    )


def withdraw_invitation(session: Session, actor: Actor, organisation_id: int, *, invitation_id: int) -> None:
    """Make an open invitation of one's organisation worthless.

    Raises:
        NotFound, NotAllowed: as for inviting, or there is no such open invitation.
    """
    lock_for_owner(session, actor, organisation_id)
    invitation = session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None or invitation.organisation_id != organisation_id or not is_open(invitation):
        raise NotFound
    invitation.withdrawn_at = now()
    session.flush()


def is_open(invitation: Invitation) -> bool:
    """Whether the invitation can still be accepted."""
    return invitation.accepted_at is None and invitation.withdrawn_at is None and invitation.expires_at > now()


def open_invitation(session: Session, secret: str) -> Invitation:
    """The invitation behind a mailed link, locked.

    Raises:
        Blocked: it is unknown, expired, withdrawn or accepted.
    """
    found = select(Invitation).where(Invitation.digest == digest_of(secret)).with_for_update()
    invitation = session.scalar(found)
    if invitation is None or not is_open(invitation):
        raise Blocked("link_not_valid")
    return invitation


def accept_invitation(
    session: Session, secret: str, *, actor: Actor, profile: Profile | None = None, password: str = ""
) -> Person:
    """Join by a mailed link: with a new account, or with the account that has the invited address.

    Raises:
        Blocked: the invitation cannot be accepted any more.
        NotAllowed: the address has an account, and the actor is not signed in with it.
        Invalid: per field, what is wrong with the new account.
    """
    invitation = open_invitation(session, secret)
    person = person_with_email(session, invitation.email)
    if person is None:
        person = _new_person(session, invitation, profile, password)
    elif person.id != actor.person_id:
        raise NotAllowed
    invitation.accepted_at = now()
    if invitation.organisation_id is not None:
        _join(session, invitation, person)
    return person


def _new_person(session: Session, invitation: Invitation, profile: Profile | None, password: str) -> Person:
    if profile is None:
        raise Invalid({"full_name": ["required"]})
    hashed = checked_password(password, about=(invitation.email, profile.full_name))
    inviter = actor_of_person(session, invitation.invited_by_id or 0)
    return store_person(session, inviter, email=invitation.email, profile=profile, password_hash=hashed)


def _join(session: Session, invitation: Invitation, person: Person) -> None:
    organisation = session.get(Organisation, invitation.organisation_id)
    if organisation is None:
        raise NotFound
    actor = actor_of_person(session, person.id)
    add_member(session, actor, organisation.id, person_id=person.id, role=str(invitation.role))

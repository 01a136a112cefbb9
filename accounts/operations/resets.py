"""What a mailed link proves: a forgotten password is set anew, a new address is confirmed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import mails
from accounts.models import Person
from accounts.operations.links import issue_link, use_link
from accounts.operations.people import (
    checked_email,
    checked_password,
    own_account,
    person_with_email,
)
from accounts.operations.sessions import end_sessions
from accounts.trail import record
from accounts.uniqueness import told_by_field
from foundation.actors import PUBLIC, Actor
from foundation.database import now
from foundation.errors import Blocked
from foundation.jobs import defer, task


def request_password_reset(session: Session, email: str) -> None:
    """Ask for a mail with a link to a new password.

    Nothing is looked up here but by a job, so that the work and the answer are the same for every address.
    """
    defer(session, mail_password_reset, email=email.strip())


@task("accounts:password:mail_reset", queue="mail")
def mail_password_reset(session: Session, email: str) -> None:
    """Mail a link to whoever has this address; to an unknown or disabled one nothing."""
    person = person_with_email(session, email)
    if person is None or person.disabled_at is not None:
        return
    secret = issue_link(session, person, purpose="reset_password", email=person.email)
    mails.reset_password(session, person, secret)


def reset_password(session: Session, secret: str, password: str) -> Person:
    """Set the password of the person to whom the link was mailed; all their sessions end.

    Raises:
        Blocked: the link is unknown, expired or used, or the person is disabled.
        Invalid: the password is too weak; the link stays good.
    """
    link = use_link(session, secret, purpose="reset_password")
    person = session.scalars(select(Person).where(Person.id == link.person_id)).one()
    if person.disabled_at is not None:
        raise Blocked("link_not_valid")
    person.password_hash = checked_password(password, about=(person.email, person.full_name))
    end_sessions(session, person.id)
    mails.password_changed(session, person)
    record(session, PUBLIC, "accounts:password:reset", ("person", person.id))
    return person


def request_email_change(session: Session, actor: Actor, email: str) -> None:
    """Mail a link to one's new address; the account keeps the old one until it is confirmed.

    Nothing tells whether another account has the address: its owner is told by mail.

    Raises:
        NotAllowed: nobody is signed in.
        Invalid: it is no address.
    """
    person = own_account(session, actor)
    address = checked_email(email)
    secret = issue_link(session, person, purpose="confirm_email", email=address)
    if person_with_email(session, address) is None:
        mails.confirm_email(session, person, address, secret)
    else:
        mails.address_taken(session, person, address)


def confirm_email(session: Session, secret: str) -> Person:
    """Give the account the address to which the link was mailed.

    Raises:
        Blocked: the link is unknown, expired or used.
        Invalid: another account took the address in between.
    """
    link = use_link(session, secret, purpose="confirm_email")
    person = session.scalars(select(Person).where(Person.id == link.person_id)).one()
    former = person.email
    with told_by_field(session):
        person.email, person.email_confirmed_at = link.email, now()
    mails.email_changed(session, person, former)
    record(session, PUBLIC, "accounts:person:confirm_email", ("person", person.id))
    return person

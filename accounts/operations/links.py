"""Mailed links: good once, for a while, for one purpose; the database knows only their digest."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.digests import digest_of, new_secret
from accounts.models import MailedToken, Person
from foundation.database import now
from foundation.errors import Blocked

LINK_LIFETIME = timedelta(hours=2)


def issue_link(session: Session, person: Person, *, purpose: str, email: str) -> str:
    """A new link for ``purpose``; the ones that went before it fail from now on. The secret for the mail."""
    withdrawn = update(MailedToken).where(
        MailedToken.person_id == person.id, MailedToken.purpose == purpose, MailedToken.used_at.is_(None)
    )
    session.execute(withdrawn.values(used_at=now()))
    secret = new_secret()
    session.add(
        MailedToken(
            digest=digest_of(secret),
            person_id=person.id,
            purpose=purpose,
            email=email,
            expires_at=now() + LINK_LIFETIME,
        )
    )
    session.flush()
    return secret


def is_link_valid(session: Session, secret: str, *, purpose: str) -> bool:
    """Whether the link would still work; nothing is used up."""
    found = select(MailedToken.id).where(MailedToken.digest == digest_of(secret), MailedToken.purpose == purpose)
    still = found.where(MailedToken.used_at.is_(None), MailedToken.expires_at > now())
    return session.scalar(still) is not None


def use_link(session: Session, secret: str, *, purpose: str) -> MailedToken:
    """Use up a link. Two who race for it: one wins.

    Raises:
        Blocked: it is unknown, expired or used.
    """
    statement = (
        update(MailedToken)
        .where(
            MailedToken.digest == digest_of(secret),
            MailedToken.purpose == purpose,
            MailedToken.used_at.is_(None),
            MailedToken.expires_at > now(),
        )
        .values(used_at=now())
        .returning(MailedToken)
    )
    row = session.scalar(statement)
    if row is None:
        raise Blocked("link_not_valid")
    return row

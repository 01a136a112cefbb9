"""Jobs of accounts: mails that must not be timed by whoever asks for them, and forgetting what has expired."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts.models import Invitation, MailedToken, SignInSession, SignUp
from accounts.operations import resets
from foundation.database import now
from foundation.jobs import defer, task

KEPT_AFTER_EXPIRY = timedelta(days=30)
"""How long ended sessions and links stay, to be looked at after an incident."""


@task("accounts:password:mail_reset", queue="mail")
def mail_password_reset(session: Session, email: str) -> None:
    """Mail the link of a forgotten password, if somebody has this address."""
    resets.mail_password_reset(session, email)


def request_password_reset(session: Session, email: str) -> None:
    """Ask for the mail of a forgotten password; the same work for every address."""
    defer(session, mail_password_reset, email=email.strip())


@task("accounts:links:remove_expired", every="40 18 * * *")
def remove_expired(session: Session) -> None:
    """Forget sessions, links and sign-ups a month after they expired: they hold personal data."""
    before = now() - KEPT_AFTER_EXPIRY
    for model in (SignInSession, MailedToken, SignUp, Invitation):
        session.execute(delete(model).where(model.expires_at < before))

"""Jobs of accounts: forgetting what has expired."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from accounts.models import Invitation, MailedToken, SignInSession, SignUp
from foundation.database import now
from foundation.jobs import task

KEPT_AFTER_EXPIRY = timedelta(days=30)
"""How long ended sessions and links stay, to be looked at after an incident."""


@task("accounts:links:remove_expired", every="40 18 * * *")
def remove_expired(session: Session) -> None:
    """Forget sessions, links and sign-ups a month after they expired: they hold personal data."""
    before = now() - KEPT_AFTER_EXPIRY
    for model in (SignInSession, MailedToken, SignUp, Invitation):
        session.execute(delete(model).where(model.expires_at < before))

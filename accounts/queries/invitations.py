"""What a mailed invitation shows to whoever opens it."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.digests import digest_of
from accounts.models import Invitation, Organisation, Person
from foundation.database import now


@dataclass(frozen=True, slots=True)
class ShownInvitation:
    """An invitation that can be accepted; ``holder_id`` is the account that has the invited address already."""

    invitation: Invitation
    organisation: Organisation | None
    inviter: str
    holder_id: int | None


def invitation_shown(session: Session, secret: str) -> ShownInvitation | None:
    """The open invitation behind a mailed link; None when it can no longer be accepted."""
    holder = select(Person.id).where(func.lower(Person.email) == func.lower(Invitation.email))
    inviter = select(Person.full_name).where(Person.id == Invitation.invited_by_id)
    query = (
        select(Invitation, Organisation, inviter.scalar_subquery(), holder.scalar_subquery())
        .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
        .where(
            Invitation.digest == digest_of(secret),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now(),
        )
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    invitation, organisation, name, holder_id = row
    return ShownInvitation(invitation, organisation, name or "", holder_id)

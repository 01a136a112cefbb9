"""Personal access tokens: shown once, stored as a digest, scoped, expiring."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.digests import digest_of, new_access_token
from accounts.models import AccessToken
from accounts.models.credentials import TOKEN_SCOPES
from accounts.trail import record
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Invalid, NotAllowed, NotFound, Reason

LONGEST_LIFETIME_DAYS = 366


def create_token(
    session: Session, actor: Actor, *, name: str, scopes: Collection[str], days: int
) -> tuple[AccessToken, str]:
    """A token that acts for the actor; the second value is the token itself, which nobody can show again.

    Raises:
        NotAllowed: the actor is not a person, or came with a token.
        Invalid: no name, no or unknown scopes, or a lifetime that is not 1 to 366 days.
    """
    if actor.person_id is None or actor.token_scopes is not None:
        raise NotAllowed
    _refuse_bad(name, scopes, days)
    secret, prefix = new_access_token()
    row = AccessToken(
        person_id=actor.person_id,
        name=name.strip(),
        prefix=prefix,
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        expires_at=now() + timedelta(days=days),
    )
    session.add(row)
    session.flush()
    record(session, actor, "accounts:token:create", ("person", row.person_id), token=row.id, scopes=row.scopes)
    return row, secret


def _refuse_bad(name: str, scopes: Collection[str], days: int) -> None:
    problems: dict[str, list[Reason | str]] = {}
    if not name.strip():
        problems["name"] = ["required"]
    if not scopes or not set(scopes) <= set(TOKEN_SCOPES):
        problems["scopes"] = ["scopes_missing"]
    if not 1 <= days <= LONGEST_LIFETIME_DAYS:
        problems["days"] = [Reason("lifetime_not_valid", {"limit": LONGEST_LIFETIME_DAYS})]
    if problems:
        raise Invalid(problems)


def revoke_token(session: Session, actor: Actor, token_id: int) -> None:
    """Make one of the actor's tokens worthless, at once.

    Raises:
        NotFound: the token is not the actor's, or was already revoked.
    """
    mine = select(AccessToken).where(AccessToken.id == token_id, AccessToken.person_id == actor.person_id)
    row = session.scalar(mine.where(AccessToken.revoked_at.is_(None)).with_for_update())
    if row is None:
        raise NotFound
    row.revoked_at = now()
    record(session, actor, "accounts:token:revoke", ("person", row.person_id), token=row.id)

"""Opening and closing the secret address under which somebody reads their deadlines."""

from sqlalchemy.orm import Session

from accounts.digests import digest_of, new_secret
from applications.models import CalendarFeed
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotAllowed


def open_feed(session: Session, *, actor: Actor) -> str:
    """The secret of a new address; the one before ends. Raises NotAllowed for anybody but a person."""
    if actor.person_id is None:
        raise NotAllowed
    secret = new_secret()
    feed = session.get(CalendarFeed, actor.person_id) or CalendarFeed(person_id=actor.person_id)
    feed.digest, feed.created_at = digest_of(secret), now()
    session.add(feed)
    session.flush()
    return secret


def close_feed(session: Session, *, actor: Actor) -> None:
    """End the address, if there is one."""
    feed = session.get(CalendarFeed, actor.person_id) if actor.person_id else None
    if feed is not None:
        session.delete(feed)
        session.flush()

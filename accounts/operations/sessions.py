"""Signing in and out: the server keeps one row for each browser that somebody signed in with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from accounts import passwords
from accounts.digests import digest_of, new_secret
from accounts.models import AccessToken, Person, SignInSession
from accounts.trail import record
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Invalid, NotAllowed, NotFound
from foundation.workdays import local_date

SESSION_LIFETIME = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Visit:
    """From where somebody signs in, as shown in the list of sessions."""

    ip: str
    user_agent: str = ""


def sign_in(session: Session, *, email: str, password: str, visit: Visit) -> str:
    """Open a session; the secret that its cookie carries.

    The work is the same whether or not the account exists, and so is the answer.

    Raises:
        Invalid: the address or the password is wrong, or the person is disabled.
    """
    person = session.scalar(select(Person).where(func.lower(Person.email) == email.strip().lower()))
    stored = person.password_hash if person is not None and person.disabled_at is None else None
    is_right = passwords.matches(stored, password)
    if person is None or stored is None or not is_right:
        raise Invalid({"password": ["sign_in_failed"]})
    if passwords.is_outdated(stored):
        person.password_hash = passwords.hash_of(password)
    return open_session(session, person, visit)


def open_session(session: Session, person: Person, visit: Visit) -> str:
    """Remember a browser in which ``person`` showed who they are; the secret of its cookie."""
    secret = new_secret()
    row = SignInSession(
        digest=digest_of(secret),
        person_id=person.id,
        expires_at=now() + SESSION_LIFETIME,
        ip=visit.ip,
        user_agent=visit.user_agent[:300],
    )
    session.add(row)
    session.flush()
    actor = Actor("person", person_id=person.id)
    record(session, actor, "accounts:session:open", ("person", person.id), opened_session=row.id)
    return secret


def sign_out(session: Session, actor: Actor) -> None:
    """End the session with which the actor came. Without one nothing happens."""
    if actor.person_id is not None and actor.session_id is not None:
        _end(session, actor.person_id, SignInSession.id == actor.session_id)
        record(session, actor, "accounts:session:close", ("person", actor.person_id))


def revoke_session(session: Session, actor: Actor, session_id: int) -> None:
    """End one of the actor's sessions in another browser, at once.

    Raises:
        NotFound: the session is not the actor's, or it ended already.
    """
    if actor.person_id is None or not _end(session, actor.person_id, SignInSession.id == session_id):
        raise NotFound
    record(session, actor, "accounts:session:revoke", ("person", actor.person_id), ended_session=session_id)


def revoke_other_sessions(session: Session, actor: Actor) -> int:
    """End all of the actor's sessions but the present one; how many ended."""
    if actor.person_id is None:
        raise NotAllowed
    ended = end_sessions(session, actor.person_id, but=actor.session_id)
    if ended:
        record(session, actor, "accounts:session:revoke", ("person", actor.person_id), ended=ended)
    return ended


def end_sessions(session: Session, person_id: int, *, but: int | None = None) -> int:
    """End the sessions of a person, except one; how many ended."""
    return _end(session, person_id, SignInSession.id.is_distinct_from(but))


def _end(session: Session, person_id: int, which: ColumnElement[bool]) -> int:
    running = SignInSession.revoked_at.is_(None) & (SignInSession.expires_at > now())
    statement = (
        update(SignInSession)
        .where(SignInSession.person_id == person_id, which, running)
        .values(revoked_at=now())
        .returning(SignInSession.id)
    )
    return len(session.scalars(statement).all())


_noted: dict[str, datetime] = {}
"""When this process last noted a session or token, so that a busy one is not written again and again."""
MOST_NOTED = 10_000


def is_news(actor: Actor) -> bool:
    """Whether what the actor does now is worth remembering: asked first, it costs no statement."""
    known, at = f"{actor.session_id}:{actor.token_id}", now()
    if (noted := _noted.get(known)) is not None and at - noted < SEEN_EVERY:
        return False
    if len(_noted) >= MOST_NOTED:
        _noted.clear()
    _noted[known] = at
    return True


def note_activity(session: Session, actor: Actor) -> None:
    """Remember that the actor's session or token changed something: sessions by five minutes, tokens by day.

    Called for requests that may change something, never for reading, and only when it :func:`is_news`.
    """
    if actor.session_id is not None:
        stale = SignInSession.last_seen_at < now() - SEEN_EVERY
        seen = update(SignInSession).where(SignInSession.id == actor.session_id, stale)
        session.execute(seen.values(last_seen_at=now()))
    if actor.token_id is not None:
        today = local_date(now())
        other_day = AccessToken.last_used_on.is_distinct_from(today)
        used = update(AccessToken).where(AccessToken.id == actor.token_id, other_day)
        session.execute(used.values(last_used_on=today))

"""Signing in, being remembered by one row per browser, and being forgotten at once."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import passwords
from accounts.models import Person, SignInSession
from accounts.operations import people, sessions
from accounts.operations.sessions import Visit
from accounts.queries import actor_of_session
from accounts.queries.people import sessions_of
from foundation.actors import PUBLIC
from foundation.audit import AuditEntry
from foundation.database import as_of, now
from foundation.errors import Invalid, NotFound, Reason
from tests.accounts.factories import actor_for, make_person, open_session

PASSWORD = "con trâu đi trước"
VISIT = Visit(ip="192.0.2.7", user_agent="Firefox")


@pytest.fixture
def person(session: Session) -> Person:
    return make_person(session, email="lan@vi-du.example", password_hash=passwords.hash_of(PASSWORD))


def _sign_in(session: Session, email: str = "lan@vi-du.example", password: str = PASSWORD) -> str:
    return sessions.sign_in(session, email=email, password=password, visit=VISIT)


def _actions(session: Session, person: Person) -> list[str]:
    found = select(AuditEntry.action).where(AuditEntry.stream == f"person:{person.id}")
    return list(session.scalars(found.order_by(AuditEntry.seq)))


def test_the_right_password_opens_a_session(session: Session, person: Person) -> None:
    secret = _sign_in(session, email=" LAN@vi-du.example ")

    row = session.scalars(select(SignInSession)).one()
    assert actor_of_session(session, secret).person_id == person.id
    assert (row.ip, row.user_agent) == ("192.0.2.7", "Firefox")
    assert secret not in row.digest
    assert timedelta(hours=11) < row.expires_at - now() <= timedelta(hours=12)
    assert _actions(session, person) == ["accounts:session:open"]


@pytest.mark.parametrize("case", ["wrong password", "unknown address", "disabled", "no password yet"])
def test_every_failure_reads_the_same(session: Session, person: Person, case: str) -> None:
    if case == "disabled":
        person.disabled_at = now()
    if case == "no password yet":
        person.password_hash = None
    session.flush()

    with pytest.raises(Invalid) as refusal:
        _sign_in(
            session,
            email="minh@vi-du.example" if case == "unknown address" else "lan@vi-du.example",
            password="con trâu đi sau" if case == "wrong password" else PASSWORD,
        )

    assert refusal.value.fields == {"password": [Reason("sign_in_failed")]}
    assert session.scalars(select(SignInSession)).all() == []


def test_signing_in_renews_an_outdated_hash(session: Session, person: Person) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    person.password_hash = weak.hash(PASSWORD)
    session.flush()

    _sign_in(session)

    assert not passwords.is_outdated(person.password_hash)
    assert passwords.matches(person.password_hash, PASSWORD)


def test_signing_out_ends_this_session_alone(session: Session, person: Person) -> None:
    here, there = _sign_in(session), _sign_in(session)

    sessions.sign_out(session, actor_of_session(session, here))

    assert actor_of_session(session, here) == PUBLIC
    assert actor_of_session(session, there).person_id == person.id


def test_a_revoked_session_fails_at_once(session: Session, person: Person) -> None:
    here, there = _sign_in(session), _sign_in(session)
    actor, other = actor_of_session(session, here), actor_of_session(session, there)

    sessions.revoke_session(session, actor, other.session_id or 0)

    assert actor_of_session(session, there) == PUBLIC
    assert [row.id for row in sessions_of(session, actor)] == [actor.session_id]
    with pytest.raises(NotFound):
        sessions.revoke_session(session, actor, other.session_id or 0)


def test_nobody_ends_the_session_of_another(session: Session, person: Person) -> None:
    secret = _sign_in(session)
    theirs = actor_of_session(session, secret)
    intruder = actor_for(session, make_person(session, grants=["administrator"]))

    with pytest.raises(NotFound):
        sessions.revoke_session(session, intruder, theirs.session_id or 0)

    assert actor_of_session(session, secret).person_id == person.id


def test_all_other_sessions_end_together(session: Session, person: Person) -> None:
    here, there, elsewhere = (_sign_in(session) for _ in range(3))
    stranger = open_session(session, make_person(session))

    ended = sessions.revoke_other_sessions(session, actor_of_session(session, here))

    assert ended == 2
    assert actor_of_session(session, here).person_id == person.id
    assert actor_of_session(session, there) == actor_of_session(session, elsewhere) == PUBLIC
    assert actor_of_session(session, stranger).is_signed_in


@pytest.mark.usefixtures("context")
def test_a_new_password_ends_all_other_sessions(session: Session, person: Person) -> None:
    here, there = _sign_in(session), _sign_in(session)

    people.change_password(session, actor_of_session(session, here), present=PASSWORD, password="cái cày theo sau")

    assert actor_of_session(session, here).is_signed_in
    assert actor_of_session(session, there) == PUBLIC
    assert _sign_in(session, password="cái cày theo sau")
    with pytest.raises(Invalid):
        _sign_in(session)


def test_the_present_password_must_be_known_to_change_it(session: Session, person: Person) -> None:
    with pytest.raises(Invalid) as refusal:
        people.change_password(
            session, actor_for(session, person), present="con trâu đi sau", password="cái cày theo sau"
        )

    assert refusal.value.fields == {"present": [Reason("password_wrong")]}


def test_a_disabled_person_is_out_at_once_and_back_after_signing_in(session: Session, person: Person) -> None:
    administrator = actor_for(session, make_person(session, grants=["administrator"]))
    secret = _sign_in(session)

    people.disable_person(session, administrator, person.id)
    assert actor_of_session(session, secret) == PUBLIC
    people.enable_person(session, administrator, person.id)

    assert actor_of_session(session, secret) == PUBLIC
    assert actor_of_session(session, _sign_in(session)).person_id == person.id
    assert _actions(session, person) == [
        "accounts:session:open",
        "accounts:person:disable",
        "accounts:person:enable",
        "accounts:session:open",
    ]


def test_activity_is_noted_once_in_five_minutes(session: Session, person: Person) -> None:
    secret = _sign_in(session)
    actor = actor_of_session(session, secret)
    row = session.scalars(select(SignInSession)).one()
    recent, old = now() - timedelta(minutes=4), now() - timedelta(minutes=6)

    row.last_seen_at = recent
    session.flush()
    sessions.note_activity(session, actor)
    session.refresh(row)
    assert row.last_seen_at == recent

    row.last_seen_at = old
    session.flush()
    with as_of(now() + timedelta(minutes=6)):
        sessions.note_activity(session, actor)
        session.refresh(row)
        assert now() - row.last_seen_at < timedelta(minutes=1)

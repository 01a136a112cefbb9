"""Access tokens are shown once, stored as digests, scoped, expiring and revocable by their owner."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from accounts.models import AccessToken
from accounts.operations.sessions import note_activity
from accounts.operations.tokens import create_token, revoke_token
from accounts.queries import actor_of_token
from accounts.queries.people import tokens_of
from foundation.actors import PUBLIC, SYSTEM, Actor
from foundation.database import now
from foundation.errors import Invalid, NotAllowed, NotFound, Reason
from foundation.workdays import local_date
from tests.accounts.factories import actor_for, make_person


@pytest.fixture
def owner(session: Session) -> Actor:
    return actor_for(session, make_person(session))


def _create(session: Session, actor: Actor, **changes: Any) -> tuple[AccessToken, str]:
    return create_token(session, actor, **{"name": "báo cáo", "scopes": ["read"], "days": 90, **changes})


def test_the_token_itself_is_nowhere_stored(session: Session, owner: Actor) -> None:
    row, secret = _create(session, owner, scopes=["write", "read"])

    stored = " ".join(str(getattr(row, column.key)) for column in AccessToken.__table__.columns)
    assert secret.startswith(row.prefix)
    assert secret not in stored
    assert row.scopes == ["read", "write"]
    assert timedelta(days=89) < row.expires_at - now() <= timedelta(days=90)


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"name": " "}, "name", Reason("required")),
        ({"scopes": []}, "scopes", Reason("scopes_missing")),
        ({"scopes": ["root"]}, "scopes", Reason("scopes_missing")),
        ({"days": 0}, "days", Reason("lifetime_not_valid", {"limit": 366})),
        ({"days": 367}, "days", Reason("lifetime_not_valid", {"limit": 366})),
    ],
)
def test_wrong_wishes_are_refused_beside_their_field(
    session: Session, owner: Actor, changes: dict[str, Any], field: str, reason: Reason
) -> None:
    with pytest.raises(Invalid) as refusal:
        _create(session, owner, **changes)

    assert refusal.value.fields == {field: [reason]}


def test_a_token_makes_no_tokens(session: Session, owner: Actor) -> None:
    _, secret = _create(session, owner, scopes=["read", "write"])

    for actor in (actor_of_token(session, secret), PUBLIC, SYSTEM):
        with pytest.raises(NotAllowed):
            _create(session, actor)


def test_only_its_owner_revokes_a_token_and_it_fails_at_once(session: Session, owner: Actor) -> None:
    row, secret = _create(session, owner)
    stranger = actor_for(session, make_person(session, grants=["administrator"]))

    with pytest.raises(NotFound):
        revoke_token(session, stranger, row.id)
    assert actor_of_token(session, secret).is_signed_in
    revoke_token(session, owner, row.id)

    assert actor_of_token(session, secret) == PUBLIC
    assert tokens_of(session, owner) == []
    with pytest.raises(NotFound):
        revoke_token(session, owner, row.id)


@pytest.mark.parametrize("spoil", ["expired", "disabled"])
def test_a_token_that_ended_is_nobody(session: Session, spoil: str) -> None:
    person = make_person(session)
    row, secret = _create(session, actor_for(session, person))
    if spoil == "expired":
        row.expires_at = now() - timedelta(seconds=1)
    else:
        person.disabled_at = now()
    session.flush()

    assert actor_of_token(session, secret) == PUBLIC


def test_the_day_of_the_last_change_is_noted(session: Session, owner: Actor) -> None:
    row, secret = _create(session, owner, scopes=["read", "write"])

    note_activity(session, actor_of_token(session, secret))

    session.refresh(row)
    assert row.last_used_on == local_date(now())

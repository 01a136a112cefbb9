"""Roles are granted by administrators, with scope, period and reason, never to oneself, and recorded."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.models import Person, RoleGrant
from accounts.operations.grants import GrantTerms, grant_role, revoke_role
from foundation.actors import PUBLIC, SYSTEM, Actor
from foundation.audit import AuditEntry
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason
from foundation.workdays import local_date
from tests.accounts.factories import actor_for, make_person, make_unit


@pytest.fixture
def administrator(session: Session) -> Actor:
    return actor_for(session, make_person(session, grants=["administrator"]))


@pytest.fixture
def person(session: Session) -> Person:
    return make_person(session)


def _terms(**changes: Any) -> GrantTerms:
    return GrantTerms(**{"role": "reviewer", "starts_on": local_date(now()), "reason": "Quyết định số 12", **changes})


def _trail(session: Session, person: Person) -> list[AuditEntry]:
    found = select(AuditEntry).where(AuditEntry.stream == f"person:{person.id}")
    return list(session.scalars(found.order_by(AuditEntry.seq)))


def test_a_granted_role_works_at_once_and_is_recorded(session: Session, administrator: Actor, person: Person) -> None:
    unit = make_unit(session)

    grant = grant_role(
        session, administrator, person_id=person.id, terms=_terms(scope_unit_id=unit.id, scope_procedure="x")
    )

    assert actor_for(session, person).has_role("reviewer", procedure="x", unit_id=unit.id)
    [entry] = _trail(session, person)
    assert (entry.action, entry.person_id) == ("accounts:role:grant", administrator.person_id)
    assert entry.facts == {
        "grant": grant.id,
        "role": "reviewer",
        "starts_on": local_date(now()).isoformat(),
        "scope_unit_id": unit.id,
        "scope_procedure": "x",
    }


def test_a_revoked_role_is_gone_at_once_and_recorded(session: Session, administrator: Actor, person: Person) -> None:
    grant = grant_role(session, administrator, person_id=person.id, terms=_terms())

    revoke_role(session, administrator, grant.id, person_id=person.id)

    assert not actor_for(session, person).is_staff
    assert [entry.action for entry in _trail(session, person)] == ["accounts:role:grant", "accounts:role:revoke"]
    assert (grant.revoked_by_id, session.get(RoleGrant, grant.id) is not None) == (administrator.person_id, True)
    with pytest.raises(Blocked):
        revoke_role(session, administrator, grant.id, person_id=person.id)


def test_a_grant_is_revoked_under_its_own_person_only(session: Session, administrator: Actor, person: Person) -> None:
    grant = grant_role(session, administrator, person_id=person.id, terms=_terms())

    with pytest.raises(NotFound):
        revoke_role(session, administrator, grant.id, person_id=make_person(session).id)


@pytest.mark.parametrize("roles", [[], ["auditor"], ["issuer", "reviewer"]])
def test_only_administrators_grant_and_revoke(session: Session, person: Person, roles: list[str]) -> None:
    grant = grant_role(session, SYSTEM, person_id=person.id, terms=_terms())
    actor = actor_for(session, make_person(session, grants=roles))

    with pytest.raises(NotAllowed):
        grant_role(session, actor, person_id=person.id, terms=_terms(role="auditor"))
    with pytest.raises(NotAllowed):
        revoke_role(session, actor, grant.id, person_id=person.id)
    with pytest.raises(NotAllowed):
        grant_role(session, PUBLIC, person_id=person.id, terms=_terms(role="auditor"))

    assert {grant.role for grant in actor_for(session, person).grants} == {"reviewer"}


def test_an_administrator_grants_nothing_to_themself(session: Session, administrator: Actor) -> None:
    with pytest.raises(Blocked) as refusal:
        grant_role(session, administrator, person_id=administrator.person_id or 0, terms=_terms())

    assert refusal.value.reasons == (Reason("grant_to_oneself"),)


def test_the_database_itself_refuses_a_grant_to_oneself(session: Session, person: Person) -> None:
    session.add(
        RoleGrant(
            person_id=person.id,
            granted_by_id=person.id,
            role="issuer",
            starts_on=date(2026, 1, 1),
            reason="x",
        )
    )

    with pytest.raises(IntegrityError, match="not_to_oneself"):
        session.flush()


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"role": "emperor"}, "role", "role_unknown"),
        ({"role": "administrator", "scope_procedure": "x"}, "scope_procedure", "scope_not_of_role"),
        ({"scope_park": "hoa-lac"}, "scope_park", "scope_not_of_role"),
        ({"scope_unit_id": 0}, "scope_unit_id", "unit_unknown"),
        ({"starts_on": date(2026, 2, 2), "ends_on": date(2026, 2, 1)}, "ends_on", "period_reversed"),
        ({"reason": "  "}, "reason", "required"),
    ],
)
def test_wrong_terms_are_refused_beside_their_field(
    session: Session, administrator: Actor, person: Person, changes: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        grant_role(session, administrator, person_id=person.id, terms=_terms(**changes))

    assert refusal.value.fields == {field: [Reason(reason)]}
    assert _trail(session, person) == []


def test_the_same_grant_is_given_once(session: Session, administrator: Actor, person: Person) -> None:
    first = grant_role(session, administrator, person_id=person.id, terms=_terms())

    with pytest.raises(Invalid) as refusal:
        grant_role(session, administrator, person_id=person.id, terms=_terms())
    revoke_role(session, administrator, first.id, person_id=person.id)
    again = grant_role(session, administrator, person_id=person.id, terms=_terms())

    assert refusal.value.fields == {"role": [Reason("grant_exists")]}
    assert again.id != first.id


def test_nobody_is_granted_a_role_who_does_not_exist(session: Session, administrator: Actor) -> None:
    with pytest.raises(NotFound):
        grant_role(session, administrator, person_id=0, terms=_terms())


def test_a_grant_may_lie_in_the_future(session: Session, administrator: Actor, person: Person) -> None:
    tomorrow = local_date(now()) + timedelta(days=1)

    grant_role(session, administrator, person_id=person.id, terms=_terms(starts_on=tomorrow))

    assert not actor_for(session, person).is_staff

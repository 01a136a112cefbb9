"""One question to the database tells who acts, with the grants and memberships of this moment."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from accounts.digests import digest_of
from accounts.models import Membership, Person, SignInSession
from accounts.operations.tokens import create_token
from accounts.queries import actor_of_session, actor_of_token
from foundation.actors import PUBLIC
from foundation.database import now
from foundation.workdays import local_date
from tests.accounts.factories import (
    actor_for,
    grant_directly,
    make_organisation,
    make_person,
    make_unit,
    open_session,
)


def _today() -> date:
    return local_date(now())


def test_a_session_is_recognised_in_one_statement(session: Session) -> None:
    organisation = make_organisation(session)
    unit = make_unit(session)
    person = make_person(
        session,
        organisation=organisation,
        grants=["auditor", {"role": "reviewer", "scope_unit_id": unit.id}, {"role": "issuer"}],
    )
    secret = open_session(session, person)
    asked: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *details: asked.append(details[2]))

    actor = actor_of_session(session, secret)

    assert (actor.person_id, actor.name, actor.email) == (person.id, person.full_name, person.email)
    assert actor.organisation_ids == {organisation.id}
    assert {grant.role for grant in actor.grants} == {"auditor", "reviewer", "issuer"}
    assert len(asked) == 1


@pytest.mark.parametrize("spoil", ["revoked", "expired", "disabled", "other secret"])
def test_a_session_that_ended_is_nobody(session: Session, spoil: str) -> None:
    person = make_person(session, grants=["administrator"])
    secret = open_session(session, person)
    row = session.query(SignInSession).filter_by(digest=digest_of(secret)).one()
    if spoil == "revoked":
        row.revoked_at = now()
    if spoil == "expired":
        row.expires_at = now() - timedelta(seconds=1)
    if spoil == "disabled":
        person.disabled_at = now()
    session.flush()

    assert actor_of_session(session, "another" if spoil == "other secret" else secret) == PUBLIC


def test_a_grant_on_a_unit_reaches_the_units_below_and_no_others(session: Session) -> None:
    department = make_unit(session, code="900.00.01.H26")
    division = make_unit(session, code="900.01.01.H26", parent=department)
    desk = make_unit(session, code="900.01.01.01.H26", parent=division)
    lookalike = make_unit(session, code="900.00.01.H26A")
    person = make_person(session, grants=[{"role": "case_officer", "scope_unit_id": department.id}])

    actor = actor_for(session, person)

    reached = [
        unit for unit in (department, division, desk, lookalike) if actor.has_role("case_officer", unit_id=unit.id)
    ]
    assert reached == [department, division, desk]
    assert not actor.has_role("case_officer")


def test_a_grant_on_a_procedure_reaches_that_procedure_alone(session: Session) -> None:
    person = make_person(session, grants=[{"role": "reviewer", "scope_procedure": "controlled_test"}])

    actor = actor_for(session, person)

    assert actor.has_role("reviewer", procedure="controlled_test", unit_id=7)
    assert not actor.has_role("reviewer", procedure="innovation_desk")
    assert not actor.has_role("case_officer", procedure="controlled_test")


def test_scopes_of_one_grant_narrow_together(session: Session) -> None:
    unit, other = make_unit(session), make_unit(session)
    grant = {"role": "issuer", "scope_procedure": "controlled_test", "scope_unit_id": unit.id}

    actor = actor_for(session, make_person(session, grants=[grant]))

    assert actor.has_role("issuer", procedure="controlled_test", unit_id=unit.id)
    assert not actor.has_role("issuer", procedure="controlled_test", unit_id=other.id)
    assert not actor.has_role("issuer", procedure="innovation_desk", unit_id=unit.id)


@pytest.mark.parametrize(
    ("starts_in", "ends_in", "is_in_force"),
    [(0, 0, True), (0, None, True), (-9, 0, True), (-9, -1, False), (1, None, False), (1, 9, False)],
)
def test_a_grant_counts_from_its_first_to_its_last_day(
    session: Session, starts_in: int, ends_in: int | None, is_in_force: bool
) -> None:
    person = make_person(session)
    grant_directly(
        session,
        person,
        role="auditor",
        starts_on=_today() + timedelta(days=starts_in),
        ends_on=None if ends_in is None else _today() + timedelta(days=ends_in),
    )

    assert actor_for(session, person).has_role("auditor") is is_in_force


def test_a_revoked_grant_is_gone_at_once(session: Session) -> None:
    person = make_person(session)
    grant_directly(session, person, role="auditor", revoked_at=now())

    assert not actor_for(session, person).is_staff


def test_a_viewer_sees_and_does_not_act(session: Session) -> None:
    organisation = make_organisation(session)
    viewer = make_person(session, organisation=organisation, membership_role="viewer")
    editor = make_person(session, organisation=organisation, membership_role="editor")

    assert actor_for(session, viewer).organisation_ids == {organisation.id}
    assert not actor_for(session, viewer).acts_for(organisation.id)
    assert actor_for(session, editor).acts_for(organisation.id)


def test_a_former_member_is_nobody_there(session: Session) -> None:
    organisation = make_organisation(session)
    person = make_person(session, organisation=organisation)
    session.query(Membership).filter_by(person_id=person.id).one().until_at = now()

    assert actor_for(session, person).organisation_ids == frozenset()


def test_a_token_acts_with_its_scopes_until_revoked(session: Session, context: None) -> None:
    person = make_person(session, grants=["auditor"])
    row, secret = create_token(session, actor_for(session, person), name="báo cáo", scopes=["read"], days=1)

    actor = actor_of_token(session, secret)

    assert (actor.person_id, actor.token_scopes) == (person.id, frozenset({"read"}))
    assert actor.can_use("read")
    assert not actor.can_use("write")
    row.revoked_at = now()
    session.flush()
    assert actor_of_token(session, secret) == PUBLIC


def test_two_people_cannot_have_one_address(session: Session) -> None:
    make_person(session, email="Lan@vi-du.example")

    session.add(Person(email="lan@VI-DU.example", full_name="Lan"))

    with pytest.raises(IntegrityError, match="uq_people_email"):
        session.flush()

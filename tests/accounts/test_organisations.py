"""Organisations are registered once, changed by those who act for them, and hidden from everybody else."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import MembershipRole, Organisation
from accounts.operations import members
from accounts.operations.organisations import OrganisationFacts, register_organisation, update_organisation
from accounts.places import ensure_wards
from accounts.queries.organisations import members_of, organisation_with_code
from foundation.actors import PUBLIC, SYSTEM, Actor
from foundation.audit import AuditEntry
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason
from foundation.workdays import local_date
from tests.accounts.factories import actor_for, make_organisation, make_person


def _facts(**changes: Any) -> OrganisationFacts:
    return OrganisationFacts(**{"name_vi": "Công ty Cổ phần Sao Khuê", "legal_form": "joint_stock_company", **changes})


def _trail(session: Session, organisation: Organisation) -> list[tuple[str, dict[str, Any]]]:
    found = select(AuditEntry).where(AuditEntry.stream == f"organisation:{organisation.id}")
    return [(entry.action, entry.facts) for entry in session.scalars(found.order_by(AuditEntry.seq))]


def test_whoever_registers_an_organisation_owns_it(session: Session) -> None:
    ensure_wards(session)
    person = make_person(session)

    made = register_organisation(
        session,
        actor_for(session, person),
        _facts(tax_code="0100 233 488", ward_code="00004", email="lien-he@Vi-Du.example", name_en="  "),
    )

    assert made.code == f"TC-{made.id:06}"
    assert (made.tax_code, made.ward_code) == ("0100233488", "00004")
    assert (made.email, made.name_en) == ("lien-he@vi-du.example", None)
    assert actor_for(session, person).acts_for(made.id)
    assert [(row.person_id, row.role) for row in members_of(session, made.id)] == [(person.id, "owner")]
    assert [action for action, _ in _trail(session, made)] == [
        "accounts:organisation:register",
        "accounts:member:add",
    ]


def test_the_code_grows_past_six_digits(session: Session) -> None:
    organisation = make_organisation(session, id=12345678)

    assert organisation.code == "TC-12345678"


def test_the_public_registers_nothing(session: Session) -> None:
    with pytest.raises(NotAllowed):
        register_organisation(session, PUBLIC, _facts())


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"name_vi": "  "}, "name_vi", "required"),
        ({"legal_form": "guild"}, "legal_form", "legal_form_unknown"),
        ({"tax_code": "0100233480"}, "tax_code", "tax_code_check_digit"),
        ({"tax_code": "123"}, "tax_code", "tax_code_form"),
        ({"ward_code": "99999"}, "ward_code", "ward_unknown"),
        ({"email": "nobody"}, "email", "email_not_valid"),
        ({"website": "javascript:alert(1)"}, "website", "website_not_valid"),
        ({"founded_on": local_date(now()) + timedelta(days=1)}, "founded_on", "founded_in_future"),
    ],
)
def test_wrong_facts_are_refused_beside_their_field(
    session: Session, changes: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        register_organisation(session, SYSTEM, _facts(**changes))

    assert refusal.value.fields == {field: [Reason(reason)]}


def test_a_tax_code_belongs_to_one_organisation(session: Session) -> None:
    taken = make_organisation(session, tax_code="0100233488")
    owner = make_person(session, organisation=(own := make_organisation(session)))

    with pytest.raises(Invalid) as registering:
        register_organisation(session, SYSTEM, _facts(tax_code="0100233488"))
    with pytest.raises(Invalid) as changing:
        update_organisation(session, actor_for(session, owner), own.id, _facts(tax_code="0100233488"))

    assert registering.value.fields == changing.value.fields == {"tax_code": [Reason("tax_code_taken")]}
    assert session.scalars(select(Organisation.id).where(Organisation.tax_code == "0100233488")).all() == [taken.id]


@pytest.mark.parametrize(("role", "error"), [("viewer", NotAllowed), (None, NotFound)])
def test_only_owners_and_editors_change_an_organisation(
    session: Session, role: str | None, error: type[Exception]
) -> None:
    organisation = make_organisation(session, name="Công ty Bình Minh")
    theirs = organisation if role else make_organisation(session)
    person = make_person(session, organisation=theirs, membership_role=role or "owner")

    with pytest.raises(error):
        update_organisation(session, actor_for(session, person), organisation.id, _facts())

    assert organisation.name_vi == "Công ty Bình Minh"


def test_a_change_is_recorded_by_the_names_of_its_fields(session: Session) -> None:
    organisation = make_organisation(session, name="Công ty Bình Minh")
    editor = make_person(session, organisation=organisation, membership_role="editor")

    update_organisation(session, actor_for(session, editor), organisation.id, _facts(phone="024 0000 0000"))

    assert _trail(session, organisation) == [
        ("accounts:organisation:update", {"fields": ["name_vi", "phone"]}),
    ]


def test_an_organisation_exists_for_its_members_and_administrators_only(session: Session) -> None:
    organisation, other = make_organisation(session), make_organisation(session)
    member = make_person(session, organisation=organisation, membership_role="viewer")
    stranger = make_person(session, organisation=other, grants=["auditor", "reviewer"])
    administrator = make_person(session, grants=["administrator"])

    assert organisation_with_code(session, actor_for(session, member), organisation.code) is organisation
    assert organisation_with_code(session, actor_for(session, administrator), organisation.code) is organisation
    for actor in (actor_for(session, stranger), PUBLIC):
        with pytest.raises(NotFound):
            organisation_with_code(session, actor, organisation.code)


def _team(session: Session, *roles: str) -> tuple[Organisation, list[Actor]]:
    organisation = make_organisation(session)
    people = [make_person(session, organisation=organisation, membership_role=role) for role in roles]
    return organisation, [actor_for(session, person) for person in people]


def test_an_owner_changes_and_removes_members(session: Session) -> None:
    organisation, [owner, editor, viewer] = _team(session, "owner", "editor", "viewer")

    members.change_member(session, owner, organisation.id, person_id=editor.person_id or 0, role="viewer")
    members.remove_member(session, owner, organisation.id, person_id=viewer.person_id or 0)

    assert [(row.person_id, row.role) for row in members_of(session, organisation.id)] == [
        (owner.person_id, "owner"),
        (editor.person_id, "viewer"),
    ]
    assert _trail(session, organisation) == [
        ("accounts:member:change", {"person": editor.person_id, "role": "viewer"}),
        ("accounts:member:remove", {"person": viewer.person_id}),
    ]


def test_an_editor_manages_nobody_and_may_leave(session: Session) -> None:
    organisation, [_, editor, viewer] = _team(session, "owner", "editor", "viewer")

    with pytest.raises(NotAllowed):
        members.change_member(session, editor, organisation.id, person_id=editor.person_id or 0, role="owner")
    with pytest.raises(NotAllowed):
        members.remove_member(session, editor, organisation.id, person_id=viewer.person_id or 0)
    members.remove_member(session, editor, organisation.id, person_id=editor.person_id or 0)

    assert editor.person_id not in [row.person_id for row in members_of(session, organisation.id)]


def test_the_members_of_another_organisation_do_not_exist(session: Session) -> None:
    organisation, [owner] = _team(session, "owner")
    _, [stranger] = _team(session, "owner")

    with pytest.raises(NotFound):
        members.change_member(session, stranger, organisation.id, person_id=owner.person_id or 0, role="viewer")
    with pytest.raises(NotFound):
        members.remove_member(session, stranger, organisation.id, person_id=owner.person_id or 0)
    with pytest.raises(NotFound):
        members.remove_member(session, owner, organisation.id, person_id=stranger.person_id or 0)


def test_the_last_owner_stays(session: Session) -> None:
    organisation, [owner, editor] = _team(session, "owner", "editor")
    own = owner.person_id or 0

    with pytest.raises(Blocked) as leaving:
        members.remove_member(session, owner, organisation.id, person_id=own)
    with pytest.raises(Blocked) as stepping_down:
        members.change_member(session, owner, organisation.id, person_id=own, role="editor")
    assert leaving.value.reasons == stepping_down.value.reasons == (Reason("last_owner"),)

    members.change_member(session, owner, organisation.id, person_id=editor.person_id or 0, role=MembershipRole.OWNER)
    members.remove_member(session, owner, organisation.id, person_id=own)
    assert [row.person_id for row in members_of(session, organisation.id)] == [editor.person_id]

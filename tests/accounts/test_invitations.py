"""People join by a mailed link: once, for a while, and only the one who was invited."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Invitation, Organisation
from accounts.operations.invitations import (
    accept_invitation,
    invite_member,
    invite_person,
    withdraw_invitation,
)
from accounts.operations.people import Profile
from accounts.queries.invitations import invitation_shown
from accounts.queries.organisations import members_of, open_invitations_of
from foundation.actors import PUBLIC, Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason
from foundation.mails import MailMessage
from tests.accounts.factories import actor_for, make_organisation, make_person

pytestmark = pytest.mark.usefixtures("context")

PASSWORD = "con trâu đi trước"
PROFILE = Profile("Trần Minh", "en")


@pytest.fixture
def organisation(session: Session) -> Organisation:
    return make_organisation(session)


@pytest.fixture
def owner(session: Session, organisation: Organisation) -> Actor:
    return actor_for(session, make_person(session, organisation=organisation))


def _secret(session: Session) -> str:
    mail = session.scalars(select(MailMessage).order_by(MailMessage.id.desc()).limit(1)).one()
    return str(mail.facts["link"]).rsplit("/", 1)[1]


def _invite(session: Session, owner: Actor, organisation: Organisation, role: str = "editor") -> str:
    invite_member(session, owner, organisation.id, email="minh@vi-du.example", role=role)
    return _secret(session)


def test_somebody_new_joins_with_a_new_account(session: Session, owner: Actor, organisation: Organisation) -> None:
    secret = _invite(session, owner, organisation)

    person = accept_invitation(session, secret, actor=PUBLIC, profile=PROFILE, password=PASSWORD)

    assert (person.email, person.full_name, person.language) == ("minh@vi-du.example", "Trần Minh", "en")
    assert actor_for(session, person).acts_for(organisation.id)
    assert open_invitations_of(session, organisation.id) == []


def test_who_has_an_account_joins_with_it_and_nobody_else_does(
    session: Session, owner: Actor, organisation: Organisation
) -> None:
    person = make_person(session, email="Minh@vi-du.example")
    secret = _invite(session, owner, organisation, role="viewer")
    stranger = actor_for(session, make_person(session))

    for actor in (stranger, PUBLIC):
        with pytest.raises(NotAllowed):
            accept_invitation(session, secret, actor=actor, profile=PROFILE, password=PASSWORD)
    accept_invitation(session, secret, actor=actor_for(session, person))

    assert [row.role for row in members_of(session, organisation.id)] == ["owner", "viewer"]


@pytest.mark.parametrize("spoil", ["used", "expired", "withdrawn", "superseded", "forged"])
def test_an_invitation_that_ended_admits_nobody(
    session: Session, owner: Actor, organisation: Organisation, spoil: str
) -> None:
    secret = _invite(session, owner, organisation)
    invitation = session.scalars(select(Invitation)).one()
    if spoil == "used":
        accept_invitation(session, secret, actor=PUBLIC, profile=PROFILE, password=PASSWORD)
    if spoil == "expired":
        invitation.expires_at = now() - timedelta(seconds=1)
        session.flush()
    if spoil == "withdrawn":
        withdraw_invitation(session, owner, organisation.id, invitation_id=invitation.id)
    if spoil == "superseded":
        _invite(session, owner, organisation)
    if spoil == "forged":
        secret = "forged"
    before = len(members_of(session, organisation.id))

    assert invitation_shown(session, secret) is None
    with pytest.raises(Blocked) as refusal:
        accept_invitation(session, secret, actor=PUBLIC, profile=PROFILE, password=PASSWORD)

    assert refusal.value.reasons == (Reason("link_not_valid"),)
    assert len(members_of(session, organisation.id)) == before


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_owners_invite_and_withdraw(session: Session, owner: Actor, organisation: Organisation, role: str) -> None:
    _invite(session, owner, organisation)
    invitation = session.scalars(select(Invitation)).one()
    member = actor_for(session, make_person(session, organisation=organisation, membership_role=role))
    stranger = actor_for(session, make_person(session, organisation=make_organisation(session)))

    with pytest.raises(NotAllowed):
        invite_member(session, member, organisation.id, email="hoa@vi-du.example", role="owner")
    with pytest.raises(NotAllowed):
        withdraw_invitation(session, member, organisation.id, invitation_id=invitation.id)
    with pytest.raises(NotFound):
        invite_member(session, stranger, organisation.id, email="hoa@vi-du.example", role="owner")
    with pytest.raises(NotFound):
        withdraw_invitation(session, stranger, organisation.id, invitation_id=invitation.id)

    assert open_invitations_of(session, organisation.id) == [invitation]


def test_an_owner_withdraws_no_invitation_of_others(session: Session, owner: Actor, organisation: Organisation) -> None:
    _invite(session, owner, organisation)
    invitation = session.scalars(select(Invitation)).one()
    theirs = make_organisation(session)
    other_owner = actor_for(session, make_person(session, organisation=theirs))

    with pytest.raises(NotFound):
        withdraw_invitation(session, other_owner, theirs.id, invitation_id=invitation.id)


def test_a_member_is_not_invited_again(session: Session, owner: Actor, organisation: Organisation) -> None:
    with pytest.raises(Invalid) as refusal:
        invite_member(session, owner, organisation.id, email=owner.email.upper(), role="editor")

    assert refusal.value.fields == {"email": [Reason("member_already")]}


def test_an_administrator_invites_who_will_work_for_the_city(session: Session) -> None:
    administrator = actor_for(session, make_person(session, grants=["administrator"]))

    invite_person(session, administrator, email="hoa@vi-du.example", full_name="Lê  Hoa", language="vi")

    secret = _secret(session)
    shown = invitation_shown(session, secret)
    assert shown is not None
    assert (shown.invitation.full_name, shown.organisation, shown.holder_id) == ("Lê Hoa", None, None)
    person = accept_invitation(session, secret, actor=PUBLIC, profile=Profile("Lê Hoa"), password=PASSWORD)
    assert not actor_for(session, person).is_staff
    assert actor_for(session, person).organisation_ids == frozenset()


def test_nobody_else_invites_for_the_city(session: Session, owner: Actor) -> None:
    with pytest.raises(NotAllowed):
        invite_person(session, owner, email="hoa@vi-du.example", full_name="Lê Hoa", language="vi")


def test_a_weak_password_leaves_the_invitation_open(session: Session, owner: Actor, organisation: Organisation) -> None:
    secret = _invite(session, owner, organisation)

    with pytest.raises(Invalid) as refusal:
        accept_invitation(session, secret, actor=PUBLIC, profile=PROFILE, password="ngắn")

    assert list(refusal.value.fields) == ["password"]
    assert invitation_shown(session, secret) is not None

"""One's own account and organisation on pages; those of others do not exist."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import AccessToken, Organisation, Person, SignInSession
from accounts.operations.tokens import create_token
from accounts.places import ensure_wards
from accounts.queries import actor_of_session, actor_of_token
from foundation.actors import PUBLIC
from tests.accounts.factories import actor_for, make_organisation, make_person, open_session, sign_in


def test_the_profile_is_saved_in_the_new_language(client: FlaskClient, session: Session, lan: Person) -> None:
    sign_in(client, session, lan)

    answer = client.post(
        "/account",
        data={"full_name": "Nguyễn Thị Lan", "language": "fr", "phone": "024 0000 0000"},
        follow_redirects=True,
    )

    assert "Votre profil est enregistré." in answer.text
    session.expire_all()
    assert session.get_one(Person, lan.id).full_name == "Nguyễn Thị Lan"


def test_sessions_are_listed_and_ended(client: FlaskClient, session: Session, lan: Person) -> None:
    there = open_session(session, lan)
    sign_in(client, session, lan)
    theirs = session.scalars(select(SignInSession.id).order_by(SignInSession.id)).first()
    stranger = make_person(session)
    open_session(session, stranger)
    session.commit()
    foreign = session.scalars(select(SignInSession.id).where(SignInSession.person_id == stranger.id)).one()

    listed = client.get("/account/sessions")
    ended = client.post(f"/account/sessions/{theirs}/revoke")
    missing = client.post(f"/account/sessions/{foreign}/revoke")

    assert listed.text.count('/revoke"') == 1
    assert (ended.status_code, missing.status_code) == (303, 404)
    assert actor_of_session(session, there) == PUBLIC


def test_a_token_is_shown_once(client: FlaskClient, session: Session, lan: Person) -> None:
    sign_in(client, session, lan)

    created = client.post("/account/tokens", data={"name": "báo cáo", "scope": "write", "days": "30"})
    listed = client.get("/account/tokens")

    found = re.search(r"kv_[0-9a-f]{8}_[\w-]{43}", created.text)
    assert found is not None
    assert actor_of_token(session, found[0]).token_scopes == frozenset({"read", "write"})
    assert found[0] not in listed.text
    assert found[0][:11] in listed.text


def test_tokens_of_others_do_not_exist(client: FlaskClient, session: Session, lan: Person) -> None:
    stranger = make_person(session)
    sign_in(client, session, stranger)
    client.post("/account/tokens", data={"name": "x", "scope": "read", "days": "30"})
    token_id = session.scalars(select(AccessToken.id)).one()
    sign_in(client, session, lan)

    assert client.post(f"/account/tokens/{token_id}/revoke").status_code == 404


def test_an_organisation_of_others_does_not_exist(client: FlaskClient, session: Session, lan: Person) -> None:
    other = make_organisation(session, name="Công ty Bí Mật")
    member = make_person(session, organisation=other)
    sign_in(client, session, lan)

    answers = [
        client.get(f"/organisation/{other.code}"),
        client.get(f"/organisation/{other.code}/edit"),
        client.post(f"/organisation/{other.code}/edit", data={"name_vi": "x", "legal_form": "other"}),
        client.get(f"/organisation/{other.code}/invite"),
        client.post(f"/organisation/{other.code}/members/{member.id}", data={"role": "viewer"}),
        client.post(f"/organisation/{other.code}/members/{member.id}/remove"),
        client.post(f"/organisation/{other.code}/invitations/1/withdraw"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 7
    assert all("Bí Mật" not in answer.text for answer in answers)


def test_an_editor_changes_details_and_a_viewer_does_not(client: FlaskClient, session: Session, lan: Person) -> None:
    ensure_wards(session)
    organisation = session.scalars(select(Organisation)).one()
    editor = make_person(session, organisation=organisation, membership_role="editor")
    viewer = make_person(session, organisation=organisation, membership_role="viewer")
    facts = {
        "name_vi": "Công ty Sao Mai",
        "legal_form": "partnership",
        "ward_code": "00004",
        "founded_on": "2020-05-04",
    }

    sign_in(client, session, viewer)
    refused = client.post(f"/organisation/{organisation.code}/edit", data=facts)
    sign_in(client, session, editor)
    done = client.post(f"/organisation/{organisation.code}/edit", data=facts, follow_redirects=True)

    assert refused.status_code == 403
    assert "Sao Mai" in done.text
    assert "Phường Ba Đình" in done.text
    assert "04/05/2020" in done.text


def test_a_taken_tax_code_is_said_beside_its_field(client: FlaskClient, session: Session, lan: Person) -> None:
    make_organisation(session, tax_code="0100233488")
    sign_in(client, session, lan)

    answer = client.post(
        "/organisation/new", data={"name_vi": "Công ty Gió", "legal_form": "other", "tax_code": "0100233488"}
    )

    assert answer.status_code == 422
    assert "Đã có tổ chức đăng ký với mã số thuế này" in answer.text


def test_the_language_chosen_in_the_header_becomes_the_persons_own(
    client: FlaskClient, session: Session, lan: Person
) -> None:
    sign_in(client, session, lan)

    answer = client.post("/language", data={"language": "fr", "next": "/account"}, follow_redirects=True)

    session.expire_all()
    assert session.get_one(Person, lan.id).language == "fr"
    assert 'lang="fr"' in answer.text


OWN_LISTS = ("/account/sessions", "/account/tokens", "/organisation")


def file_at(client: FlaskClient, address: str) -> str:
    with client.get(f"{address}.csv") as answer:
        return answer.data.decode("utf-8-sig")


def test_what_belongs_to_the_account_comes_as_files_without_what_is_of_others(
    client: FlaskClient, session: Session, lan: Person
) -> None:
    stranger = make_person(session, organisation=make_organisation(session, name="Công ty Khác"))
    for who in (lan, stranger):
        create_token(session, actor_for(session, who), name=f"token of {who.id}", scopes={"read"}, days=30)
    open_session(session, stranger)
    sign_in(client, session, lan)
    session.commit()

    sessions, own, organisations = (file_at(client, address) for address in OWN_LISTS)

    assert len(sessions.splitlines()) == 2
    assert [line.split(",")[0] for line in own.splitlines()[1:]] == [f"token of {lan.id}"]
    assert ("Công ty Sao Khuê" in organisations, "Công ty Khác" in organisations) == (True, False)


@pytest.mark.parametrize("address", OWN_LISTS)
def test_who_is_not_signed_in_gets_no_file_of_an_account(client: FlaskClient, address: str) -> None:
    assert "/sign-in" in client.get(f"{address}.csv").headers["Location"]

"""The entrance on pages: signing in, up and out, forgotten passwords, invitations."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts import passwords
from accounts.models import Membership, Organisation, Person
from accounts.operations.resets import mail_password_reset
from accounts.queries import actor_of_session
from foundation.actors import PUBLIC
from foundation.mails import MailMessage
from tests.accounts.factories import SESSION_COOKIE, actor_for, make_person, sign_in
from tests.accounts.pages import PASSWORD, secret_in_mail, text_of


def test_signing_in_gives_a_cookie_and_leads_on(client: FlaskClient, session: Session, lan: Person) -> None:
    answer = client.post("/sign-in?next=/account", data={"email": lan.email, "password": PASSWORD})

    cookie = client.get_cookie(SESSION_COOKIE)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/")
    assert actor_of_session(session, cookie.value).person_id == lan.id
    assert "Nguyễn Lan" in client.get("/account").text


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/nowhere",
        "javascript:1",
        "/\t/evil",
    ],
)
def test_nobody_is_led_to_another_site(client: FlaskClient, lan: Person, address: str) -> None:
    answer = client.post("/sign-in", query_string={"next": address}, data={"email": lan.email, "password": PASSWORD})

    assert (answer.status_code, answer.location) == (303, "/")


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: FlaskClient, lan: Person) -> None:
    wrong = client.post("/sign-in", data={"email": lan.email, "password": "con trâu đi sau"})
    unknown = client.post("/sign-in", data={"email": "may@vi-du.example", "password": "con trâu đi sau"})

    assert wrong.status_code == unknown.status_code == 422
    assert text_of(wrong.text) == text_of(unknown.text)
    assert client.get_cookie(SESSION_COOKIE) is None


def test_signing_out_ends_the_session_and_takes_the_cookie(client: FlaskClient, session: Session, lan: Person) -> None:
    secret = sign_in(client, session, lan)

    answer = client.post("/sign-out")

    assert answer.status_code == 303
    assert client.get_cookie(SESSION_COOKIE) is None
    assert actor_of_session(session, secret) == PUBLIC


def test_a_page_for_members_sends_others_to_sign_in_and_back(client: FlaskClient, lan: Person) -> None:
    answer = client.get("/account/tokens?x=1")

    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/account/tokens?x%3D1"


def test_eleven_attempts_are_too_many_even_with_the_right_password(client: FlaskClient, lan: Person) -> None:
    for _ in range(10):
        client.post("/sign-in", data={"email": lan.email, "password": "con trâu đi sau"})

    answer = client.post("/sign-in", data={"email": lan.email.upper(), "password": PASSWORD})

    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert client.get_cookie(SESSION_COOKIE) is None


def test_a_right_password_gives_the_share_back(client: FlaskClient, lan: Person) -> None:
    for _ in range(3):
        for _ in range(8):
            client.post("/sign-in", data={"email": lan.email, "password": "con trâu đi sau"})
        assert client.post("/sign-in", data={"email": lan.email, "password": PASSWORD}).status_code == 303


def test_a_startup_opens_its_account(client: FlaskClient, session: Session) -> None:
    answer = client.post(
        "/sign-up",
        data={
            "full_name": "Trần Minh",
            "email": "minh@vi-du.example",
            "password": PASSWORD,
            "name_vi": "Công ty Bình Minh",
            "legal_form": "joint_stock_company",
            "tax_code": "0100233488",
        },
    )
    secret = secret_in_mail(session, "minh@vi-du.example")
    shown = client.get(f"/confirm/{secret}")
    nobody_yet = session.scalars(select(Person)).all()
    confirmed = client.post(f"/confirm/{secret}")
    again = client.get(f"/confirm/{secret}")

    assert (answer.status_code, answer.location) == (303, "/mail-sent/sign-up")
    assert (shown.status_code, nobody_yet) == (200, [])
    assert (confirmed.status_code, confirmed.location) == (303, "/sign-in")
    assert "không còn hiệu lực" in again.text
    person = session.scalars(select(Person)).one()
    assert actor_for(session, person).acts_for(session.scalars(select(Organisation.id)).one())


def test_signing_up_with_a_known_address_reads_the_same(client: FlaskClient, session: Session, lan: Person) -> None:
    answers = [
        client.post(
            "/sign-up",
            data={
                "full_name": "Ai Đó",
                "email": email,
                "password": PASSWORD,
                "name_vi": "Công ty Gió",
                "legal_form": "other",
            },
        )
        for email in (lan.email, "may@vi-du.example")
    ]

    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/mail-sent/sign-up")] * 2


def test_wrong_answers_of_a_sign_up_are_said_beside_their_fields(client: FlaskClient) -> None:
    client.set_cookie("language", "fr")

    answer = client.post(
        "/sign-up",
        data={
            "full_name": "Minh",
            "email": "minh",
            "password": PASSWORD,
            "name_vi": "Công ty",
            "legal_form": "other",
            "tax_code": "0100233480",
        },
    )

    assert answer.status_code == 422
    assert "Indiquez une adresse électronique" in text_of(answer.text)


def test_a_forgotten_password_is_asked_for_without_telling_who_exists(
    client: FlaskClient, session: Session, lan: Person
) -> None:
    answers = [client.post("/forgot", data={"email": email}) for email in (lan.email, "may@vi-du.example")]

    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/mail-sent/forgot")] * 2
    assert session.scalars(select(MailMessage)).all() == []


def test_the_sixth_mail_to_one_address_in_an_hour_is_refused(client: FlaskClient) -> None:
    statuses = [client.post("/forgot", data={"email": "lan@vi-du.example"}).status_code for _ in range(6)]

    assert statuses == [303] * 5 + [429]


def test_a_weak_new_password_leaves_the_mailed_link_good(
    client: FlaskClient, session: Session, app: Flask, lan: Person
) -> None:
    with app.app_context():
        mail_password_reset.work(session, lan.email)
        session.commit()
    secret = secret_in_mail(session, lan.email)

    weak = client.post(f"/reset/{secret}", data={"password": "ngắn"})
    good = client.post(f"/reset/{secret}", data={"password": "cái cày theo sau"})
    replayed = client.post(f"/reset/{secret}", data={"password": "con trâu đi trước"})

    assert (weak.status_code, good.status_code, replayed.status_code) == (422, 303, 409)
    session.expire_all()
    assert passwords.matches(session.get_one(Person, lan.id).password_hash, "cái cày theo sau")


def test_an_owner_invites_and_the_invited_joins(client: FlaskClient, session: Session, lan: Person) -> None:
    code = session.scalars(select(Organisation.code)).one()
    sign_in(client, session, lan)
    invited = client.post(f"/organisation/{code}/invite", data={"email": "minh@vi-du.example", "role": "viewer"})
    secret = secret_in_mail(session, "minh@vi-du.example")
    client.delete_cookie(SESSION_COOKIE)

    shown = client.get(f"/invitation/{secret}")
    joined = client.post(
        f"/invitation/{secret}", data={"full_name": "Trần Minh", "language": "fr", "password": PASSWORD}
    )

    assert invited.status_code == 303
    assert "Công ty Sao Khuê" in shown.text
    assert (joined.status_code, joined.location) == (303, "/sign-in")
    roles = session.execute(select(Person.full_name, Membership.role).join(Membership).order_by(Membership.id))
    assert [tuple(row) for row in roles] == [("Nguyễn Lan", "owner"), ("Trần Minh", "viewer")]


def test_an_invited_person_with_an_account_signs_in_first(client: FlaskClient, session: Session, lan: Person) -> None:
    code = session.scalars(select(Organisation.code)).one()
    minh = make_person(session, email="minh@vi-du.example")
    sign_in(client, session, lan)
    client.post(f"/organisation/{code}/invite", data={"email": minh.email, "role": "editor"})
    secret = secret_in_mail(session, minh.email)

    by_another = client.post(f"/invitation/{secret}")
    link = f"/sign-in?next=/invitation/{secret}"
    shown = client.get(f"/invitation/{secret}").text
    sign_in(client, session, minh)
    accepted = client.post(f"/invitation/{secret}")

    assert by_another.status_code == 403
    assert link in shown
    assert accepted.status_code == 303
    assert actor_for(session, minh).organisation_ids

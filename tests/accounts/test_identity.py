"""Pages know cookies alone, the API knows tokens alone, and reading writes nothing."""

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from accounts.models import Person, SignInSession
from accounts.operations.tokens import create_token
from accounts.web.identity import cookie_name, identify
from foundation.actors import PUBLIC
from foundation.database import now
from tests.accounts.factories import SESSION_COOKIE, actor_for, open_session, sign_in
from tests.accounts.pages import PASSWORD, counted

API, PAGE = "/api/v1/organisations", "/account"


def _token(session: Session, person: Person, *scopes: str) -> str:
    _, secret = create_token(session, actor_for(session, person), name="x", scopes=scopes, days=1)
    session.commit()
    return secret


def test_the_api_takes_the_token_and_ignores_the_cookie(
    app: Flask, connection: Connection, session: Session, lan: Person
) -> None:
    cookie = f"{SESSION_COOKIE}={open_session(session, lan)}"
    token = _token(session, lan, "read")

    with app.test_request_context(API, headers={"Cookie": cookie}):
        assert identify() == PUBLIC
    with app.test_request_context(API, headers={"Authorization": f"Bearer {token}"}):
        actor = identify()
        assert (actor.person_id, actor.token_scopes, actor.session_id) == (lan.id, frozenset({"read"}), None)


def test_pages_take_the_cookie_and_ignore_the_token(
    app: Flask, connection: Connection, session: Session, lan: Person
) -> None:
    cookie = f"{SESSION_COOKIE}={open_session(session, lan)}"
    token = _token(session, lan, "read", "write")

    with app.test_request_context(PAGE, headers={"Authorization": f"Bearer {token}"}):
        assert identify() == PUBLIC
    with app.test_request_context(PAGE, headers={"Cookie": cookie}):
        actor = identify()
        assert (actor.person_id, actor.token_scopes) == (lan.id, None)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer kv_unknown", "Basic bGFuOng="])
def test_what_is_no_token_is_nobody(app: Flask, connection: Connection, session: Session, header: str) -> None:
    with app.test_request_context(API, headers={"Authorization": header}):
        assert identify() == PUBLIC


def test_reading_leaves_no_trace_and_a_change_is_noted(client: FlaskClient, session: Session, lan: Person) -> None:
    sign_in(client, session, lan)
    row = session.scalars(select(SignInSession)).one()
    long_ago = row.last_seen_at = now() - timedelta(hours=1)
    session.commit()

    client.get(PAGE)
    session.refresh(row)
    after_reading = row.last_seen_at
    client.post("/account/sessions/revoke-others")
    session.refresh(row)

    assert after_reading == long_ago
    assert now() - row.last_seen_at < timedelta(minutes=1)


def test_over_https_the_cookie_is_bound_to_this_host(
    app: Flask, client: FlaskClient, session: Session, lan: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "KHUEVAN", dataclasses.replace(app.config["KHUEVAN"], is_https=True))

    answer = client.post("/sign-in", data={"email": lan.email, "password": PASSWORD}, base_url="https://localhost")

    [cookie] = [value for value in answer.headers.getlist("Set-Cookie") if "khuevan_session" in value]
    with app.app_context():
        assert cookie.startswith(f"{cookie_name()}=")
    assert cookie.startswith("__Host-khuevan_session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie


def test_static_files_ask_the_database_nothing(
    client: FlaskClient, connection: Connection, session: Session, lan: Person
) -> None:
    sign_in(client, session, lan)

    with counted(connection) as asked:
        client.get("/static/none.css")

    assert asked == []

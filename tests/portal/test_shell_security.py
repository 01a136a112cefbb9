"""What protects the reader of every answer, and what no request may do."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.models import Person
from foundation.access import EVERYONE, access, takes_files
from foundation.database import db
from foundation.reading import WriteWhileReading
from portal.security import FIXED_HEADERS, MEGABYTE
from tests.accounts.factories import sign_in

ADDRESSES = ("/", "/sign-in", "/calendar", "/nowhere", "/api/v1/me", "/api/v1/procedures", "/static/css/khuevan.css")


def policy(answer: TestResponse) -> dict[str, str]:
    """The content policy as a table from directive to its sources."""
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _, sources in parts}


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_protecting_headers(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    answer.close()

    assert {name: answer.headers.get(name) for name in FIXED_HEADERS} == FIXED_HEADERS
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-ID"])
    assert policy(answer)["default-src"] == "'none'"


def test_only_our_own_code_runs(client: FlaskClient) -> None:
    first, second = policy(client.get("/")), policy(client.get("/"))

    assert re.fullmatch(r"'self' 'nonce-[\w-]{24}'", first["script-src"])
    assert first["script-src"] == first["style-src"] != second["script-src"]
    assert (first["frame-ancestors"], first["form-action"], first["base-uri"]) == ("'none'", "'self'", "'none'")
    assert not re.search(r"unsafe|https?:|\*", " ".join(first.values()))


def test_pages_of_a_person_are_kept_by_nobody(client: FlaskClient, session: Session, lan: Person) -> None:
    public = client.get("/").headers["Cache-Control"]
    sign_in(client, session, lan)

    assert (public, client.get("/").headers["Cache-Control"]) == ("no-cache", "private, no-store")


def rename_and_commit() -> str:
    db.session.execute(update(Person).values(full_name="Written"))
    db.session.commit()
    return "done"


@pytest.fixture
def writing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect: the page about access and the choice of a theme both write."""
    for endpoint in ("portal.about_access", "portal.choose_theme"):
        monkeypatch.setitem(app.view_functions, endpoint, access(EVERYONE)(lambda: rename_and_commit()))


@pytest.mark.usefixtures("writing")
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_commit_while_reading_is_refused(client: FlaskClient, session: Session, lan: Person, method: str) -> None:
    with pytest.raises(WriteWhileReading):
        client.open("/about/access", method=method)

    session.expire_all()
    assert session.get_one(Person, lan.id).full_name == "Nguyễn Lan"


@pytest.mark.usefixtures("writing")
def test_a_commit_while_writing_is_kept(client: FlaskClient, session: Session, lan: Person) -> None:
    assert client.post("/theme").text == "done"

    session.expire_all()
    assert session.get_one(Person, lan.id).full_name == "Written"


@pytest.mark.usefixtures("writing")
def test_the_reader_of_a_fault_gets_its_number_and_no_details(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "TESTING", False)

    answer = client.get("/about/access")

    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.text
    assert "WriteWhileReading" not in answer.text


def test_a_form_without_its_token_is_refused(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    answer = client.post("/theme", data={"theme": "dark"})

    assert answer.status_code == 400
    assert "Biểu mẫu này đã mở quá lâu" in answer.text
    assert client.get_cookie("theme") is None


def test_a_form_may_not_be_larger_than_forms_are(client: FlaskClient) -> None:
    answer = client.post("/theme", data={"theme": "d" * (MEGABYTE + 1)})

    assert answer.status_code == 413
    assert "Nội dung gửi lên quá lớn" in answer.text


def test_a_program_may_not_send_more_than_texts_are(client: FlaskClient) -> None:
    answer = client.post("/api/v1/applications", data=b" " * (MEGABYTE + 1), content_type="application/json")

    assert (answer.status_code, answer.content_type) == (413, "application/problem+json")


def test_only_where_documents_are_taken_a_body_may_be_larger(app: Flask, client: FlaskClient) -> None:
    taking = [route for route in app.url_map.iter_rules() if takes_files(app.view_functions[route.endpoint])]
    route = next(route for route in taking if route.rule.startswith("/api/"))
    address = re.sub(r"<[^>]*>", "1", route.rule)
    method = next(iter((route.methods or set()) & {"POST", "PUT"}))

    answer = client.open(address, method=method, data=b" " * (2 * MEGABYTE), content_type="application/pdf")

    assert answer.status_code == 401

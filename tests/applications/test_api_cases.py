"""Dossiers by program: opened, read and refused under the rules of the pages."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.accounts.factories import sign_in
from tests.applications.programs import Program, a_pdf, codes, found, new, program_of, upload
from tests.applications.small_pack import World


def test_a_draft_is_opened_with_its_answers(applicant: Program, world: World) -> None:
    answer = applicant.post("/applications", new(world, answers={"name": "Máy bay", "users": 7}))

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["answers"] == {"name": "Máy bay", "users": 7}
    assert (answer.json["state"], answer.json["title"]) == ("draft", "Máy bay")
    assert answer.headers["ETag"] == f'"{answer.json["revision"]}"'
    assert applicant.get(answer.headers["Location"]).json == answer.json


def test_without_a_token_nothing_is_told(app: Flask, client: FlaskClient, world: World) -> None:
    answer = Program(app).get("/applications")

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_cookie_of_a_browser_counts_for_nothing(client: FlaskClient, world: World) -> None:
    sign_in(client, world.session, world.people["applicant"])

    assert client.get("/api/v1/applications").status_code == 401
    assert client.post("/api/v1/applications", json=new(world)).status_code == 401


@pytest.mark.parametrize(
    ("scopes", "method", "path", "status"),
    [
        (("read",), "GET", "/applications", 200),
        (("write",), "GET", "/applications", 403),
        (("read",), "POST", "/applications", 403),
        (("write",), "POST", "/applications", 201),
    ],
)
def test_a_token_does_what_it_was_made_for(
    app: Flask, client: FlaskClient, world: World, scopes: tuple[str, ...], method: str, path: str, status: int
) -> None:
    program = program_of(app, world.session, world.applicant, scopes=scopes)

    answer = program.ask(method, path, **({"json": new(world)} if method == "POST" else {}))

    assert answer.status_code == status
    assert answer.json is not None
    if status == 403:
        assert answer.json["code"] == "token_scope"


def test_another_organisation_and_none_are_told_alike(applicant: Program, stranger: Program, world: World) -> None:
    other = stranger.post("/applications", new(world))
    none = applicant.post("/applications", new(world) | {"organisation": "TC-999999"})

    assert (other.status_code, none.status_code) == (422, 422)
    assert codes(other) == codes(none) == {"organisation": ["does_not_exist"]}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, {"procedure": ["required"], "organisation": ["required"]}),
        ({"procedure": 7, "organisation": None}, {"procedure": ["not_text"], "organisation": ["required"]}),
        ({"procedure": "no-such", "organisation": "x"}, {"procedure": ["does_not_exist"]}),
        ({"procedure": "small-test", "organisation": "x", "more": 1}, {"more": ["no_such_field"]}),
        ({"procedure": "small-test", "organisation": "a\x00b"}, {"organisation": ["not_text"]}),
        ({"procedure": "\ud800", "organisation": "x"}, {"procedure": ["not_text"]}),
        ({"procedure": "small-test", "organisation": "x", "answers": []}, {"answers": ["not_an_object"]}),
        ({"procedure": "small-test", "organisation": "x", "channel": "fax"}, {"channel": ["not_a_choice"]}),
        ([], {"_": ["not_an_object"]}),
        ({"a": {"\x00": 1}}, {"a": ["no_such_field"]}),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(applicant: Program, sent: Any, expected: dict[str, Any]) -> None:
    answer = applicant.post("/applications", sent)

    assert answer.status_code == 422
    assert codes(answer) == expected


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"users": 1.5}, {"answers.users": ["not_a_number"]}),
        ({"users": "1e400"}, {"answers.users": ["not_a_number"]}),
        ({"users": True}, {"answers.users": ["not_a_number"]}),
        ({"users": 1001}, {"answers.users": ["too_large"]}),
        ({"name": ["x"]}, {"answers.name": ["not_text"]}),
        ({"name": "\ud83d"}, {"answers.name": ["not_text"]}),
        ({"level": "middle"}, {"answers.level": ["not_a_choice"]}),
        ({"colour": "red"}, {"answers.colour": ["no_such_field"]}),
    ],
)
def test_unsound_answers_open_no_draft(
    applicant: Program, world: World, answers: dict[str, Any], expected: dict[str, Any]
) -> None:
    answer = applicant.post("/applications", new(world, answers=answers))

    assert answer.status_code == 422
    assert codes(answer) == expected
    assert found(applicant.get("/applications")) == []


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "bad_request"),
        (b'{"a": NaN}', "application/json", 400, "bad_request"),
        (b"\xff", "application/json", 400, "bad_request"),
        (b"[" * 100_000, "application/json", 400, "bad_request"),
        (b"1" * 5000, "application/json", 400, "bad_request"),
        (b"a=1", "application/x-www-form-urlencoded", 415, "unsupported_content"),
        (b"<a/>", "application/xml", 415, "unsupported_content"),
        (b'{"a": "' + b"x" * 1_100_000 + b'"}', "application/json", 413, "body_too_large"),
    ],
)
def test_what_is_no_fit_body_is_refused(
    applicant: Program, body: bytes, content_type: str, status: int, code: str
) -> None:
    answer = applicant.ask("POST", "/applications", data=body, content_type=content_type)

    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert answer.content_type == "application/problem+json"


def test_nested_too_deeply_is_refused(applicant: Program) -> None:
    answer = applicant.ask("POST", "/applications", data=b"[" * 200 + b"]" * 200, content_type="application/json")

    assert answer.status_code == 422


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
def test_a_refusal_speaks_the_language_of_the_request(applicant: Program, language: str) -> None:
    answer = applicant.post("/applications", {}, headers={"Accept-Language": language})

    assert answer.json is not None
    assert answer.json["type"] == "urn:khuevan:problem:invalid"
    assert set(answer.json) == {"type", "title", "status", "detail", "code", "instance", "errors"}


PATHS = [
    ("GET", ""),
    ("PATCH", ""),
    ("PATCH", "/answers"),
    ("POST", "/certificate"),
    ("POST", "/carry-over"),
    ("POST", "/reveal"),
    ("POST", "/documents"),
    ("GET", "/documents/1"),
    ("DELETE", "/documents/1"),
    ("GET", "/letters/1"),
    ("GET", "/steps"),
    ("POST", "/steps/submit"),
    ("GET", "/events"),
    ("GET", "/clock"),
    ("GET", "/audit"),
    ("GET", "/messages"),
    ("POST", "/messages"),
    ("POST", "/reviewers"),
    ("GET", "/reviews"),
]
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", ""): {"json": {"answers": {}}},
    ("PATCH", "/answers"): {"json": {"answers": {"users": 2}, "revisions": {"users": 0}}},
    ("POST", "/reveal"): {"json": {"field": "name"}},
    ("POST", "/messages"): {"json": {"text": "Xin chào"}},
    ("POST", "/reviewers"): {"json": {"person": 1}},
}


@pytest.mark.parametrize(("method", "below"), PATHS)
def test_somebody_elses_dossier_is_like_none(stranger: Program, world: World, method: str, below: str) -> None:
    application = world.draft()
    world.session.commit()

    there, none = (
        stranger.ask(method, f"/applications/{key}{below}", **_request(method, below))
        for key in (application.key, "ST-2222-2222")
    )

    assert (there.status_code, none.status_code) == (404, 404)
    assert _told(there) == _told(none)


def _request(method: str, below: str) -> dict[str, Any]:
    if (method, below) == ("POST", "/documents"):
        return {"data": upload(a_pdf(), slot="plan")}
    return BODIES.get((method, below), {})


def _told(answer: TestResponse) -> dict[str, Any]:
    assert answer.json is not None
    return {name: value for name, value in answer.json.items() if name != "instance"}


def test_an_officer_registers_for_an_applicant(officer: Program, applicant: Program, world: World) -> None:
    post = {"channel": "post", "answers": {"name": "Thuyền điện"}}
    registered = officer.post("/applications", new(world, **post))
    refused = applicant.post("/applications", new(world, **post))
    portal = officer.post("/applications", new(world, channel="national_portal"))

    assert registered.json is not None
    assert (registered.status_code, registered.json["channel"]) == (201, "post")
    assert refused.status_code == 403
    assert codes(portal) == {"external_code": ["required"]}


def test_what_is_no_address_is_a_problem_too(applicant: Program) -> None:
    nowhere = applicant.get("/nowhere")
    otherwise = applicant.ask("DELETE", "/applications")

    assert (nowhere.status_code, nowhere.content_type) == (404, "application/problem+json")
    assert (otherwise.status_code, otherwise.content_type) == (405, "application/problem+json")
    assert {"GET", "POST"} <= set(otherwise.headers["Allow"].split(", "))

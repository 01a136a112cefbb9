"""Dossiers by program: opened, saved, listed and read under the rules of the pages."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from applications.engine import fire
from foundation import audit
from tests.accounts.factories import sign_in
from tests.applications.programs import Program, a_pdf, program_of, upload
from tests.applications.small_pack import World
from tests.applications.visits import queries_of


def new(world: World, **more: Any) -> dict[str, Any]:
    return {"procedure": "small-test", "organisation": world.organisation.code, **more}


def codes(answer: TestResponse) -> dict[str, list[str]]:
    """The error codes of a refusal by field."""
    assert answer.json is not None
    return {field: [error["code"] for error in errors] for field, errors in answer.json["errors"].items()}


def found(answer: TestResponse) -> list[str]:
    """The keys in a list."""
    assert answer.json is not None
    return [item["key"] for item in answer.json["items"]]


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


def test_answers_are_saved_over_the_version_that_was_read(applicant: Program, world: World) -> None:
    opened = applicant.post("/applications", new(world, answers={"name": "Một", "users": 1})).json
    assert opened is not None
    path, tag = f"/applications/{opened['key']}", f'"{opened["revision"]}"'

    saved = applicant.patch(path, {"answers": {"users": 2}}, headers={"If-Match": tag})
    stale = applicant.patch(path, {"answers": {"users": 3}}, headers={"If-Match": tag})
    taken_back = applicant.patch(path, {"answers": {"users": None}}, headers={"If-Match": saved.headers["ETag"]})

    assert saved.json is not None
    assert stale.json is not None
    assert taken_back.json is not None
    assert saved.json["answers"] == {"name": "Một", "users": 2}
    assert (stale.status_code, stale.json["code"]) == (412, "changed_meanwhile")
    assert [reason["code"] for reason in stale.json["reasons"]] == ["edited_meanwhile"]
    assert taken_back.json["answers"] == {"name": "Một"}


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        (None, 428),
        ("*", 200),
        ('"2", "7"', 200),
        ('W/"2"', 412),
        ('"7"', 412),
        ('""', 412),
        ("2", 200),
        ("nonsense;", 412),
    ],
)
def test_the_version_must_be_named(applicant: Program, world: World, tag: str | None, status: int) -> None:
    opened = applicant.post("/applications", new(world, answers={"name": "Một"})).json
    assert opened is not None
    assert opened["revision"] == 2

    answer = applicant.patch(
        f"/applications/{opened['key']}", {"answers": {"users": 2}}, headers={} if tag is None else {"If-Match": tag}
    )

    assert answer.status_code == status


def test_what_was_sent_can_no_longer_be_changed(applicant: Program, world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    world.session.commit()

    answer = applicant.patch(f"/applications/{application.key}", {"answers": {"users": 2}}, headers={"If-Match": "*"})

    assert answer.json is not None
    assert answer.status_code == 409
    assert [reason["code"] for reason in answer.json["reasons"]] == ["not_with_applicant"]


def test_answers_are_saved_one_by_one_whatever_happens_elsewhere(applicant: Program, world: World) -> None:
    opened = applicant.post("/applications", new(world, answers={"name": "Một", "users": 1})).json
    assert opened is not None
    path = f"/applications/{opened['key']}/answers"
    applicant.patch(path, {"answers": {"users": 2}, "revisions": {"users": opened["answer_revisions"]["users"]}})

    renamed = applicant.patch(
        path, {"answers": {"name": "Hai"}, "revisions": {"name": opened["answer_revisions"]["name"]}}
    )
    stale = applicant.patch(
        path,
        {"answers": {"users": 3, "level": "low"}, "revisions": {"users": opened["revision"], "level": 0}},
    )

    assert renamed.json is not None
    assert stale.json is not None
    assert renamed.json["answer_revisions"] == {"name": renamed.json["revision"]}
    assert stale.status_code == 409
    assert [(reason["code"], reason["facts"]["field"]) for reason in stale.json["reasons"]] == [
        ("answer_changed", "users")
    ]
    now = applicant.get(f"/applications/{opened['key']}").json
    assert now is not None
    assert now["answers"] == {"name": "Hai", "users": 2}


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({"answers": {"users": "x"}, "revisions": {"users": 0}}, "answers.users"),
        ({"answers": {"nothing": 1}, "revisions": {"nothing": 0}}, "answers.nothing"),
        ({"answers": {"users": 1}, "revisions": {}}, "revisions.users"),
        ({"answers": {"users": 1}, "revisions": {"users": "1"}}, "revisions.users"),
        ({"answers": {"users": 1}}, "revisions"),
    ],
)
def test_an_unsound_answer_is_refused_where_answers_are_saved_one_by_one(
    applicant: Program, world: World, sent: dict[str, Any], fault: str
) -> None:
    application = world.draft()
    world.session.commit()

    answer = applicant.patch(f"/applications/{application.key}/answers", sent)

    assert answer.json is not None
    assert (answer.status_code, list(answer.json["errors"])) == (422, [fault])


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


def test_the_list_holds_what_one_may_see_newest_first(
    applicant: Program, officer: Program, stranger: Program, world: World
) -> None:
    draft, sent = world.draft(), world.draft()
    fire(world.session, sent, "submit", actor=world.applicant)
    world.session.commit()

    assert found(applicant.get("/applications")) == [sent.key, draft.key]
    assert found(officer.get("/applications")) == [sent.key]
    assert found(stranger.get("/applications")) == []


def test_the_list_is_narrowed(applicant: Program, world: World) -> None:
    drone, boat = world.draft(name="Máy bay giao hàng"), world.draft(name="Thuyền điện")
    fire(world.session, boat, "submit", actor=world.applicant)
    world.session.commit()

    assert found(applicant.get("/applications?state=checking")) == [boat.key]
    assert found(applicant.get("/applications?state=checking&state=draft")) == [boat.key, drone.key]
    assert found(applicant.get("/applications?procedure=small-test&q=giao")) == [drone.key]
    assert found(applicant.get(f"/applications?q={boat.key.lower()}")) == [boat.key]
    assert found(applicant.get("/applications?procedure=other")) == []
    assert found(applicant.get("/applications?q=%25")) == []


def test_the_list_is_read_a_page_at_a_time(applicant: Program, world: World) -> None:
    keys = [world.draft().key for _ in range(5)]
    world.session.commit()

    first = applicant.get("/applications?limit=2&state=draft")
    link = first.headers["Link"].removeprefix("<").partition(">")[0]
    second = applicant.get(link)
    assert second.json is not None
    last = applicant.get(f"/applications?limit=2&cursor={second.json['next_cursor']}")

    assert first.headers["Link"].endswith('; rel="next"')
    assert "state=draft" in link
    assert [*found(first), *found(second), *found(last)] == keys[::-1]
    assert last.json is not None
    assert last.json["next_cursor"] is None
    assert "Link" not in last.headers


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("cursor=nonsense", "cursor"),
        ("cursor=WzFd%00", "cursor"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("q=%00", "q"),
        ("state=%00", "state.0"),
        ("colour=red", "colour"),
    ],
)
def test_a_wrong_question_is_refused(applicant: Program, query: str, field: str) -> None:
    answer = applicant.get(f"/applications?{query}")

    assert answer.status_code == 422
    assert set(codes(answer)) == {field}


def test_an_officer_registers_for_an_applicant(officer: Program, applicant: Program, world: World) -> None:
    post = {"channel": "post", "answers": {"name": "Thuyền điện"}}
    registered = officer.post("/applications", new(world, **post))
    refused = applicant.post("/applications", new(world, **post))
    portal = officer.post("/applications", new(world, channel="national_portal"))

    assert registered.json is not None
    assert (registered.status_code, registered.json["channel"]) == (201, "post")
    assert refused.status_code == 403
    assert codes(portal) == {"external_code": ["required"]}


def test_a_write_leaves_one_audit_row_in_its_transaction(applicant: Program, world: World) -> None:
    opened = applicant.post("/applications", new(world, answers={"users": 0}))

    assert opened.status_code == 422
    assert found(applicant.get("/applications")) == []

    key = (applicant.post("/applications", new(world)).json or {})["key"]
    case_id = next(e.subject_id for e in audit_of(world) if e.action == "applications:case:open")
    assert [e.action for e in audit.history(world.session, f"case:{case_id}")] == ["applications:case:open"]
    assert found(applicant.get("/applications")) == [key]


def audit_of(world: World) -> list[audit.AuditEntry]:
    return list(world.session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.id.desc())))


@pytest.mark.parametrize("who", ["applicant", "officer"])
def test_a_list_costs_as_many_queries_for_one_row_as_for_three(
    applicant: Program, officer: Program, world: World, who: str
) -> None:
    program = {"applicant": applicant, "officer": officer}[who]
    counts = []
    for more in (1, 2):
        for _ in range(more):
            fire(world.session, world.draft(), "submit", actor=world.applicant)
        world.session.commit()
        counts.append(queries_of(world.session, lambda: program.get("/applications")))

    assert counts[0] == counts[1]


def test_what_is_no_address_is_a_problem_too(applicant: Program) -> None:
    nowhere = applicant.get("/nowhere")
    otherwise = applicant.ask("DELETE", "/applications")

    assert (nowhere.status_code, nowhere.content_type) == (404, "application/problem+json")
    assert (otherwise.status_code, otherwise.content_type) == (405, "application/problem+json")
    assert {"GET", "POST"} <= set(otherwise.headers["Allow"].split(", "))

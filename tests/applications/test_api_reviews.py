"""Reviews by program: the file opens after the declaration, and what is wrong is told beside its criterion."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from applications.engine import fire
from applications.models import Application
from tests.accounts.factories import actor_for, make_person
from tests.applications.programs import Program, program_of
from tests.applications.small_pack import World

SOUND = {"novel": {"score": 4}, "safe": {"score": 5, "comment": "Đủ biện pháp"}}


@dataclass(frozen=True, slots=True)
class Asked:
    """A reviewer who was asked for a dossier."""

    application: Application
    case_officer: Program
    reviewer: Program
    person: Any
    path: str


@pytest.fixture
def asked(app: Flask, client: FlaskClient, world: World) -> Asked:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    person = make_person(world.session, grants=["reviewer"])
    reviewer = program_of(app, world.session, actor_for(world.session, person))
    case_officer = program_of(app, world.session, world.officer("case_officer"))
    answer = case_officer.post(f"/applications/{application.key}/reviewers", {"person": person.email.upper()})
    assert answer.json is not None
    assert answer.status_code == 201
    return Asked(application, case_officer, reviewer, person, f"/reviews/{answer.json['id']}")


def errors(answer: Any) -> dict[str, list[str]]:
    return {field: [error["code"] for error in found] for field, found in answer.json["errors"].items()}


def test_the_file_opens_after_the_declaration(asked: Asked) -> None:
    dossier = f"/applications/{asked.application.key}"
    before = asked.reviewer.get(dossier)
    scored_early = asked.reviewer.put(asked.path, {"scores": SOUND})

    declared = asked.reviewer.post(f"{asked.path}/declaration", {"has_conflict": False})
    after = asked.reviewer.get(dossier)

    assert (before.status_code, declared.status_code, after.status_code) == (404, 200, 200)
    assert scored_early.json is not None
    assert [reason["code"] for reason in scored_early.json["reasons"]] == ["declare_first"]
    assert asked.reviewer.post(f"{asked.path}/declaration", {"has_conflict": True}).status_code == 409


def test_a_conflict_ends_the_task(asked: Asked) -> None:
    unsaid = asked.reviewer.post(f"{asked.path}/declaration", {"has_conflict": True})
    declared = asked.reviewer.post(f"{asked.path}/declaration", {"has_conflict": True, "kind": "family"})
    again = asked.case_officer.post(f"/applications/{asked.application.key}/reviewers", {"person": asked.person.id})

    assert errors(unsaid) == {"kind": ["required"]}
    assert declared.status_code == 200
    assert asked.reviewer.get(asked.path).status_code == 404
    assert errors(again) == {"person": ["reviewer_has_conflict"]}


def test_a_review_is_written_and_handed_in(asked: Asked) -> None:
    asked.reviewer.post(f"{asked.path}/declaration", {"has_conflict": False})
    asked.reviewer.put(asked.path, {"scores": {"novel": {"score": 4}}, "summary": "Tốt"})
    incomplete = asked.reviewer.post(f"{asked.path}/submission")
    saved = asked.reviewer.put(asked.path, {"scores": {"safe": SOUND["safe"]}}).json
    submitted = asked.reviewer.post(f"{asked.path}/submission", {})
    late = asked.reviewer.put(asked.path, {"scores": SOUND})

    assert errors(incomplete) == {"scores.safe": ["required"]}
    assert saved is not None
    assert saved["summary"] == "Tốt"
    assert saved["scores"] == {
        "novel": {"score": 4, "comment": ""},
        "safe": {"score": 5, "comment": "Đủ biện pháp"},
    }
    assert submitted.json is not None
    assert submitted.json["submitted_at"] is not None
    assert late.status_code == 409


@pytest.mark.parametrize(
    ("scores", "field", "code"),
    [
        ({"novel": {"score": 6}}, "scores.novel", "off_the_scale"),
        ({"novel": {"score": "4"}}, "scores.novel.score", "not_a_number"),
        ({"novel": {"score": 2**70}}, "scores.novel.score", "not_a_number"),
        ({"novel": {}}, "scores.novel.score", "required"),
        ({"novel": 4}, "scores.novel", "not_an_object"),
        ({"novel": {"score": 4, "weight": 9}}, "scores.novel.weight", "no_such_field"),
        ({"beauty": {"score": 4}}, "scores.beauty", "no_such_field"),
        ([], "scores", "not_an_object"),
    ],
)
def test_an_unsound_score_is_refused(asked: Asked, scores: Any, field: str, code: str) -> None:
    asked.reviewer.post(f"{asked.path}/declaration", {"has_conflict": False})

    answer = asked.reviewer.put(asked.path, {"scores": scores})

    assert answer.status_code == 422
    assert errors(answer) == {field: [code]}


@pytest.mark.parametrize("person", [0, "nobody@vi-du.example", "", 2**70, True, None, [1]])
def test_whoever_is_no_reviewer_cannot_be_asked(asked: Asked, person: Any) -> None:
    answer = asked.case_officer.post(f"/applications/{asked.application.key}/reviewers", {"person": person})

    assert answer.status_code == 422
    assert set(errors(answer)) == {"person"}


def test_an_account_does_not_show_by_its_refusal(asked: Asked, world: World) -> None:
    at = f"/applications/{asked.application.key}/reviewers"
    known = asked.case_officer.post(at, {"person": world.people["auditor"].email})
    unknown = asked.case_officer.post(at, {"person": "khong.ai@vi-du.example"})

    assert errors(known) == errors(unknown) == {"person": ["no_reviewer_here"]}


def test_reviews_are_one_s_own(asked: Asked, applicant: Program) -> None:
    listed = asked.reviewer.get("/reviews").json
    others = asked.case_officer.get("/reviews").json

    assert listed is not None
    assert others is not None
    assert [(item["key"], item["submitted_at"]) for item in listed["items"]] == [(asked.application.key, None)]
    assert others["items"] == []
    for method, below in (("GET", ""), ("POST", "/declaration"), ("PUT", ""), ("POST", "/submission")):
        sent = {"POST/declaration": {"has_conflict": False}, "PUT": {"scores": {}}}.get(method + below, {})
        request = {} if method == "GET" else {"json": sent}
        assert asked.case_officer.ask(method, asked.path + below, **request).status_code == 404
    assert applicant.post(f"/applications/{asked.application.key}/reviewers", {"person": 1}).status_code == 403


def test_others_read_a_review_once_it_is_in(asked: Asked, applicant: Program, app: Flask, world: World) -> None:
    at = f"/applications/{asked.application.key}/reviews"
    second = make_person(world.session, grants=["reviewer"])
    other = program_of(app, world.session, actor_for(world.session, second))
    path = (asked.case_officer.post(f"{at[:-1]}ers", {"person": second.id}).json or {})["id"]
    other.post(f"/reviews/{path}/declaration", {"has_conflict": False})
    asked.reviewer.post(f"{asked.path}/declaration", {"has_conflict": False})
    asked.reviewer.put(asked.path, {"scores": SOUND, "summary": "Tốt"})

    waiting = items(asked.case_officer.get(at))
    asked.reviewer.post(f"{asked.path}/submission")
    given = items(asked.case_officer.get(at))

    assert [(review["scores"], review["weighted_percent"]) for review in waiting] == [({}, None), ({}, None)]
    assert [review["weighted_percent"] for review in given] == ["86.67", None]
    assert given[0]["summary"] == "Tốt"
    assert [review["id"] for review in items(other.get(at))] == [path]
    assert len(items(asked.reviewer.get(at))) == 1
    assert applicant.get(at).status_code == 403


def items(answer: TestResponse) -> list[Any]:
    assert answer.json is not None
    return list(answer.json["items"])

"""One key, one execution: repeated, at once, with another body, after a refusal."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from applications.engine import fire
from applications.models import Application, Case, Message
from tests.applications.programs import Program, program_of
from tests.applications.small_pack import World, make_world
from tests.databases import FreshDatabase

KEY = {"Idempotency-Key": "k-1"}


def new(world: World) -> dict[str, Any]:
    return {"procedure": "small-test", "organisation": world.organisation.code}


def count(session: Session, model: type[Any]) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_repeated_request_gets_the_same_answer(applicant: Program, world: World) -> None:
    first = applicant.post("/applications", new(world), headers=KEY)
    again = applicant.post("/applications", new(world), headers=KEY)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    assert [again.headers[name] for name in ("Location", "ETag", "Content-Type")] == [
        first.headers[name] for name in ("Location", "ETag", "Content-Type")
    ]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count(world.session, Case) == 1


def test_without_a_key_each_request_is_executed(applicant: Program, world: World) -> None:
    applicant.post("/applications", new(world))
    applicant.post("/applications", new(world))

    assert count(world.session, Case) == 2


def test_a_key_is_not_good_for_another_body_or_address(applicant: Program, world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    applicant.post("/applications", new(world), headers=KEY)

    body = applicant.post("/applications", new(world) | {"answers": {"users": 2}}, headers=KEY)
    address = applicant.post(f"/applications/{application.key}/messages", {"text": "Xin chào"}, headers=KEY)

    for answer in (body, address):
        assert answer.json is not None
        assert (answer.status_code, answer.json["code"]) == (422, "idempotency_key_reused")
    assert count(world.session, Message) == 0


def test_a_refusal_leaves_the_key_free(applicant: Program, world: World) -> None:
    draft = world.draft(name=None)
    world.session.commit()
    at = f"/applications/{draft.key}"

    refused = applicant.post(f"{at}/steps/submit", headers=KEY)
    applicant.patch(at, {"answers": {"name": "Máy bay"}}, headers={"If-Match": "*"})
    made = applicant.post(f"{at}/steps/submit", headers=KEY)
    again = applicant.post(f"{at}/steps/submit", headers=KEY)

    assert (refused.status_code, made.status_code, again.status_code) == (409, 200, 200)
    assert made.json == again.json


def test_two_programs_do_not_share_keys(applicant: Program, officer: Program, world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    world.session.commit()
    at = f"/applications/{application.key}/messages"

    first = applicant.post(at, {"text": "Xin chào"}, headers=KEY)
    second = officer.post(at, {"text": "Xin chào"}, headers=KEY)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json != second.json


@pytest.mark.parametrize("key", ["", "a b", "x" * 256])
def test_a_malformed_key_is_refused(applicant: Program, world: World, key: str) -> None:
    answer = applicant.post("/applications", new(world), headers={"Idempotency-Key": key})

    assert answer.json is not None
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"Idempotency-Key"}


def test_at_once_it_is_executed_once(fresh_database: FreshDatabase) -> None:
    with fresh_database.session() as session:
        world = make_world(session)
        program = program_of(fresh_database.app, session, world.applicant)
        session.commit()
        sent = new(world)

    answers = at_once(fresh_database.app, program, sent, times=4)

    with fresh_database.session() as session:
        assert count(session, Application) == 1
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.data for answer in answers}) == 1
    assert sorted(answer.headers.get("Idempotency-Replayed", "") for answer in answers) == ["", "true", "true", "true"]


def at_once(app: Flask, program: Program, sent: dict[str, Any], *, times: int) -> list[TestResponse]:
    together = threading.Barrier(times)

    def ask(_: int) -> TestResponse:
        together.wait()
        return program.post("/applications", sent, headers=KEY)

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(ask, range(times)))

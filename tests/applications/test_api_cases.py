"""Dossiers by program: opened, saved, listed and read under the rules of the pages."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy.engine import Connection

from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.programs import Program, program_of
from tests.applications.small_pack import World


@pytest.fixture
def applicant(app: Flask, connection: Connection, world: World) -> Program:
    return program_of(app, world.session, world.applicant)


@pytest.fixture
def stranger(app: Flask, world: World) -> Program:
    person = make_person(world.session, organisation=make_organisation(world.session))
    return program_of(app, world.session, actor_for(world.session, person))


def new(world: World, **more: Any) -> dict[str, Any]:
    return {"procedure": "small-test", "organisation": world.organisation.code, **more}


def test_a_draft_is_opened_with_its_answers(applicant: Program, world: World) -> None:
    answer = applicant.post("/applications", new(world, answers={"name": "Máy bay", "users": 7}))

    assert answer.status_code == 201
    assert answer.json is not None
    assert answer.json["answers"] == {"name": "Máy bay", "users": 7}
    assert (answer.json["state"], answer.json["title"]) == ("draft", "Máy bay")
    assert answer.headers["ETag"] == f'"{answer.json["revision"]}"'
    assert applicant.get(answer.headers["Location"]).json == answer.json


def test_without_a_token_nothing_is_told(app: Flask, connection: Connection, world: World) -> None:
    answer = Program(app).get("/applications")

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == "Bearer"

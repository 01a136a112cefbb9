"""Parks and spaces as programs see them: what is free, who is given it, and who may know."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from parks.operations.allocations import hold_space, let_space
from parks.operations.spaces import set_condition
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.programs import Program, program_of
from tests.databases import FreshDatabase
from tests.parks.grounds import make_park, wanted

ASKED = {"starts_on": "2090-04-01", "ends_on": "2091-03-31", "holder": "Công ty A"}


def runner_of(app: Flask, session: Session, park: str | None = "P1") -> Program:
    person = make_person(session, grants=[{"role": "park_administrator", "scope_park": park}])
    return program_of(app, session, actor_for(session, person))


@pytest.fixture
def runner(app: Flask, client: FlaskClient, session: Session) -> Program:
    make_park(session)
    return runner_of(app, session)


def spaces(program: Program, **asked: str) -> dict[str, Any]:
    answer = program.get("/parks/P1/spaces", query_string=asked)
    assert answer.status_code == 200, answer.text
    return {one["code"]: one for one in answer.get_json()["items"]}


def test_everybody_sees_parks_and_what_is_free(app: Flask, runner: Program, session: Session) -> None:
    let_space(session, "P1-U1", wanted("2020-01-01", "2090-03-31"), actor=SYSTEM)
    let_space(session, "P1-L", wanted("2020-01-01", "2090-03-31", 700), actor=SYSTEM)
    set_condition(session, "P1-U3", "blocked", actor=SYSTEM)
    hold_space(session, "P1-U2", wanted("2090-01-01", "2090-12-31"), actor=SYSTEM)
    session.commit()

    anybody = Program(app)
    parks = anybody.get("/parks").get_json()["items"]
    found = spaces(anybody)

    assert [(park["code"], park["operator"]["kind"]) for park in parks] == [("P1", "public_board")]
    assert {code: (one["status"], one["free_m2"]) for code, one in found.items()} == {
        "P1-L": ("available", "300"),
        "P1-U1": ("leased", "0"),
        "P1-U2": ("held", "0"),
        "P1-U3": ("blocked", "120"),
        "P1-U4": ("available", "120"),
    }
    assert found["P1-U1"]["taken_until"] == "2090-03-31"
    assert "Công ty A" not in anybody.get("/spaces/P1-U1").text
    assert anybody.get("/spaces/P1-U1/allocations").status_code == 401


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"status": "available"}, ["P1-L", "P1-U2", "P1-U3", "P1-U4"]),
        ({"status": "leased"}, ["P1-U1"]),
        ({"use": "production"}, ["P1-L"]),
        ({"min_m2": "300", "status": "available"}, ["P1-L"]),
        ({"min_m2": "300.01", "status": "available"}, []),
        ({"min_m2": "120.5"}, ["P1-L"]),
        ({"kind": "floor"}, ["P1-H1", "P1-H2"]),
        ({"within": "P1-H2"}, ["P1-U3", "P1-U4"]),
        ({"on": "2019-12-31"}, []),
        ({"on": "2091-01-01", "status": "leased"}, []),
    ],
)
def test_spaces_are_found_by_what_is_asked(
    app: Flask, runner: Program, session: Session, asked: dict[str, str], codes: list[str]
) -> None:
    let_space(session, "P1-U1", wanted("2020-01-01", "2090-03-31"), actor=SYSTEM)
    let_space(session, "P1-L", wanted("2020-01-01", "2090-03-31", 700), actor=SYSTEM)
    session.commit()
    assert list(spaces(Program(app), **asked)) == codes


@pytest.mark.parametrize(
    ("field", "text"),
    [("status", "free"), ("use", "x"), ("min_m2", "-1"), ("min_m2", "0"), ("limit", "0"), ("on", "1")],
)
def test_a_wrong_question_is_told_by_field(app: Flask, runner: Program, field: str, text: str) -> None:
    answer = Program(app).get("/parks/P1/spaces", query_string={field: text})
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


def test_pages_follow_one_another_by_code(app: Flask, runner: Program) -> None:
    first = Program(app).get("/parks/P1/spaces?limit=2")
    second = Program(app).get(first.headers["Link"].split(">")[0].strip("<")).get_json()
    assert [one["code"] for one in first.get_json()["items"] + second["items"]] == ["P1-L", "P1-U1", "P1-U2", "P1-U3"]


def test_a_hold_is_made_by_who_runs_the_park_and_seen_by_nobody_else(
    app: Flask, runner: Program, session: Session
) -> None:
    organisation = make_organisation(session)
    sent = ASKED | {"organisation": organisation.code}
    del sent["holder"]
    session.commit()
    stranger = runner_of(app, session, "P2")

    held = runner.post("/spaces/P1-U1/holds", sent)

    assert held.status_code == 201, held.text
    told = held.get_json()
    assert (told["kind"], told["ends_on"], told["area_m2"], told["is_live"]) == ("hold", "2091-03-31", "120", True)
    assert told["holder"] == organisation.name_vi
    assert [one["key"] for one in runner.get("/spaces/P1-U1/allocations").get_json()["items"]] == [told["key"]]
    assert stranger.get("/spaces/P1-U1/allocations").status_code == 403
    assert stranger.post("/spaces/P1-U2/holds", ASKED).status_code == 403
    assert stranger.post(f"/allocations/{told['key']}/release", {}).status_code == 403
    assert Program(app).post("/spaces/P1-U2/holds", ASKED).status_code in (401, 403)


def test_a_taken_space_answers_409_with_what_is_free(runner: Program) -> None:
    sent = ASKED | {"area_m2": "700.00"}
    assert runner.post("/spaces/P1-L/holds", sent).status_code == 201
    refused = runner.post("/spaces/P1-L/holds", sent)
    assert refused.status_code == 409
    assert refused.get_json()["reasons"][0]["code"] == "space_taken"
    assert refused.get_json()["reasons"][0]["facts"] == {"free_m2": "300.00", "full_on": "2090-04-01"}
    assert runner.post("/spaces/P1-L/holds", ASKED | {"area_m2": "300"}).status_code == 201


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends_on": "2090-03-31"}, "ends_on"),
        ({"area_m2": "0"}, "area_m2"),
        ({"area_m2": "1.005"}, "area_m2"),
        ({"area_m2": 5}, "area_m2"),
        ({"holder": ""}, "holder"),
        ({"organisation": "TC-999999"}, "organisation"),
        ({"starts_on": "2090-02-30"}, "starts_on"),
    ],
)
def test_what_cannot_be_wanted_is_told_by_field(runner: Program, change: dict[str, Any], field: str) -> None:
    answer = runner.post("/spaces/P1-L/holds", ASKED | change)
    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


def test_a_hold_is_reserved_and_released(runner: Program, session: Session) -> None:
    key = runner.post("/spaces/P1-U1/holds", ASKED).get_json()["key"]
    reserved = runner.post(f"/allocations/{key}/reservation", {"deposit_vnd": 50_000_000}).get_json()
    assert (reserved["kind"], reserved["deposit_vnd"]) == ("reservation", 50_000_000)
    released = runner.post(f"/allocations/{key}/release", {"reason": "refused"}).get_json()
    assert (released["is_live"], released["release_reason"]) == (False, "refused")
    assert runner.post(f"/allocations/{key}/reservation", {"deposit_vnd": 1}).status_code == 409
    let = let_space(session, "P1-U1", wanted("2090-04-01", "2091-03-31"), actor=SYSTEM)
    session.commit()
    assert runner.post(f"/allocations/{let.key}/release", {}).status_code == 409
    assert runner.post("/allocations/GC-999999/release", {}).status_code == 404


def test_of_two_who_ask_at_once_one_gets_the_space_and_the_other_409(fresh_database: FreshDatabase) -> None:
    app = fresh_database.app
    with app.app_context(), Session(fresh_database.engine) as session:
        make_park(session)
        programs = [runner_of(app, session), runner_of(app, session)]
        session.commit()
    start = Barrier(2)

    def ask(program: Program) -> int:
        start.wait(timeout=20)
        return program.post("/spaces/P1-U1/holds", ASKED).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, programs)) == [201, 409]

"""Steps, clock and trail by program: the engine's own answers, told to programs."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from applications.engine import fire
from applications.models import Application
from foundation.actors import SYSTEM
from foundation.audit import append
from foundation.auditarchive import archive_before
from foundation.auditmonths import month_of
from foundation.database import as_of, now
from foundation.workdays import local_date
from tests.applications.programs import Program, program_of
from tests.applications.small_pack import World
from tests.applications.visits import queries_of


def submitted(world: World, **answers: Any) -> Application:
    application = world.draft(**answers)
    fire(world.session, application, "submit", actor=world.applicant)
    world.session.commit()
    return application


def program(app: Flask, world: World, role: str) -> Program:
    return program_of(app, world.session, world.officer(role))


def codes(answer: TestResponse) -> list[str]:
    assert answer.json is not None
    return [reason["code"] for reason in answer.json["reasons"]]


def test_a_step_answers_with_where_the_dossier_stands(officer: Program, world: World) -> None:
    application = submitted(world)

    answer = officer.post(f"/applications/{application.key}/steps/accept", {"data": {}})

    assert answer.json is not None
    assert answer.status_code == 200
    assert (answer.json["step"], answer.json["from_state"], answer.json["state"]) == ("accept", "checking", "working")
    assert answer.json["code"] == f"999.00.00.H26-{local_date(now()):%y%m%d}-0001"
    assert answer.json["due_on"] > local_date(now()).isoformat()
    assert answer.headers["ETag"] == f'"{answer.json["revision"]}"'


def test_a_step_needs_no_body_when_it_asks_nothing(officer: Program, world: World) -> None:
    assert officer.post(f"/applications/{submitted(world).key}/steps/accept").status_code == 200


def test_refusals_of_the_engine_are_told_with_codes(applicant: Program, officer: Program, world: World) -> None:
    application, draft = submitted(world), world.draft(name=None, level="high")
    world.session.commit()
    at = f"/applications/{application.key}/steps"

    not_theirs = applicant.post(f"{at}/accept")
    unknown = officer.post(f"{at}/explode")
    unasked = officer.post(f"{at}/request_supplement", {"data": {"more": 1}})
    too_late = officer.post(f"{at}/accept", headers={"If-Match": '"1"'})
    incomplete = applicant.post(f"/applications/{draft.key}/steps/submit")

    assert (not_theirs.status_code, unknown.status_code) == (403, 404)
    assert unasked.json is not None
    assert set(unasked.json["errors"]) == {"data.missing", "data.more"}
    assert (too_late.status_code, codes(too_late)) == (412, ["edited_meanwhile"])
    assert (incomplete.status_code, codes(incomplete)) == (409, ["answers_incomplete", "documents_missing"])
    assert incomplete.json is not None
    assert incomplete.json["reasons"][0]["facts"] == {"count": 1, "fields": ["name"]}
    world.session.refresh(application)
    assert application.state == "checking"


def test_a_step_from_another_state_is_blocked(officer: Program, world: World) -> None:
    application = submitted(world)
    at = f"/applications/{application.key}/steps/accept"
    officer.post(at)

    again = officer.post(at)

    assert (again.status_code, codes(again)) == (409, ["not_from_this_state"])


def test_the_steps_on_offer_say_what_stands_against_them(applicant: Program, officer: Program, world: World) -> None:
    draft = world.draft(name=None)
    application = submitted(world)
    world.session.commit()

    mine = applicant.get(f"/applications/{draft.key}/steps").json
    theirs = officer.get(f"/applications/{application.key}/steps").json

    assert mine is not None
    assert theirs is not None
    (submit,) = mine["items"]
    assert (submit["step"], submit["is_possible"]) == ("submit", False)
    assert [reason["code"] for reason in submit["reasons"]] == ["answers_incomplete"]
    assert {offer["step"]: offer["is_possible"] for offer in theirs["items"]} == {
        "request_supplement": True,
        "accept": True,
    }
    (asked,) = theirs["items"][0]["asks"]
    assert (asked["key"], asked["schema"]["type"]) == ("missing", "string")


def test_the_clock_is_told_run_by_run(app: Flask, applicant: Program, officer: Program, world: World) -> None:
    application = submitted(world)
    officer.post(f"/applications/{application.key}/steps/accept")
    holder = program(app, world, "case_officer")
    holder.post(f"/applications/{application.key}/steps/hold")

    paused = applicant.get(f"/applications/{application.key}/clock").json
    holder.post(f"/applications/{application.key}/steps/go_on")
    running = applicant.get(f"/applications/{application.key}/clock").json

    assert paused is not None
    assert running is not None
    assert paused["due_on"] is None
    assert [run["status"] for run in paused["runs"] if run["clock"] == "processing"] == ["paused"]
    (run,) = [run for run in running["runs"] if run["clock"] == "processing"]
    assert [(part["kind"], part["step"]) for part in run["intervals"]] == [
        ("run", "accept"),
        ("pause", "hold"),
        ("run", "go_on"),
    ]
    assert run["length"] == {"amount": 15, "unit": "working_days"}
    assert running["due_on"] == run["due_on"]
    assert not running["is_late"]


def test_the_trail_is_for_the_authority_alone(app: Flask, applicant: Program, officer: Program, world: World) -> None:
    application = submitted(world)
    at = f"/applications/{application.key}/audit"

    chain = program(app, world, "auditor").get(f"{at}?limit=1").json
    assert chain is not None
    rest = officer.get(f"{at}?cursor={chain['next_cursor']}").json

    assert rest is not None
    assert applicant.get(at).status_code == 403
    assert [entry["seq"] for entry in chain["items"]] == [1]
    assert [entry["action"] for entry in rest["items"]] == ["applications:case:move"]
    assert rest["items"][0]["prev_hash"] == chain["items"][0]["hash"]
    assert rest["items"][0]["title"]
    assert (chain["archived"], rest["archived"]) == (0, None)


def test_the_trail_says_how_many_of_its_entries_are_archived(app: Flask, world: World, tmp_path: Path) -> None:
    with as_of(now() - timedelta(days=62)):
        old, older = submitted(world), submitted(world)
    append(world.session, old.stream, actor=SYSTEM, action="foundation:field:reveal")
    auditor = program(app, world, "auditor")

    list(archive_before(world.session, month_of(now()), tmp_path))
    chains = [auditor.get(f"/applications/{application.key}/audit").json for application in (old, older)]

    told = [(chain["archived"], [entry["seq"] for entry in chain["items"]]) for chain in chains if chain]
    assert told == [(2, [3]), (2, [])]


def test_events_tell_each_side_what_it_may_know(app: Flask, applicant: Program, officer: Program, world: World) -> None:
    application = submitted(world)
    officer.post(f"/applications/{application.key}/steps/accept")
    drafter = program(app, world, "decision_drafter")
    drafter.post(f"/applications/{application.key}/steps/draft_decision", {"data": {"outcome": "permit"}})

    inside = officer.get(f"/applications/{application.key}/events").json
    outside = applicant.get(f"/applications/{application.key}/events").json

    assert inside is not None
    assert outside is not None
    assert inside["items"][-1]["data"] == {"outcome": "permit"}
    assert "permit" not in str(outside["items"])


def test_messages_go_both_ways(applicant: Program, officer: Program, stranger: Program, world: World) -> None:
    at = f"/applications/{submitted(world).key}/messages"

    asked = applicant.post(at, {"text": "Bao giờ có kết quả?"})
    answered = officer.post(at, {"text": "Trong tuần này."})
    listed = applicant.get(at).json

    assert (asked.status_code, answered.status_code) == (201, 201)
    assert listed is not None
    assert [(m["text"], m["is_from_applicant"]) for m in listed["items"]] == [
        ("Bao giờ có kết quả?", True),
        ("Trong tuần này.", False),
    ]
    assert applicant.post(at, {"text": " "}).status_code == 422
    assert applicant.post(at, {"text": "x" * 5001}).status_code == 422
    assert stranger.get(at).status_code == 404


@pytest.mark.parametrize("below", ["steps", "events", "clock", "messages"])
def test_reading_costs_a_fixed_number_of_queries(applicant: Program, world: World, below: str) -> None:
    application = submitted(world)
    path = f"/applications/{application.key}/{below}"
    before = queries_of(world.session, lambda: applicant.get(path))
    for _ in range(3):
        applicant.post(f"/applications/{application.key}/messages", {"text": "Xin chào"})
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    for step in ("hold", "go_on", "hold", "go_on"):
        fire(world.session, application, step, actor=world.officer("case_officer"))
    world.session.commit()

    assert queries_of(world.session, lambda: applicant.get(path)) <= before + 1

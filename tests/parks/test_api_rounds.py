"""Rounds as programs see them: published, applied to, proposed with why not, decided otherwise and decided."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from foundation.database import as_of, now
from foundation.workdays import local_date
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.programs import Program, program_of
from tests.parks.grounds import make_park

TODAY = local_date(now())
WORDS = {"vi": "Đợt 1", "en": "Round 1", "fr": "Tour 1"}
ROUND: dict[str, Any] = {
    "title": WORDS,
    "closes_on": str(TODAY + timedelta(days=5)),
    "starts_on": str(TODAY + timedelta(days=60)),
    "ends_on": str(TODAY + timedelta(days=400)),
    "criteria": [{"code": "plan", "title": WORDS, "weight": 3, "most_points": 10}],
    "quotas": [{"dimension": "size", "value": "large", "most_spaces": 1}],
    "spaces": [{"code": "P1-U1"}, {"code": "P1-U2", "kept_for": "small"}],
}


@pytest.fixture
def runner(app: Flask, client: FlaskClient, session: Session) -> Program:
    make_park(session)
    person = make_person(session, grants=[{"role": "park_administrator", "scope_park": "P1"}])
    return program_of(app, session, actor_for(session, person))


def firm_of(app: Flask, session: Session) -> tuple[Program, str]:
    firm = make_organisation(session)
    return program_of(app, session, actor_for(session, make_person(session, organisation=firm))), firm.code


def wish(code: str, *spaces: str, **change: Any) -> dict[str, Any]:
    plain = {"organisation": code, "size": "small", "sector": "ai", "preferences": list(spaces), "least_m2": "50"}
    return plain | change


def test_a_round_from_publication_to_the_accepted_offer(app: Flask, session: Session, runner: Program) -> None:
    key = runner.post("/parks/P1/rounds", json=ROUND).get_json()["key"]
    (first, one), (second, two) = firm_of(app, session), firm_of(app, session)
    assert first.post(f"/rounds/{key}/applications", json=wish(one, "P1-U1", "P1-U2")).status_code == 201
    assert second.post(f"/rounds/{key}/applications", json=wish(two, "P1-U1")).status_code == 201
    anybody = Program(app)
    assert [row["key"] for row in anybody.get("/rounds").get_json()["items"]] == [key]
    assert anybody.get(f"/rounds/{key}").get_json()["list"] is None
    assert anybody.get(f"/rounds/{key}/proposal").status_code == 401
    assert first.get(f"/rounds/{key}/proposal").status_code == 403

    firms = {row["name"]: row["firm"] for row in runner.get(f"/rounds/{key}/proposal").get_json()["firms"]}
    for number, firm in enumerate(firms.values()):
        sent = {"points": [{"code": "plan", "points": 9 - number}]}
        proposal = runner.put(f"/rounds/{key}/firms/{firm}/points", sent).get_json()
    loser = proposal["firms"][1]
    assert loser["why"] == [
        {"space": "P1-U1", "outcome": "taken", "misfits": [], "holder": proposal["firms"][0]["name"]}
    ]
    otherwise = {"space": "P1-U1", "reason": "Nhiệm vụ cấp bách của Thành phố."}
    tried = runner.put(f"/rounds/{key}/firms/{loser['firm']}/override", otherwise).get_json()
    assert [one["space"] for one in tried["complaints"]] == ["P1-U1"]

    with as_of(now() + timedelta(days=6)):
        unseen = runner.post(f"/rounds/{key}/decision", json={})
        decided = runner.post(f"/rounds/{key}/decision", json={"complaints_seen": 1}).get_json()
    assert (unseen.status_code, unseen.get_json()["reasons"][0]["code"]) == (409, "round_breach_unseen")
    listed = {row["firm"]: (row["space"], row["override_reason"]) for row in decided["list"]}
    assert listed[loser["firm"]] == ("P1-U1", otherwise["reason"])


def test_what_is_wrong_is_named(app: Flask, session: Session, runner: Program) -> None:
    firm, code = firm_of(app, session)
    assert firm.post("/parks/P1/rounds", json=ROUND).status_code == 403
    published = runner.post("/parks/P1/rounds", json=ROUND)
    key = published.get_json()["key"]
    again = runner.post("/parks/P1/rounds", json=ROUND)
    wrong = runner.post("/parks/P1/rounds", json=ROUND | {"ends_on": str(TODAY)})
    unknown = firm.post(f"/rounds/{key}/applications", json=wish(code, "P1-U4"))
    foreign = firm.post(f"/rounds/{key}/applications", json=wish(make_organisation(session).code, "P1-U1"))
    without = firm.post(f"/rounds/{key}/applications", json=wish(code, "P1-U1", admission="XN-1"))
    held = runner.post(
        "/spaces/P1-U1/holds", json={"starts_on": ROUND["starts_on"], "ends_on": ROUND["ends_on"], "holder": "A"}
    )

    assert (again.status_code, again.get_json()["reasons"][0]["code"]) == (409, "round_spaces_taken")
    answers = [answer.status_code for answer in (wrong, unknown, foreign, without)]
    assert answers == [422, 422, 403, 422]
    assert (held.status_code, held.get_json()["reasons"][0]["code"]) == (409, "space_in_round")
    assert firm.post("/offers/DN-1/answer", json={"accepts": True}).status_code == 404


def test_an_override_is_taken_back(app: Flask, session: Session, runner: Program) -> None:
    key = runner.post("/parks/P1/rounds", json=ROUND).get_json()["key"]
    firm, code = firm_of(app, session)
    entered = firm.post(f"/rounds/{key}/applications", json=wish(code, "P1-U1")).get_json()["key"]
    address = f"/rounds/{key}/firms/{entered}/override"

    runner.put(address, {"reason": "Doanh nghiệp đang bị xử lý vi phạm."})
    held_back = runner.get(f"/rounds/{key}/proposal").get_json()["firms"][0]
    given_back = runner.ask("DELETE", address).get_json()["firms"][0]

    assert (held_back["space"], held_back["why"][0]["outcome"]) == (None, "withheld")
    assert (given_back["space"], given_back["override_reason"]) == ("P1-U1", None)
    assert runner.ask("DELETE", address).status_code == 404

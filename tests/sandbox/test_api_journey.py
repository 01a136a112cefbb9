"""The controlled test by program alone: from the draft to the issued permit, with nothing but tokens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from accounts.places import ensure_units, ensure_wards
from applications.packs.catalogue import pack_files, publish_files
from applications.packs.model import Pack
from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from foundation.database import now
from foundation.workdays import local_date
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.answering import complete, complete_dossier
from tests.applications.programs import Program, a_pdf, program_of, upload

PANEL = ("panel_member", "panel_chair")
STAFF = ("intake_officer", "case_officer", "panel_secretary", *PANEL, "decision_drafter", "issuer", "auditor")
REVIEWERS = ("reviewer_1", "reviewer_2")
PERMIT = {
    "number": "512/QĐ-UBND",
    "period": {"from": "2027-01-01", "to": "2027-12-31"},
    "disapplied_provisions": [
        {
            "rule": "Nghị định mẫu",
            "article": "Điều 5",
            "content": "Điều kiện kinh doanh",
            "from_on": "2027-01-01",
            "to_on": "2027-12-31",
            "reason": "Chưa có quy định phù hợp",
        }
    ],
}


@dataclass
class Play:
    """A dossier and the programs of its people."""

    pack: Pack
    programs: Mapping[str, Program]
    people: Mapping[str, Any]
    key: str = ""

    @property
    def at(self) -> str:
        return f"/applications/{self.key}"

    def ask(self, who: str, method: str, path: str, status: int, **request: Any) -> Any:
        """The JSON of an answer that must have this status."""
        answer = self.programs[who].ask(method, path, **request)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json

    def step(self, key: str, who: str, **given: Any) -> Any:
        """Make a step with everything that it asks answered."""
        asks = self.pack.step_by_key[key].asks
        data = complete(asks, given)
        for spec in asks:
            if spec.type == "file" and spec.required:
                place = upload(a_pdf(), step=key, field=spec.key)
                data[spec.key] = self.ask(who, "POST", f"{self.at}/documents", 201, data=place)["id"]
        return self.ask(who, "POST", f"{self.at}/steps/{key}", 200, json={"data": data})

    def review(self, reviewer: str) -> None:
        """Be asked, declare, score, submit."""
        person = self.people[reviewer]
        asked = {"person": person.email if reviewer == "reviewer_1" else person.id}
        at = f"/reviews/{self.ask('case_officer', 'POST', f'{self.at}/reviewers', 201, json=asked)['id']}"
        self.ask(reviewer, "GET", self.at, 404)
        rubric = self.ask(reviewer, "POST", f"{at}/declaration", 200, json={"has_conflict": False})["rubric"]
        self.ask(reviewer, "GET", self.at, 200)
        scores = {criterion["key"]: {"score": 4, "comment": "Khả thi"} for criterion in rubric["criteria"]}
        self.ask(reviewer, "PUT", at, 200, json={"scores": scores})
        self.ask(reviewer, "POST", f"{at}/submission", 200)


@pytest.fixture
def play(app: Flask, connection: Connection, session: Session) -> Play:
    ensure_wards(session)
    ensure_units(session)
    ensure_calendars(session, actor=SYSTEM)
    published = publish_files(session, pack_files(), actor=SYSTEM)
    organisation = make_organisation(session)
    people = {"applicant": make_person(session, organisation=organisation)}
    people |= {role: make_person(session, grants=[role]) for role in STAFF}
    people |= {name: make_person(session, grants=["reviewer"]) for name in REVIEWERS}
    programs = {name: program_of(app, session, actor_for(session, person)) for name, person in people.items()}
    pack = next(entry.pack for entry in published if entry.pack.code == "controlled-test")
    return Play(pack, programs, {**people, "organisation": organisation})


def draft(play: Play) -> None:
    asked = {"procedure": "controlled-test", "organisation": play.people["organisation"].code}
    opened = play.ask("applicant", "POST", "/applications", 201, json=asked)
    play.key = opened["key"]
    answers = complete_dossier(play.pack)
    version = {"If-Match": f'"{opened["revision"]}"'}
    play.ask("applicant", "PATCH", play.at, 200, json={"answers": answers}, headers=version)
    for spec in play.pack.documents:
        if spec.required and (spec.when is None or spec.when.holds(answers)):
            play.ask("applicant", "POST", f"{play.at}/documents", 201, data=upload(a_pdf(), slot=spec.key))


def test_from_draft_to_permit(play: Play) -> None:
    draft(play)
    submitted = play.step("submit", "applicant")
    accepted = play.step("accept", "intake_officer")
    play.step("assign_holder", "case_officer", holder=play.people["case_officer"].id)
    play.step("record_eligibility", "case_officer")
    for reviewer in REVIEWERS:
        play.review(reviewer)
    play.step("open_review", "case_officer")
    play.step("close_review", "case_officer")
    play.step("convene_panel", "panel_secretary", meeting_on=local_date(now()).isoformat(), seats=3)
    for member in PANEL:
        play.step("give_opinion", member, opinion="for")
    play.step("conclude_panel", "panel_chair", recommendation="permit")
    play.step("draft_decision", "decision_drafter", outcome="permit")
    issued = play.step("issue_permit", "issuer", **PERMIT)

    dossier = play.ask("applicant", "GET", play.at, 200)
    assert submitted["receipt_number"].startswith("BN-")
    assert accepted["due_on"] is not None
    assert accepted["code"] == issued["code"] == dossier["code"]
    assert (issued["state"], issued["state_kind"], issued["due_on"]) == ("permitted", "final", None)
    assert (dossier["decision"]["outcome"], dossier["decision"]["number"]) == ("granted", "512/QĐ-UBND")


def test_the_decision_can_be_fetched_and_proved(play: Play) -> None:
    test_from_draft_to_permit(play)

    dossier = play.ask("applicant", "GET", play.at, 200)
    events = play.ask("applicant", "GET", f"{play.at}/events", 200)["items"]
    original = play.programs["applicant"].get(f"{play.at}/documents/{dossier['decision']['document_id']}")
    letter = play.programs["applicant"].get(f"{play.at}/letters/{events[-1]['letters'][0]}")
    chain = play.ask("auditor", "GET", f"{play.at}/audit?limit=100", 200)["items"]
    ledger = play.ask("applicant", "GET", f"{play.at}/clock", 200)
    play.ask("applicant", "GET", f"{play.at}/audit", 403)
    play.ask("reviewer_1", "GET", f"{play.at}/messages", 403)

    assert original.data == a_pdf().getvalue()
    assert letter.data.startswith(b"%PDF")
    assert [entry["prev_hash"] for entry in chain[1:]] == [entry["hash"] for entry in chain[:-1]]
    assert {run["status"] for run in ledger["runs"]} <= {"stopped", "restarted"}
    assert "record_eligibility" not in {event["step"] for event in events}

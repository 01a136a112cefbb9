"""The controlled test from draft to decision, on the real pack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from accounts.places import ensure_units, ensure_wards
from applications.clockwork import runs_of
from applications.engine import fire
from applications.models import Application, Decision, Document, Letter, ReviewAssignment
from applications.operations.documents import Arrival, add_document, add_step_file
from applications.operations.drafts import create_draft, save_answers
from applications.operations.reviews import Score, assign_reviewer, declare_conflict, save_review, submit_review
from applications.packs.catalogue import pack_files, pack_of_version, publish_files
from applications.packs.model import Pack
from foundation import audit
from foundation.actors import SYSTEM, Actor
from foundation.calendars import ensure_calendars
from foundation.errors import Blocked, Invalid, NotAllowed
from sandbox.models import TestRegulation
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.answering import complete, complete_dossier

REVIEWERS = ("reviewer_1", "reviewer_2")
ROLES = ("intake_officer", "case_officer", "decision_drafter", "issuer")
PDF = Arrival("ban-goc.pdf", "a" * 64, 1200, "application/pdf", 1)


@dataclass
class Play:
    """One controlled test and its people."""

    session: Session
    pack: Pack
    application: Application
    organisation: Organisation
    actors: dict[str, Actor]

    def step(self, key: str, who: str, given: Mapping[str, Any] | None = None) -> None:
        """Make a step with everything it asks answered."""
        asks = self.pack.step_by_key[key].asks
        answers = complete(asks, given or {})
        for spec in asks:
            if spec.type == "file" and spec.required:
                answers[spec.key] = add_step_file(
                    self.session, self.application, key, spec, PDF, actor=self.actors[who]
                ).id
        fire(self.session, self.application, key, actor=self.actors[who], data=answers)

    def complete(self, **given: Any) -> None:
        """Fill in the dossier and its documents."""
        answers = complete_dossier(self.pack, **given)
        save_answers(self.session, self.application, answers, actor=self.actors["applicant"])
        for spec in self.pack.documents:
            if spec.required and (spec.when is None or spec.when.holds(answers)):
                add_document(self.session, self.application, spec.key, PDF, actor=self.actors["applicant"])

    def assign(self) -> None:
        """Ask two reviewers."""
        officer = self.actors["case_officer"]
        for name in REVIEWERS:
            assign_reviewer(self.session, self.application, self.actors[name], actor=officer)

    def review(self) -> None:
        """Both declare, score and submit."""
        assert self.pack.rubric is not None
        tasks = select(ReviewAssignment).where(ReviewAssignment.case_id == self.application.id)
        for assignment in self.session.scalars(tasks.order_by(ReviewAssignment.id)).all():
            actor = next(a for a in self.actors.values() if a.person_id == assignment.reviewer_id)
            declare_conflict(self.session, assignment, actor=actor, has_conflict=False)
            scores = {criterion.key: Score(4, "Khả thi") for criterion in self.pack.rubric.criteria}
            save_review(self.session, assignment, scores, actor=actor)
            submit_review(self.session, assignment, actor=actor)


@pytest.fixture
def play(session: Session) -> Play:
    ensure_wards(session)
    ensure_units(session)
    ensure_calendars(session, actor=SYSTEM)
    publish_files(session, pack_files(), actor=SYSTEM)
    organisation = make_organisation(session)
    people = {"applicant": make_person(session, organisation=organisation)}
    people |= {role: make_person(session, grants=[role]) for role in ROLES}
    people |= {name: make_person(session, grants=["reviewer"]) for name in REVIEWERS}
    actors = {name: actor_for(session, person) for name, person in people.items()}
    application = create_draft(session, "controlled-test", actor=actors["applicant"], organisation_id=organisation.id)
    return Play(session, pack_of_version(session, application.version_id), application, organisation, actors)


def until_accepted(play: Play, **given: Any) -> None:
    play.complete(**given)
    play.step("submit", "applicant")
    play.step("accept", "intake_officer")
    play.step("assign_holder", "case_officer", {"holder": play.actors["case_officer"].person_id})


def until_proposed(play: Play, outcome: str) -> None:
    until_accepted(play)
    play.step("record_eligibility", "case_officer")
    play.assign()
    play.step("open_review", "case_officer")
    play.review()
    play.step("close_review", "case_officer")
    play.step("draft_decision", "decision_drafter", {"outcome": outcome})


def test_from_draft_to_permit(play: Play) -> None:
    until_proposed(play, "permit")

    play.step(
        "issue_permit",
        "issuer",
        {
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
        },
    )

    session, application = play.session, play.application
    decision = session.scalars(select(Decision).where(Decision.case_id == application.id)).one()
    regulation = session.scalars(select(TestRegulation).where(TestRegulation.case_id == application.id)).one()
    original = session.get_one(Document, decision.document_id)
    assert (application.state, application.state_kind) == ("permitted", "final")
    assert (decision.outcome, decision.number) == ("granted", "512/QĐ-UBND")
    assert decision.drafted_by_id != decision.issued_by_id
    assert original.sha256 == PDF.sha256
    assert [row.article for row in regulation.disapplied] == ["Điều 5"]
    assert application.due_at is None
    assert session.scalars(select(Letter.letter).where(Letter.case_id == application.id)).all()[-1] == "decision_permit"
    assert audit.history(session, application.stream)[-1].facts["outcome"] == "granted"


def test_from_draft_to_refusal(play: Play) -> None:
    until_proposed(play, "refuse")

    with pytest.raises(Blocked) as refusal:
        play.step("issue_permit", "issuer", {"number": "1/QĐ-UBND"})
    play.step("issue_refusal", "issuer", {"number": "513/QĐ-UBND"})

    assert [reason.code for reason in refusal.value.reasons] == ["draft_proposes_otherwise"]
    assert play.application.state == "refused"


def test_a_provision_is_not_set_aside_longer_than_the_test(play: Play) -> None:
    until_proposed(play, "permit")
    provision = {
        "rule": "Nghị định mẫu",
        "article": "Điều 5",
        "content": "Điều kiện",
        "from_on": "2027-01-01",
        "to_on": "2028-01-01",
        "reason": "Lý do",
    }

    with pytest.raises(Invalid) as refusal:
        play.step(
            "issue_permit",
            "issuer",
            {
                "number": "512/QĐ-UBND",
                "period": {"from": "2027-01-01", "to": "2027-12-31"},
                "disapplied_provisions": [provision],
            },
        )

    assert set(refusal.value.fields) == {"disapplied_provisions.0.to_on"}


def test_an_ai_test_of_level_two_has_ten_working_days(play: Play) -> None:
    until_accepted(play, regime="ai", ai_level="l2")

    run = next(run for run in runs_of(play.session, play.application) if run.clock == "processing")
    assert (run.length_amount, run.length_unit) == (10, "working_days")


def test_an_officer_cannot_do_what_belongs_to_others(play: Play) -> None:
    play.complete()
    play.step("submit", "applicant")

    with pytest.raises(NotAllowed):
        play.step("accept", "issuer")
    with pytest.raises(NotAllowed):
        play.step("withdraw", "intake_officer")

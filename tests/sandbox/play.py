"""One controlled test on the real pack, and the people who move it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from accounts.places import ensure_units, ensure_wards
from applications.engine import fire
from applications.models import Application, ReviewAssignment
from applications.operations.documents import Arrival, add_document, add_step_file
from applications.operations.drafts import create_draft, save_answers
from applications.operations.reviews import Score, assign_reviewer, declare_conflict, save_review, submit_review
from applications.packs.catalogue import pack_files, pack_of_version, publish_files
from applications.packs.model import Pack
from foundation.actors import SYSTEM, Actor
from foundation.calendars import ensure_calendars
from foundation.database import now
from foundation.workdays import local_date
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.answering import complete, complete_dossier

REVIEWERS = ("reviewer_1", "reviewer_2")
PANEL = ("panel_chair", "panel_member", "panel_member_2")
ROLES = ("intake_officer", "case_officer", "panel_secretary", "decision_drafter", "issuer")
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


def make_play(session: Session) -> Play:
    """The city's units, both shipped packs, one organisation with a draft, and one person for each part."""
    ensure_wards(session)
    ensure_units(session)
    ensure_calendars(session, actor=SYSTEM)
    publish_files(session, pack_files(), actor=SYSTEM)
    organisation = make_organisation(session)
    people = {"applicant": make_person(session, organisation=organisation)}
    people |= {role: make_person(session, grants=[role]) for role in ROLES}
    people |= {name: make_person(session, grants=["reviewer"]) for name in REVIEWERS}
    people |= {name: make_person(session, grants=[name.removesuffix("_2")]) for name in PANEL}
    actors = {name: actor_for(session, person) for name, person in people.items()}
    application = create_draft(session, "controlled-test", actor=actors["applicant"], organisation_id=organisation.id)
    return Play(session, pack_of_version(session, application.version_id), application, organisation, actors)


def until_accepted(play: Play, **given: Any) -> None:
    play.complete(**given)
    play.step("submit", "applicant")
    play.step("accept", "intake_officer")
    play.step("assign_holder", "case_officer", {"holder": play.actors["case_officer"].person_id})


def until_reviewed(play: Play) -> None:
    until_accepted(play)
    play.step("record_eligibility", "case_officer")
    play.assign()
    play.step("open_review", "case_officer")
    play.review()
    play.step("close_review", "case_officer")


def convene(play: Play) -> None:
    """The panel of three meets today."""
    today = local_date(now()).isoformat()
    play.step("convene_panel", "panel_secretary", {"meeting_on": today, "seats": 3})


def advise(play: Play, recommendation: str) -> None:
    """The panel meets, all say the same, and its chair concludes."""
    convene(play)
    opinion = "against" if recommendation == "refuse" else "for"
    for member in PANEL:
        play.step("give_opinion", member, {"opinion": opinion})
    play.step("conclude_panel", "panel_chair", {"recommendation": recommendation})


def until_proposed(play: Play, outcome: str) -> None:
    until_reviewed(play)
    advise(play, outcome)
    play.step("draft_decision", "decision_drafter", {"outcome": outcome})

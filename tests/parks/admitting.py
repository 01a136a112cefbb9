"""Admissions for tests: a dossier of the park's pack led to its confirmation, step by step."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import parks
from accounts.places import ensure_units, ensure_wards
from applications.engine import fire
from applications.models import Application, ReviewAssignment
from applications.operations.documents import Arrival, add_document, add_step_file
from applications.operations.drafts import create_draft, save_answers
from applications.operations.reviews import Score, assign_reviewer, declare_conflict, save_review, submit_review
from applications.packs.catalogue import publish
from applications.packs.model import Pack
from applications.packs.reading import load_file
from foundation.actors import SYSTEM, Actor
from foundation.calendars import ensure_calendars
from foundation.database import now
from foundation.workdays import local_date
from parks.models import ParkAdmission
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.answering import complete_dossier

FILE = Path(parks.__file__).parent / "procedures" / "park-admission.yaml"
PDF = Arrival("ban-goc.pdf", "a" * 64, 1200, "application/pdf", 1)
DEPARTMENTS = ("science", "finance", "industry", "environment")


class Board:
    """The people of a park's board, the departments it asks, and one firm with its dossier."""

    def __init__(self, session: Session, organisation: Any = None) -> None:
        ensure_wards(session)
        ensure_units(session)
        ensure_calendars(session, actor=SYSTEM)
        self.session = session
        self.pack: Pack = publish(session, load_file(FILE), actor=SYSTEM).pack
        self.firm = organisation or make_organisation(session)
        self.applicant = actor_for(session, make_person(session, organisation=self.firm))
        self.intake, self.officer = self.person("intake_officer"), self.person("case_officer")
        self.issuer = self.person("issuer")
        self.departments = {name: self.person(f"consulted_{name}") for name in DEPARTMENTS}
        self.case = self.draft()

    def person(self, role: str) -> Actor:
        return actor_for(self.session, make_person(self.session, grants=[role]))

    def draft(self) -> Application:
        case = create_draft(self.session, "park-admission", actor=self.applicant, organisation_id=self.firm.id)
        save_answers(self.session, case, complete_dossier(self.pack), actor=self.applicant)
        for spec in self.pack.documents:
            if spec.required and (spec.when is None or spec.when.holds(case.answers)):
                add_document(self.session, case, spec.key, PDF, actor=self.applicant)
        return case

    def step(self, key: str, actor: Actor, **data: Any) -> None:
        fire(self.session, self.case, key, actor=actor, data=data)

    def consult(self) -> None:
        self.step("submit", self.applicant)
        self.step("accept", self.intake)
        self.step("ask_opinions", self.officer)

    def opine(self, *names: str) -> None:
        for name in names:
            said = {"finding": "agrees", "opinion": "Dự án đáp ứng các tiêu chí đã nêu."}
            self.step(f"give_opinion_{name}", self.departments[name], **said)

    def evaluate(self, outcome: str = "permit") -> None:
        reviewers = [self.person("reviewer") for _number in range(2)]
        for reviewer in reviewers:
            assign_reviewer(self.session, self.case, reviewer, actor=self.officer)
        self.step("open_evaluation", self.officer)
        for reviewer in reviewers:
            self._review(reviewer)
        findings = {
            f"{name}_finding": "met" for name in ("technology", "research", "capability", "land", "environment")
        }
        reasons = "Đáp ứng các tiêu chí của khu công nghệ cao."
        self.step(
            "draft_decision", self.officer, **findings, opinions_weighed=reasons, outcome=outcome, reasons=reasons
        )

    def _review(self, reviewer: Actor) -> None:
        assert self.pack.rubric is not None
        query = select(ReviewAssignment).where(
            ReviewAssignment.case_id == self.case.id, ReviewAssignment.reviewer_id == reviewer.person_id
        )
        task = self.session.scalars(query).one()
        declare_conflict(self.session, task, actor=reviewer, has_conflict=False)
        scores = {criterion.key: Score(4, "Khả thi") for criterion in self.pack.rubric.criteria}
        save_review(self.session, task, scores, actor=reviewer)
        submit_review(self.session, task, actor=reviewer)

    def sign(self, key: str = "confirm") -> None:
        spec = self.pack.step_by_key[key].asked("signed_original")
        assert spec is not None
        original = add_step_file(self.session, self.case, key, spec, PDF, actor=self.issuer)
        self.step(
            key,
            self.issuer,
            number=f"{self.case.id}/XN-BQL",
            decided_on=local_date(now()).isoformat(),
            signatory="Người ký",
            signatory_title="Phó Trưởng ban",
            signed_original=original.id,
        )


def admitted(session: Session, organisation: Any = None) -> ParkAdmission:
    """A firm admitted to the park ``HL``, by the whole way of its dossier."""
    board = Board(session, organisation)
    board.consult()
    board.opine(*DEPARTMENTS)
    board.evaluate()
    board.sign()
    return session.scalars(select(ParkAdmission).where(ParkAdmission.case_id == board.case.id)).one()

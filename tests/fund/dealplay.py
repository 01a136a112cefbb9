"""A deal on the shipped procedure, with a fund that has money and the people who move it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
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
from foundation.calendars import HANOI_CALENDAR, ensure_calendars, load_calendar
from foundation.database import as_of, now
from foundation.workdays import local_date
from fund.models import Deal, Fund
from fund.operations.ledger import Voucher, call_capital, open_books
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.answering import complete, complete_dossier
from tests.fund.funds import BILLION, commit, make_fund, pay

STRANDS = ("business", "technology", "legal", "finance", "ip", "integrity")
ROLES = ("case_officer", "issuer", "state_representative", "treasurer", "intake_officer")
MEMBERS = ("member_1", "member_2", "member_3")
REVIEWERS = ("reviewer_1", "reviewer_2")
PDF = Arrival("ban-goc.pdf", "a" * 64, 1200, "application/pdf", 1)
LATER = timedelta(days=14)
"""After the body has had its papers long enough."""


@dataclass
class DealPlay:
    """One deal, its fund and its people."""

    session: Session
    fund: Fund
    pack: Pack
    application: Application
    organisation: Organisation
    actors: dict[str, Actor]

    @property
    def deal(self) -> Deal:
        return self.session.scalars(select(Deal).where(Deal.case_id == self.application.id)).one()

    def step(self, key: str, who: str, /, **given: Any) -> None:
        """Make a step with everything it asks answered."""
        asks = self.pack.step_by_key[key].asks
        answers = complete(asks, given)
        for spec in asks:
            if spec.type == "file" and spec.required:
                answers[spec.key] = add_step_file(
                    self.session, self.application, key, spec, PDF, actor=self.actors[who]
                ).id
        fire(self.session, self.application, key, actor=self.actors[who], data=answers)

    def apply(self, amount: int = 8 * BILLION) -> None:
        applicant = self.actors["applicant"]
        answers = complete_dossier(self.pack, amount_vnd=amount, stage="prototype")
        save_answers(self.session, self.application, answers, actor=applicant)
        for spec in self.pack.documents:
            if spec.required and (spec.when is None or spec.when.holds(answers)):
                add_document(self.session, self.application, spec.key, PDF, actor=applicant)
        self.step("submit", "applicant")

    def review(self) -> None:
        assert self.pack.rubric is not None
        tasks = select(ReviewAssignment).where(ReviewAssignment.case_id == self.application.id)
        for assignment in self.session.scalars(tasks.order_by(ReviewAssignment.id)).all():
            actor = next(a for a in self.actors.values() if a.person_id == assignment.reviewer_id)
            declare_conflict(self.session, assignment, actor=actor, has_conflict=False)
            scores = {criterion.key: Score(4, "Khả thi") for criterion in self.pack.rubric.criteria}
            save_review(self.session, assignment, scores, actor=actor)
            submit_review(self.session, assignment, actor=actor)

    def until_diligence(self, amount: int = 8 * BILLION) -> None:
        self.apply(amount)
        self.step("accept", "case_officer")
        self.step("record_eligibility", "case_officer")
        for name in REVIEWERS:
            assign_reviewer(self.session, self.application, self.actors[name], actor=self.actors["case_officer"])
        self.step("open_diligence", "case_officer")

    def until_agreed(self, amount: int = 8 * BILLION, **terms: Any) -> None:
        self.until_diligence(amount)
        for strand in STRANDS:
            self.step("record_diligence", "case_officer", strand=strand, finding="clear")
        self.step("propose_terms", "case_officer", **{"amount_vnd": amount, "pre_money_vnd": 5 * amount, **terms})
        self.step("agree_terms", "applicant")
        self.review()

    def meeting(self) -> date:
        return load_calendar(self.session, HANOI_CALENDAR).add_working_days(local_date(now()), 5)

    def until_decision(self, amount: int = 8 * BILLION, **terms: Any) -> None:
        self.until_agreed(amount, **terms)
        self.step("present", "case_officer", meeting_on=self.meeting().isoformat())

    def vote(self, votes: Mapping[str, str]) -> None:
        for who, how in votes.items():
            step = "vote_for_city" if who == "state_representative" else "vote"
            self.step(step, who, vote=how, reason="Ý kiến riêng")

    def approve(self, conditions: int = 1) -> None:
        rows = [{"condition": f"Điều kiện {n}", "evidence": "Văn bản"} for n in range(1, conditions + 1)]
        self.step("approve", "issuer", conditions=rows, number=f"{self.application.id}/NQ-QĐT", **self.decided())

    def decided(self) -> dict[str, str]:
        return {"decided_on": local_date(now()).isoformat()}

    def until_conditions(self, amount: int = 8 * BILLION, **terms: Any) -> None:
        """To be made when the day of the meeting has come."""
        with as_of(now() - LATER):
            self.until_decision(amount, **terms)
        self.vote({"state_representative": "for", **dict.fromkeys(MEMBERS, "for")})
        self.approve()
        self.step("open_contracting", "case_officer")
        self.step("record_contract", "case_officer", signed_on=local_date(now()).isoformat())

    def until_prepared(self, amount: int = 8 * BILLION, **terms: Any) -> None:
        self.until_conditions(amount, **terms)
        self.step("meet_condition", "case_officer", number=1)
        self.step("prepare_closing", "case_officer", holder_of_record="Công ty quản lý quỹ")

    def close(self) -> None:
        self.step("close", "treasurer", paid_on=local_date(now()).isoformat())


def make_deal_play(session: Session, *, paid: int = 100 * BILLION) -> DealPlay:
    """The city's units, the shipped packs, a fund with money, one company with a draft, a person for each part."""
    ensure_wards(session)
    ensure_units(session)
    ensure_calendars(session, actor=SYSTEM)
    publish_files(session, pack_files(), actor=SYSTEM)
    fund = funded(session, paid)
    people = {role: make_person(session, grants=[role]) for role in ROLES}
    people |= {name: make_person(session, grants=["body_member"]) for name in MEMBERS}
    people |= {name: make_person(session, grants=["reviewer"]) for name in REVIEWERS}
    actors = {name: actor_for(session, person) for name, person in people.items()}
    return another(session, fund, actors)


def another(session: Session, fund: Fund, actors: dict[str, Actor]) -> DealPlay:
    """A further company with a draft of its own."""
    organisation = make_organisation(session)
    applicant = actor_for(session, make_person(session, organisation=organisation))
    application = create_draft(session, "fund-deal", actor=applicant, organisation_id=organisation.id)
    pack = pack_of_version(session, application.version_id)
    return DealPlay(session, fund, pack, application, organisation, {**actors, "applicant": applicant})


def funded(session: Session, paid: int) -> Fund:
    """A fund into which P1 paid; as much again can be called."""
    fund = make_fund(session)
    day = local_date(now()) - timedelta(days=60)
    commit(session, "Q1", "P1", 2 * paid, day)
    due = load_calendar(session, HANOI_CALENDAR).add_working_days(day, 10)
    books = open_books(session, "Q1", actor=SYSTEM)
    call_capital(session, books, paid, voucher=Voucher("call", day, due_on=due), actor=SYSTEM)
    pay(session, "Q1", "P1", paid, day)
    return fund

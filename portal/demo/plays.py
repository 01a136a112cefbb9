"""How the invented dossiers went: scripts of steps with their days, played through the engine itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application, ReviewAssignment
from applications.operations.documents import add_document, add_step_file
from applications.operations.drafts import create_draft, save_answers
from applications.operations.messages import send_message
from applications.operations.reviews import Score, assign_reviewer, declare_conflict, save_review, submit_review
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.suggestions import suggested_answers
from foundation.actors import SYSTEM, Actor
from foundation.calendars import load_calendar
from foundation.database import as_of, now
from foundation.workdays import local_date, start_of_day
from portal.demo.people import Cast
from portal.demo.projects import arrival, demanded

OPENING_HOUR = 9
COMMENTS = (
    "Phương án rõ ràng, chỉ số đo được.",
    "Cần bổ sung phương án dự phòng nhưng chấp nhận được.",
    "Nhóm có kinh nghiệm, kết quả phòng thí nghiệm thuyết phục.",
    "Biện pháp bảo vệ người tham gia đầy đủ.",
)


@dataclass(slots=True)
class Play:
    """One dossier while it is played. ``moment`` moves forward with each scene, never past the present."""

    session: Session
    cast: Cast
    application: Application
    pack: Pack
    applicant: Actor
    number: int
    moment: datetime
    latest: datetime
    answers: Mapping[str, Any] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return {"applicant": self.applicant, "system": SYSTEM}.get(name) or self.cast.actors[name]

    def next_working_day(self) -> date:
        return load_calendar(self.session, self.pack.calendar).add_working_days(local_date(self.moment), 1)

    def wait(self, working_days: int) -> None:
        """Let working days pass; the hour of the day differs from dossier to dossier."""
        calendar = load_calendar(self.session, self.pack.calendar)
        day = calendar.add_working_days(local_date(self.moment), working_days)
        minute = (self.number * 37 + len(self.application.state) * 11) % 300
        then = start_of_day(day) + timedelta(hours=OPENING_HOUR, minutes=minute)
        self.moment = min(max(then, self.moment + timedelta(minutes=7)), self.latest)


Scene = Callable[[Play], None]


def open_play(
    session: Session, cast: Cast, code: str, *, number: int, begins: datetime, answers: Mapping[str, Any]
) -> Play:
    """A new draft with its answers and papers, as its applicant left it on the first day."""
    latest = now()
    organisation = cast.organisations[number % len(cast.organisations)]
    applicant = cast.members[organisation.id]
    with as_of(begins):
        application = create_draft(session, code, actor=applicant, organisation_id=organisation.id)
        save_answers(session, application, answers, actor=applicant)
    pack = pack_of_version(session, application.version_id)
    return Play(session, cast, application, pack, applicant, number, begins, latest, dict(answers))


def papers(play: Play) -> None:
    """Add the documents that the answers demand."""
    for spec in demanded(play.pack, dict(play.answers)):
        file = arrival(spec.label["vi"], play.application.title, f"{spec.key.replace('_', '-')}.pdf")
        with as_of(play.moment):
            add_document(play.session, play.application, spec.key, file, actor=play.applicant)


def step(key: str, who: str, *, after: int = 1, **data: Any) -> Scene:
    """A scene in which somebody makes a step some working days later; open questions begin with what was said."""

    def perform(play: Play) -> None:
        play.wait(after)
        asked = play.pack.step_by_key[key]
        with as_of(play.moment):
            known = suggested_answers(play.session, play.application, play.pack, asked)
            answers = {**known, **_told(play, data)}
            for spec in asked.asks:
                if spec.type == "file" and spec.required:
                    paper = arrival(spec.label["vi"], play.application.title, "ban-goc-da-ky.pdf")
                    answers[spec.key] = add_step_file(
                        play.session, play.application, key, spec, paper, actor=play.actor(who)
                    ).id
            fire(play.session, play.application, key, actor=play.actor(who), data=answers)

    return perform


def _told(play: Play, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a scene; what is a function of the play is asked."""
    return {key: value(play) if callable(value) else value for key, value in data.items()}


def assign(*reviewers: str, by: str = "chuyenvien") -> Scene:
    """A scene in which the officer asks reviewers."""

    def perform(play: Play) -> None:
        play.wait(1)
        with as_of(play.moment):
            for name in reviewers:
                assign_reviewer(play.session, play.application, play.actor(name), actor=play.actor(by))

    return perform


def review(*, submitted: int) -> Scene:
    """A scene in which the reviewers declare and write; the first ``submitted`` of them hand in."""

    def perform(play: Play) -> None:
        tasks = select(ReviewAssignment).where(ReviewAssignment.case_id == play.application.id)
        for place, task in enumerate(play.session.scalars(tasks.order_by(ReviewAssignment.id)).all()):
            play.wait(1)
            reviewer = next(a for a in play.cast.actors.values() if a.person_id == task.reviewer_id)
            with as_of(play.moment):
                _write(play, task, reviewer, hand_in=place < submitted)

    return perform


def _write(play: Play, task: ReviewAssignment, reviewer: Actor, *, hand_in: bool) -> None:
    assert play.pack.rubric is not None  # noqa: S101 - only packs with a rubric are reviewed
    declare_conflict(play.session, task, actor=reviewer, has_conflict=False)
    scores = {
        criterion.key: Score(2 + (play.number + place + task.id) % 4, COMMENTS[(play.number + place) % 4])
        for place, criterion in enumerate(play.pack.rubric.criteria)
    }
    save_review(play.session, task, scores, actor=reviewer, summary="Đề nghị xem xét theo các ý kiến trên.")
    if hand_in:
        submit_review(play.session, task, actor=reviewer)


def message(who: str, text: str) -> Scene:
    """A scene in which somebody writes to the other side."""

    def perform(play: Play) -> None:
        play.moment = min(play.moment + timedelta(minutes=40), play.latest)
        with as_of(play.moment):
            send_message(play.session, play.application, text, actor=play.actor(who))

    return perform

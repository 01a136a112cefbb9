"""Loads the demonstration into an empty database, and marks the database as one that may be reset."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from applications.numbers import repeatable
from foundation.actors import SYSTEM
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import Code, Instant, Model, as_of, now
from foundation.workdays import local_date, start_of_day
from parks.operations.admissions import ask_for_admissions
from portal.demo.admissions import make_admissions
from portal.demo.deals import make_deals
from portal.demo.funds import make_fund
from portal.demo.leases import make_leases
from portal.demo.parks import make_parks
from portal.demo.people import Cast, make_people, world
from portal.demo.plays import Scene, open_play
from portal.demo.precedents import take_over_precedents
from portal.demo.projects import Project, desk_answers, test_answers
from portal.demo.rounds import make_rounds
from portal.demo.scripts import DESKS, TESTS

DEMO = "demo"
TEST, DESK = "controlled-test", "innovation-desk"


class InstallationMark(Model):
    """Something true of this whole database, by name."""

    __tablename__ = "installation_marks"

    name: Mapped[Code] = mapped_column(primary_key=True)
    since: Mapped[Instant] = mapped_column(default=now)


def is_demo(session: Session) -> bool:
    """Whether this database holds the demonstration and nothing else."""
    return session.scalar(select(InstallationMark.name).where(InstallationMark.name == DEMO)) is not None


def load_demo(session: Session) -> int:
    """Fill the database with the demonstration; how many dossiers. Nothing happens when it is there already."""
    if is_demo(session):
        return 0
    with repeatable(DEMO):
        return _fill(session)


def _fill(session: Session) -> int:
    cast = mark_and_people(session)
    make_fund(session, cast.actors["quanlyquy"], cast.actors["thukyquy"])
    make_parks(session)
    make_leases(session, cast)
    count = make_admissions(session, cast)
    make_rounds(session, cast)
    ask_for_admissions(session, "HL", local_date(now()), actor=SYSTEM)
    count += play_dossiers(session, cast)
    count += make_deals(session, cast)
    return count + take_over_precedents(session, cast.actors["motcua"])


def mark_and_people(session: Session) -> Cast:
    """Mark the database as a demonstration's, and let its people move in."""
    with as_of(now() - timedelta(days=120)):
        session.add(InstallationMark(name=DEMO))
        return make_people(session)


def play_dossiers(session: Session, cast: Cast, *, most: int | None = None) -> int:
    """Play the dossiers of each script, at most so many of one; how many."""
    played = 0
    for code, script, play in ((TEST, TESTS, _play_test), (DESK, DESKS, _play_desk)):
        for number, (turn, ago, scenes) in enumerate(_unfolded(script)):
            if most is None or turn < most:
                with repeatable(f"{code} {number}"):
                    play(session, cast, number, ago, scenes)
                played += 1
    return played


def _unfolded(script: Sequence[tuple[int, int, list[Scene]]]) -> Iterator[tuple[int, int, list[Scene]]]:
    """Each dossier of a script: which one of its kind it is, how many working days ago it began, and its scenes."""
    for times, ago, scenes in script:
        for turn in range(times):
            yield turn, ago + turn, scenes


def _begins(session: Session, ago: int) -> datetime:
    day = load_calendar(session, HANOI_CALENDAR).add_working_days(local_date(now()), -ago)
    return start_of_day(day) + timedelta(hours=8, minutes=10 + ago % 40)


def _play_test(session: Session, cast: Cast, number: int, ago: int, scenes: list[Scene]) -> None:
    project = Project.parse(world()["tests"][number])
    begins = _begins(session, ago)
    contact = f"lienhe{number % len(cast.organisations) + 1}@demo.example"
    answers = test_answers(project, contact=contact, today=local_date(begins), number=number)
    if not scenes and number % 2:
        answers = {key: answers[key] for key in list(answers)[: 9 + number]}
    play = open_play(session, cast, TEST, number=number, begins=begins, answers=answers)
    for scene in scenes:
        scene(play)


def _play_desk(session: Session, cast: Cast, number: int, ago: int, scenes: list[Scene]) -> None:
    begins = _begins(session, ago)
    answers = desk_answers(world()["desks"][number], today=local_date(begins), number=number)
    play = open_play(session, cast, DESK, number=number + 3, begins=begins, answers=answers)
    for scene in scenes:
        scene(play)

"""What the clock does by itself: expired steps, new dates after a calendar change, orphaned files."""

import io
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from applications.clockwork import expired_runs
from applications.engine import fire
from applications.jobs import delete_orphaned_files, fire_expired
from applications.operations.documents import Arrival, add_document
from foundation import audit
from foundation.actors import SYSTEM
from foundation.calendars import set_day
from foundation.database import as_of, now
from foundation.storage import exists, store
from foundation.workdays import Day, local_date
from tests.applications.small_pack import World, words


def test_the_clock_lapses_what_nobody_answered_and_nothing_else(world: World) -> None:
    officer = world.officer("intake_officer")
    owed, answered = world.draft(), world.draft()
    for application in (owed, answered):
        fire(world.session, application, "submit", actor=world.applicant)
        fire(world.session, application, "request_supplement", actor=officer, data={"missing": "Kế hoạch"})
    fire(world.session, answered, "resubmit", actor=world.applicant)

    early = fire_expired(world.session, at=now() + timedelta(days=9))
    late = fire_expired(world.session, at=now() + timedelta(days=12))
    again = fire_expired(world.session, at=now() + timedelta(days=12))

    assert (early, late, again) == (0, 1, 0)
    assert owed.state == "withdrawn"
    assert answered.state == "checking"
    assert audit.history(world.session, owed.stream)[-1].actor_kind == "system"


def test_a_term_whose_step_is_refused_does_not_stand_in_the_way_of_those_behind_it(world: World) -> None:
    officer, owed = world.officer("intake_officer"), [world.draft(), world.draft()]
    for application in owed:
        fire(world.session, application, "submit", actor=world.applicant)
        fire(world.session, application, "request_supplement", actor=officer, data={"missing": "Kế hoạch"})
    later = now() + timedelta(days=12)

    first = expired_runs(world.session, later, limit=1)
    second = expired_runs(world.session, later, behind=first[-1], limit=1)
    third = expired_runs(world.session, later, behind=second[-1], limit=1)

    assert [run.case_id for run in (*first, *second)] == [application.id for application in owed]
    assert third == []


def test_a_decreed_holiday_moves_open_deadlines_and_the_trail_says_so(world: World) -> None:
    application = world.draft()
    with as_of(now()):
        fire(world.session, application, "submit", actor=world.applicant)
        fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    due = local_date(application.due_at or now())
    holiday = Day(is_working=False, title=words("Ngày nghỉ bù"), source="QĐ minh hoạ")

    set_day(world.session, "vn-hanoi", due, holiday, actor=SYSTEM)

    assert local_date(application.due_at or now()) > due
    moved = audit.history(world.session, "calendar:vn-hanoi")[-1]
    assert moved.action == "applications:clock:recompute"
    assert moved.facts["cases"] >= 1


def test_a_closed_dossier_keeps_its_dates(world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    original = application.original_due_at
    fire(world.session, application, "withdraw", actor=world.applicant)

    holiday = Day(is_working=False, title=words("Ngày nghỉ bù"), source="QĐ minh hoạ")
    set_day(world.session, "vn-hanoi", local_date(original or now()), holiday, actor=SYSTEM)

    assert application.original_due_at == original


def test_files_of_dossiers_stay_and_orphans_go(app: Flask, world: World, session: Session) -> None:
    with app.app_context():
        kept = store(io.BytesIO(b"kept"), limit=100)
        orphan = store(io.BytesIO(b"orphan"), limit=100)
        arrival = Arrival("a.pdf", kept.sha256, kept.size, "application/pdf", 1)
        add_document(session, world.draft(level="high"), "plan", arrival, actor=world.applicant)

        with as_of(now() + timedelta(days=3)):
            delete_orphaned_files.work(session)

        assert exists(kept.sha256)
        assert not exists(orphan.sha256)

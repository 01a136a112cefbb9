"""Other bodies are asked beside the experts, each with its own clock; who is late holds nobody up."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from applications.api.facts import due_day
from applications.clockwork import runs_of
from applications.models import ClockRun
from applications.queries.desk import all_lines, desk_view
from applications.queries.dossier import dossier_view
from applications.queries.lists import Filters
from applications.queries.newest import listed
from applications.web.dossier import _due_at
from foundation.database import now
from foundation.errors import Blocked
from foundation.workdays import local_date
from tests.sandbox.play import Play, advise, convene, make_play, until_accepted

BODIES = ("police", "military", "justice", "sector")


@pytest.fixture
def play(session: Session) -> Play:
    found = make_play(session)
    until_accepted(found)
    found.step("record_eligibility", "case_officer")
    return found


def running(play: Play) -> dict[str, ClockRun]:
    return {run.clock: run for run in runs_of(play.session, play.application) if run.ended_at is None}


def until_the_panel(play: Play) -> None:
    play.assign()
    play.step("open_review", "case_officer")
    play.review()
    play.step("close_review", "case_officer")


def test_each_body_has_its_own_clock_and_the_date_of_the_result_stays(play: Play) -> None:
    due = play.application.original_due_at
    play.step("ask_opinions", "case_officer")
    play.step("record_opinion_justice", "case_officer", {"finding": "agrees"})

    assert {f"opinion_{body}" for body in BODIES} - set(running(play)) == {"opinion_justice"}
    assert play.application.original_due_at == due
    with pytest.raises(Blocked):
        play.step("record_opinion_justice", "case_officer", {"finding": "objects"})


def test_a_decision_is_drafted_when_all_have_answered(play: Play) -> None:
    play.step("ask_opinions", "case_officer")
    until_the_panel(play)
    with pytest.raises(Blocked):
        convene(play)
    for body in BODIES:
        play.step(f"record_opinion_{body}", "case_officer", {"finding": "agrees"})
    advise(play, "permit")
    play.step("draft_decision", "decision_drafter", {"outcome": "permit"})

    assert play.application.state == "proposed"


def test_who_is_late_holds_nobody_up(play: Play) -> None:
    play.step("ask_opinions", "case_officer")
    until_the_panel(play)
    for clock, run in running(play).items():
        if clock.startswith("opinion_"):
            run.due_at = now() - timedelta(days=1)
    play.session.flush()
    advise(play, "permit")
    play.step("draft_decision", "decision_drafter", {"outcome": "permit"})

    assert play.application.state == "proposed"
    assert not any(clock.startswith("opinion_") for clock in running(play)), "their time is over"


def test_who_applied_reads_the_promised_day_wherever_it_stands(play: Play) -> None:
    """Clocks of the authority’s own, such as those of other bodies, end earlier and are no promise."""
    play.step("ask_opinions", "case_officer")
    case, applicant = play.application, play.actors["applicant"]
    assert case.due_at is not None
    assert case.original_due_at is not None
    assert case.due_at < case.original_due_at, "another clock ends first"

    desk = desk_view(play.session, actor=applicant)
    (row,) = [row for row in desk.others.rows if row.key == case.key]
    (line,) = [row for row in all_lines(play.session, actor=applicant, cursor=None, size=5).rows if row.key == case.key]
    dossier = dossier_view(play.session, case.key, actor=applicant)

    (told,) = [row for row in listed(play.session, Filters(), actor=applicant).rows if row.key == case.key]
    found = [row.promised_at, line.promised_at, told.promised_at, _due_at(dossier)]
    assert found == [case.original_due_at] * 4
    assert due_day(told, is_staff=False) == local_date(case.original_due_at)
    assert due_day(case, is_staff=True) == local_date(case.due_at)
    officer = dossier_view(play.session, case.key, actor=play.actors["case_officer"])
    assert _due_at(officer) == case.due_at

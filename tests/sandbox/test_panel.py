"""Before the decision an advisory panel meets; after it the plan may be revised while the clock stands still."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.clockwork import runs_of
from applications.models import Letter
from applications.operations.drafts import save_answers
from applications.queries.clock import clock_view
from applications.queries.corrections import corrections_view
from applications.queries.dossier import dossier_view
from applications.queries.feeds import deadlines_of
from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.errors import Blocked, Invalid, NotAllowed
from foundation.workdays import local_date
from tests.accounts.factories import actor_for, make_person
from tests.sandbox.play import PANEL, Play, advise, convene, make_play, until_reviewed
from tests.sandbox.test_pages import page_of, visiting

CHAIR, MEMBER, OTHER = PANEL
REVISED = {"items": [{"part": "field.title", "reason": "scope", "instruction": "Thu hẹp phạm vi."}]}


@pytest.fixture
def play(session: Session) -> Play:
    found = make_play(session)
    until_reviewed(found)
    return found


def refused(play: Play, step: str, who: str, **given: object) -> list[str]:
    """The reasons for which the step cannot be made now."""
    with pytest.raises(Blocked) as refusal:
        play.step(step, who, given)
    return [reason.code for reason in refusal.value.reasons]


def test_a_panel_meets_before_a_decision_is_drafted(play: Play) -> None:
    assert play.application.state == "in_panel"
    assert refused(play, "draft_decision", "decision_drafter", outcome="permit") == ["not_from_this_state"]
    assert refused(play, "give_opinion", MEMBER) == ["panel_not_convened"]
    advise(play, "permit")

    assert play.application.state == "drafting_decision"
    assert [run.end_kind for run in runs_of(play.session, play.application) if run.clock == "panel"] == ["stopped"]


def test_nothing_is_concluded_without_a_quorum_or_against_the_majority(play: Play) -> None:
    convene(play)
    play.step("give_opinion", MEMBER, {"opinion": "for"})
    assert refused(play, "conclude_panel", CHAIR, recommendation="permit") == ["panel_too_few_opinions"]
    play.step("give_opinion", OTHER, {"opinion": "against", "reason": "Rủi ro chưa được kiểm soát."})

    assert refused(play, "conclude_panel", CHAIR, recommendation="permit") == ["panel_recommends_otherwise"]
    play.step("conclude_panel", CHAIR, {"recommendation": "refuse"})


def test_everybody_gives_one_opinion_in_a_sitting(play: Play) -> None:
    convene(play)
    play.step("give_opinion", MEMBER, {"opinion": "for"})
    assert refused(play, "give_opinion", MEMBER, opinion="for") == ["panel_opinion_given"]
    convene(play)

    play.step("give_opinion", MEMBER, {"opinion": "for"})


def test_there_are_no_more_opinions_than_seats(play: Play, session: Session) -> None:
    play.actors["fourth"] = actor_for(session, make_person(session, grants=["panel_member"]))
    convene(play)
    for member in PANEL:
        play.step("give_opinion", member, {"opinion": "for"})

    assert refused(play, "give_opinion", "fourth", opinion="for") == ["panel_seats_taken"]


def test_dissent_is_reasoned_and_kept_word_for_word_for_staff_alone(play: Play) -> None:
    convene(play)
    with pytest.raises(Invalid) as refusal:
        play.step("give_opinion", MEMBER, {"opinion": "against", "reason": ""})
    play.step("give_opinion", MEMBER, {"opinion": "against", "reason": "Phương án dừng chưa thử nghiệm."})

    def read(who: str) -> list[object]:
        told = dossier_view(play.session, play.application.key, actor=play.actors[who]).happenings
        return [said.value for one in told if one.step == "give_opinion" for said in one.said]

    assert list(refusal.value.fields) == ["reason"]
    assert "Phương án dừng chưa thử nghiệm." in read("decision_drafter")
    assert read("applicant") == []


def test_who_declares_an_interest_counts_no_more(play: Play) -> None:
    convene(play)
    play.step("give_opinion", MEMBER, {"opinion": "for"})
    play.step("give_opinion", OTHER, {"opinion": "for"})
    play.step("step_aside", OTHER, {"kind": "family"})

    with pytest.raises(NotAllowed):
        play.step("give_opinion", OTHER, {"opinion": "for"})
    assert refused(play, "conclude_panel", CHAIR, recommendation="permit") == ["panel_too_few_opinions"]


def test_nothing_is_concluded_before_the_day_of_the_meeting(play: Play) -> None:
    later = (local_date(now()) + timedelta(days=2)).isoformat()
    play.step("convene_panel", "panel_secretary", {"meeting_on": later, "seats": 3})
    for member in PANEL:
        play.step("give_opinion", member, {"opinion": "for"})

    assert refused(play, "conclude_panel", CHAIR, recommendation="permit") == ["panel_before_meeting"]


def test_the_clock_stands_still_while_the_plan_is_revised(play: Play) -> None:
    advise(play, "revise")
    due = play.application.original_due_at
    assert due is not None
    play.step("request_plan_revision", "case_officer", REVISED)

    assert (play.application.due_at, play.application.original_due_at) == (None, None)
    view = clock_view(play.session, play.application.key, actor=play.actors["applicant"])
    assert view.step is not None
    assert view.step.key == "submit_revision"
    assert [forecast.clock.key for forecast in view.forecasts] == ["processing"]
    with as_of(now() + timedelta(days=7)):
        play.step("submit_revision", "applicant")
    assert play.application.original_due_at is not None
    assert play.application.original_due_at > due
    assert play.application.state == "drafting_decision"


def test_only_what_is_listed_opens_and_the_officer_reads_before_and_after(play: Play) -> None:
    advise(play, "revise")
    play.step("request_plan_revision", "case_officer", REVISED)
    before, applicant = play.application.title, play.actors["applicant"]
    with pytest.raises(NotAllowed):
        save_answers(play.session, play.application, {"objective": "Một mục tiêu khác hẳn."}, actor=applicant)
    save_answers(play.session, play.application, {"title": "Tên dự án đã thu hẹp"}, actor=applicant)
    play.step("submit_revision", "applicant")

    seen = corrections_view(play.session, play.application.key, actor=play.actors["case_officer"]).rounds[0]
    assert [(one.spec.key, one.before, one.after) for one in seen.changes] == [
        ("title", before, "Tên dự án đã thu hẹp")
    ]
    letter = play.session.query(Letter).filter_by(case_id=play.application.id, letter="plan_revision").one()
    assert letter.facts["due_on"] is not None
    assert refused(play, "request_plan_revision", "case_officer", **REVISED) == ["revision_already_requested"]


def test_a_plan_that_never_comes_ends_the_dossier(play: Play) -> None:
    advise(play, "revise")
    play.step("request_plan_revision", "case_officer", REVISED)
    play.actors["system"] = SYSTEM
    play.step("lapse_revision", "system")

    assert (play.application.state, play.application.state_kind) == ("lapsed", "final")


def test_a_promised_day_moves_with_the_pause(play: Play) -> None:
    advise(play, "revise")
    promised = local_date(play.application.original_due_at or now()) + timedelta(days=14)
    play.step("apologise", "case_officer", {"new_due_on": promised.isoformat()})
    play.step("request_plan_revision", "case_officer", REVISED)
    applicant, day = play.actors["applicant"], local_date(now()) + timedelta(days=14)
    assert play.application.due_at is None
    assert [deadline.clock["en"] for deadline in deadlines_of(play.session, actor=applicant)] == [
        "Time to revise the test plan"
    ], "the day promised before stands still with its clock"
    (foretold,) = clock_view(play.session, play.application.key, day, actor=applicant).forecasts
    with as_of(now() + timedelta(days=14)):
        play.step("submit_revision", "applicant")

    assert play.application.due_at == foretold.due_at
    assert local_date(foretold.due_at) > promised


def test_the_pages_of_the_panel_open_and_its_card_is_for_the_house(
    play: Play, client: FlaskClient, session: Session
) -> None:
    session.commit()
    asked = visiting(play, client, "panel_secretary").get(page_of(play, "/steps/convene_panel"))
    convene(play)
    play.step("give_opinion", MEMBER, {"opinion": "against", "reason": "Chưa diễn tập việc dừng."})
    session.commit()
    giving = visiting(play, client, OTHER).get(page_of(play, "/steps/give_opinion"))
    inside = visiting(play, client, "case_officer").get(page_of(play, "")).text
    outside = visiting(play, client, "applicant").get(page_of(play, "")).text

    assert (asked.status_code, giving.status_code) == (200, 200)
    assert "1 trên 3 thành viên đã cho ý kiến" in inside
    assert inside.count("Chưa diễn tập việc dừng.") >= 1
    assert "Chưa diễn tập việc dừng." not in outside
    assert 'id="panel"' not in outside

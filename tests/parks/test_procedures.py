"""The pack of the innovation desk: other states and steps than the controlled test, under the same engine."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import parks
from accounts.places import ensure_units, ensure_wards
from applications.clockwork import runs_of
from applications.engine import fire
from applications.models import Application, ReviewAssignment
from applications.operations.drafts import create_draft, save_answers
from applications.operations.reviews import Score, assign_reviewer, declare_conflict, save_review, submit_review
from applications.packs.catalogue import publish
from applications.packs.model import Pack
from applications.packs.reading import load_file
from foundation.actors import SYSTEM, Actor
from foundation.calendars import ensure_calendars
from foundation.errors import Blocked
from parks.models import ParkAdmission
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.answering import complete_dossier
from tests.applications.pack_promises import (
    assert_no_basis_can_be_left_out,
    assert_no_label_can_be_left_out,
    assert_no_language_can_be_left_out,
    assert_no_source_can_be_left_out,
    assert_sound,
    assert_sources_are_honest,
)
from tests.parks.grounds import make_park

FILE = Path(parks.__file__).parent / "procedures" / "innovation-desk.yaml"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return assert_sound(FILE)


def test_no_language_can_be_left_out() -> None:
    assert_no_language_can_be_left_out(FILE)


def test_no_label_can_be_left_out() -> None:
    assert_no_label_can_be_left_out(FILE)


def test_no_basis_can_be_left_out() -> None:
    assert_no_basis_can_be_left_out(FILE)


def test_no_source_can_be_left_out(pack: Pack) -> None:
    assert_no_source_can_be_left_out(pack)
    assert_sources_are_honest(pack)


def test_the_answer_is_due_in_ten_working_days(pack: Pack) -> None:
    main = pack.clock_by_key["answer"]

    assert main.is_main
    assert (main.length.amount, main.length.unit) == (10, "working_days")


def test_relief_is_asked_only_of_those_who_want_it(pack: Pack) -> None:
    relief = pack.field_by_key["relief_ground"]
    evidence = pack.document_by_key["startup_evidence"]
    assert relief.when is not None
    assert evidence.when is not None

    assert relief.source == "capital_law_26_2a"
    assert [relief.when.holds({"wants_relief": wish}) for wish in (True, False)] == [True, False]
    assert [evidence.when.holds({"wants_relief": wish}) for wish in (True, False)] == [True, False]


def test_from_draft_to_a_desk(session: Session) -> None:
    ensure_wards(session)
    ensure_units(session)
    ensure_calendars(session, actor=SYSTEM)
    make_park(session, "HIC")
    pack = publish(session, load_file(FILE), actor=SYSTEM).pack
    organisation = make_organisation(session)
    applicant = actor_for(session, make_person(session, organisation=organisation))
    officer = actor_for(session, make_person(session, grants=["case_officer"]))
    reviewer = actor_for(session, make_person(session, grants=["reviewer"]))
    application = create_draft(session, "innovation-desk", actor=applicant, organisation_id=organisation.id)
    save_answers(session, application, complete_dossier(pack), actor=applicant)

    fire(session, application, "register", actor=applicant)
    with pytest.raises(Blocked):
        fire(session, application, "invite_to_pitch", actor=officer, data={"pitch_on": "2200-01-01", "place": "46 THĐ"})
    assign_reviewer(session, application, reviewer, actor=officer)
    fire(session, application, "invite_to_pitch", actor=officer, data={"pitch_on": "2200-01-01", "place": "46 THĐ"})
    _review(session, application, pack, reviewer)
    offer = {"desks_offered": 2, "stay_offered": {"from": "2200-02-01", "to": "2200-08-01"}, "grants_relief": False}
    fire(session, application, "offer_desk", actor=officer, data=offer)
    offered = {run.clock: run.ended_at is None for run in runs_of(session, application)}
    fire(session, application, "take_offer", actor=applicant)

    ground = session.scalars(select(ParkAdmission).where(ParkAdmission.case_id == application.id)).one()
    assert (ground.kind, ground.spaces, ground.organisation_id) == ("desk", 2, organisation.id)
    assert offered == {"answer": False, "offer_open": True}
    assert (application.state, application.state_kind) == ("confirmed", "final")
    assert application.code is None
    assert application.receipt_number is not None


def _review(session: Session, application: Application, pack: Pack, reviewer: Actor) -> None:
    assert pack.rubric is not None
    query = select(ReviewAssignment).where(ReviewAssignment.case_id == application.id)
    assignment = session.scalars(query).one()
    declare_conflict(session, assignment, actor=reviewer, has_conflict=False)
    scores = {criterion.key: Score(4, "Khả thi") for criterion in pack.rubric.criteria}
    save_review(session, assignment, scores, actor=reviewer)
    submit_review(session, assignment, actor=reviewer)

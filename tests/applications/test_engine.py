"""The one executor: who, from where, whether, and what one transaction leaves behind."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.engine import fire, offers
from applications.models import Application, CaseEvent
from foundation import audit
from foundation.actors import PUBLIC, SYSTEM
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound
from foundation.workdays import local_date
from tests.accounts.factories import actor_for, make_person
from tests.applications.small_pack import World


def submitted(world: World, **answers: object) -> Application:
    application = world.draft(**answers)
    fire(world.session, application, "submit", actor=world.applicant)
    return application


def accepted(world: World, **answers: object) -> Application:
    application = submitted(world, **answers)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    return application


def test_submitting_gives_a_receipt_and_freezes_what_was_sent(world: World) -> None:
    application = world.draft(users=7)

    event = fire(world.session, application, "submit", actor=world.applicant)

    assert (event.from_state, event.to_state) == ("draft", "checking")
    assert application.state_kind == "open"
    assert application.receipt_number is not None
    assert application.submitted is not None
    assert application.submitted["answers"] == {"name": "Máy bay giao hàng", "users": 7}


def test_acceptance_gives_the_code_of_the_day_and_the_appointment(world: World) -> None:
    application = accepted(world)

    today = local_date(now())
    assert application.code == f"999.00.00.H26-{today:%y%m%d}-0001"
    assert application.pinned_at is not None
    assert application.due_at is not None
    assert application.due_at > now() + timedelta(days=14)


def test_each_step_leaves_one_event_and_one_audit_row(world: World) -> None:
    application = accepted(world)

    events = list(world.session.scalars(select(CaseEvent).where(CaseEvent.case_id == application.id)))
    moves = [e for e in audit.history(world.session, application.stream) if e.action == "applications:case:move"]

    assert [event.step for event in sorted(events, key=lambda event: event.seq)] == ["submit", "accept"]
    assert [move.facts["step"] for move in moves] == ["submit", "accept"]
    assert moves[1].role == "intake_officer"


def test_a_step_of_somebody_else_is_refused_and_changes_nothing(world: World) -> None:
    application = submitted(world)

    with pytest.raises(NotAllowed):
        fire(world.session, application, "accept", actor=world.applicant)
    with pytest.raises(NotAllowed):
        fire(world.session, application, "accept", actor=PUBLIC)

    assert application.state == "checking"


def test_a_step_from_another_state_is_blocked_with_its_reason(world: World) -> None:
    application = world.draft()

    with pytest.raises(Blocked) as refusal:
        fire(world.session, application, "accept", actor=world.officer("intake_officer"))

    assert [reason.code for reason in refusal.value.reasons] == ["not_from_this_state"]


def test_an_unknown_step_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        fire(world.session, world.draft(), "explode", actor=world.applicant)


def test_an_incomplete_dossier_is_not_submitted_and_says_what_is_missing(world: World) -> None:
    application = world.draft(name=None, level="high")

    with pytest.raises(Blocked) as refusal:
        fire(world.session, application, "submit", actor=world.applicant)

    facts = {reason.code: reason.facts for reason in refusal.value.reasons}
    assert facts["answers_incomplete"]["fields"] == ["name"]
    assert facts["documents_missing"]["documents"] == ["plan"]


def test_the_questions_of_a_step_are_checked(world: World) -> None:
    application = submitted(world)
    officer = world.officer("intake_officer")

    with pytest.raises(Invalid) as missing:
        fire(world.session, application, "request_supplement", actor=officer)
    with pytest.raises(Invalid) as unknown:
        fire(world.session, application, "request_supplement", actor=officer, data={"missing": "x", "more": 1})

    assert set(missing.value.fields) == {"missing"}
    assert set(unknown.value.fields) == {"more"}
    assert application.state == "checking"


def test_who_drafts_cannot_issue(world: World) -> None:
    both = make_person(world.session, grants=["decision_drafter", "issuer"])
    actor = actor_for(world.session, both)
    application = accepted(world)
    fire(world.session, application, "draft_decision", actor=actor, data={"outcome": "permit"})

    with pytest.raises(NotAllowed) as refusal:
        fire(world.session, application, "issue", actor=actor)
    fire(world.session, application, "issue", actor=world.officer("issuer"))

    assert [reason.code for reason in refusal.value.reasons] == ["four_eyes"]
    assert application.state == "granted"


def test_a_supplement_is_asked_once_and_restarts_the_clock_from_zero(world: World) -> None:
    officer = world.officer("intake_officer")
    application = accepted(world)
    code = application.code
    fire(world.session, application, "request_supplement", actor=officer, data={"missing": "Kế hoạch"})
    assert application.due_at is None
    assert application.pinned_at is None

    fire(world.session, application, "resubmit", actor=world.applicant)
    with pytest.raises(Blocked) as refusal:
        fire(world.session, application, "request_supplement", actor=officer, data={"missing": "Nữa"})
    fire(world.session, application, "accept", actor=officer)

    assert [reason.code for reason in refusal.value.reasons] == ["supplement_already_requested"]
    assert application.code == code
    assert application.pinned_at is not None


def test_an_exception_is_a_step_with_a_reason(world: World) -> None:
    application = submitted(world)
    administrator = world.officer("administrator")

    fire(world.session, application, "override", actor=administrator, data={"to_state": "working", "reason": "Nhầm"})

    assert application.state == "working"
    with pytest.raises(Invalid):
        fire(world.session, application, "override", actor=administrator, data={"to_state": "draft", "reason": "x"})


def test_only_the_clock_itself_lapses_a_dossier(world: World) -> None:
    application = submitted(world)
    fire(
        world.session,
        application,
        "request_supplement",
        actor=world.officer("intake_officer"),
        data={"missing": "Kế hoạch"},
    )

    with pytest.raises(NotAllowed):
        fire(world.session, application, "lapse", actor=world.officer("administrator"))
    fire(world.session, application, "lapse", actor=SYSTEM)

    assert application.state_kind == "final"


def test_offers_tell_what_stands_in_the_way(world: World) -> None:
    application = world.draft(name=None)

    offered = {offer.step.key: offer for offer in offers(world.session, application, actor=world.applicant)}

    assert set(offered) == {"submit"}
    assert not offered["submit"].is_possible


LIFE = {
    "draft": {"applicant": {"submit"}},
    "checking": {
        "applicant": {"withdraw"},
        "intake_officer": {"request_supplement", "accept"},
        "administrator": {"override"},
    },
    "owed": {"applicant": {"resubmit", "withdraw"}, "administrator": {"override"}},
    "working": {
        "applicant": {"withdraw"},
        "intake_officer": {"request_supplement"},
        "case_officer": {"hold", "go_on", "apologise"},
        "decision_drafter": {"draft_decision"},
        "administrator": {"override"},
    },
    "proposed": {
        "applicant": {"withdraw"},
        "case_officer": {"apologise"},
        "issuer": {"issue"},
        "administrator": {"override"},
    },
    "granted": {},
    "withdrawn": {},
}


@pytest.mark.parametrize("state", LIFE)
def test_life_table(world: World, session: Session, state: str) -> None:
    application = world.draft()
    application.state = state
    session.flush()
    actors = {"applicant": world.applicant, **world.officers, "public": PUBLIC}

    offered = {
        name: {offer.step.key for offer in offers(session, application, actor=actor)} for name, actor in actors.items()
    }

    assert {name: steps for name, steps in offered.items() if steps} == LIFE[state]

"""What each reader of a dossier gets to see, with data at hand that could leak."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application, Document
from applications.models.documents import STEP_SLOT
from applications.operations.messages import send_message
from applications.operations.reviews import Score, assign_reviewer, declare_conflict, save_review, submit_review
from applications.queries.dossier import DossierView, dossier_view, visible_document
from foundation.actors import Actor
from foundation.errors import NotFound
from tests.accounts.factories import actor_for, make_organisation, make_person, make_unit
from tests.applications.small_pack import World

FULL_MARKS = {"novel": Score(4, ""), "safe": Score(4, "")}


def accepted(world: World) -> Application:
    application = world.draft(level="high")
    application.answers = {**application.answers, "level": "low"}
    fire(world.session, application, "submit", actor=world.applicant)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    return application


def reviewer_of(world: World, application: Application) -> tuple[Actor, Any]:
    reviewer = actor_for(world.session, make_person(world.session, grants=["reviewer"]))
    assignment = assign_reviewer(world.session, application, reviewer, actor=world.officer("case_officer"))
    return reviewer, assignment


def declared(world: World, application: Application) -> tuple[Actor, Any]:
    reviewer, assignment = reviewer_of(world, application)
    declare_conflict(world.session, assignment, actor=reviewer, has_conflict=False)
    return reviewer, assignment


def step_file(world: World, application: Application, actor: Actor) -> Document:
    document = Document(
        case_id=application.id,
        slot=STEP_SLOT,
        sha256="a" * 64,
        size=10,
        filename="ban-goc.pdf",
        media_type="application/pdf",
        uploaded_by_id=actor.person_id,
    )
    world.session.add(document)
    world.session.flush()
    return document


def view(world: World, application: Application, actor: Actor) -> DossierView:
    return dossier_view(world.session, application.key, actor=actor)


def test_another_organisation_does_not_learn_that_the_dossier_exists(world: World) -> None:
    application = accepted(world)
    stranger = actor_for(
        world.session, make_person(world.session, organisation=make_organisation(world.session, name="Công ty Khác"))
    )

    with pytest.raises(NotFound):
        view(world, application, stranger)


@pytest.mark.parametrize("scope", ["procedure", "unit"])
def test_a_grant_elsewhere_opens_nothing_here(world: World, scope: str) -> None:
    application = accepted(world)
    elsewhere = {"scope_procedure": "another"} if scope == "procedure" else {"scope_unit_id": _another_unit(world)}
    officer = make_person(world.session, grants=[{"role": "case_officer", **elsewhere}])

    with pytest.raises(NotFound):
        view(world, application, actor_for(world.session, officer))


def _another_unit(world: World) -> int:
    return make_unit(world.session).id


def test_the_file_opens_to_a_reviewer_only_after_the_declaration(world: World) -> None:
    application = accepted(world)
    reviewer, assignment = reviewer_of(world, application)

    with pytest.raises(NotFound):
        view(world, application, reviewer)
    declare_conflict(world.session, assignment, actor=reviewer, has_conflict=False)

    assert view(world, application, reviewer).reader.is_reviewer


def test_others_reviews_stay_hidden_until_ones_own_is_in(world: World) -> None:
    application = accepted(world)
    first, first_task = declared(world, application)
    second, second_task = declared(world, application)
    for reviewer, task in ((first, first_task), (second, second_task)):
        save_review(world.session, task, FULL_MARKS, actor=reviewer)
    submit_review(world.session, first_task, actor=first)

    before = [row.ReviewAssignment.id for row in view(world, application, second).reviews]
    submit_review(world.session, second_task, actor=second)
    after = [row.ReviewAssignment.id for row in view(world, application, second).reviews]

    assert before == [second_task.id]
    assert after == [first_task.id, second_task.id]


def test_the_applicant_sees_no_review(world: World) -> None:
    application = accepted(world)
    reviewer, task = declared(world, application)
    save_review(world.session, task, FULL_MARKS, actor=reviewer)
    submit_review(world.session, task, actor=reviewer)

    assert view(world, application, world.applicant).reviews == []


def test_an_officer_of_the_applicants_own_house_reads_as_the_applicant(world: World) -> None:
    application = accepted(world)
    reviewer, task = declared(world, application)
    save_review(world.session, task, FULL_MARKS, actor=reviewer)
    submit_review(world.session, task, actor=reviewer)
    both = make_person(world.session, grants=["case_officer"], organisation=world.organisation)

    seen = view(world, application, actor_for(world.session, both))

    assert (seen.is_staff, seen.is_applicant, seen.reviews) == (False, True, [])


def test_what_the_house_prepares_is_not_told_outside(world: World) -> None:
    application = accepted(world)
    fire(
        world.session,
        application,
        "draft_decision",
        actor=world.officer("decision_drafter"),
        data={"outcome": "refuse"},
    )

    inside = view(world, application, world.officer("auditor")).happenings[-1]
    outside = view(world, application, world.applicant).happenings[-1]

    assert [said.value for said in inside.said] == ["refuse"]
    assert (outside.step, outside.said) == ("draft_decision", ())


def test_each_step_is_told_with_its_role(world: World) -> None:
    application = accepted(world)

    told = view(world, application, world.applicant).happenings

    assert [(happening.step, happening.role) for happening in told] == [
        ("submit", "applicant"),
        ("accept", "intake_officer"),
    ]


def test_a_file_that_no_step_carries_stays_with_its_uploader(world: World) -> None:
    application = accepted(world)
    issuer = world.officer("issuer")
    document = step_file(world, application, issuer)

    with pytest.raises(NotFound):
        visible_document(world.session, application.key, document.id, actor=world.applicant)
    with pytest.raises(NotFound):
        visible_document(world.session, application.key, document.id, actor=world.officer("auditor"))

    assert visible_document(world.session, application.key, document.id, actor=issuer) is document
    assert document not in view(world, application, world.applicant).documents


def test_messages_are_between_the_applicant_and_the_house(world: World) -> None:
    application = accepted(world)
    reviewer, _ = declared(world, application)
    send_message(world.session, application, "Xin hỏi tiến độ", actor=world.applicant)

    assert [row.text for row in view(world, application, world.officer("auditor")).messages] == ["Xin hỏi tiến độ"]
    assert view(world, application, reviewer).messages == []


def test_everybody_but_the_applicant_reads_what_was_sent(world: World) -> None:
    application = accepted(world)
    application.answers = {**application.answers, "name": "Chưa gửi"}
    world.session.flush()

    assert view(world, application, world.applicant).answers["name"] == "Chưa gửi"
    assert view(world, application, world.officer("case_officer")).answers["name"] == "Máy bay giao hàng"


def test_the_ledger_counts_used_days_without_the_paused_ones(world: World) -> None:
    application = accepted(world)
    officer = world.officer("case_officer")
    fire(world.session, application, "hold", actor=officer)

    run = view(world, application, officer).ledger[0]

    assert (run.status, run.used, run.left, run.is_late, run.due_at) == ("paused", 0, 15, False, None)
    assert [(part.is_pause, part.author) for part in run.stretches] == [
        (False, world.people["intake_officer"].full_name),
        (True, world.people["case_officer"].full_name),
    ]


def test_a_finished_run_is_late_by_its_own_end(world: World) -> None:
    application = world.draft()
    fire(world.session, application, "submit", actor=world.applicant)
    run = view(world, application, world.officer("intake_officer")).ledger[0]
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    check = view(world, application, world.officer("intake_officer")).ledger[-1]

    assert (run.is_late, check.status, check.is_late) == (False, "stopped", False)


def test_the_view_costs_the_same_number_of_queries_however_much_there_is(world: World, session: Session) -> None:
    application = accepted(world)
    officer = world.officer("auditor")

    _happen(world, application, times=1)
    few = _queries(session, lambda: view(world, application, officer))
    _happen(world, application, times=2)
    many = _queries(session, lambda: view(world, application, officer))

    assert few == many


def _happen(world: World, application: Application, *, times: int) -> None:
    officer = world.officer("case_officer")
    for _ in range(times):
        declared(world, application)
        send_message(world.session, application, "Tin", actor=world.applicant)
        fire(world.session, application, "hold", actor=officer)
        fire(world.session, application, "go_on", actor=officer)


def _queries(session: Session, act: Any) -> int:
    act()
    session.expire_all()
    seen: list[str] = []
    bind = session.get_bind()
    listener = lambda *args: seen.append(args[2])  # noqa: E731 - needs an identity to be removed
    event.listen(bind, "before_cursor_execute", listener)
    act()
    event.remove(bind, "before_cursor_execute", listener)
    return len(seen)

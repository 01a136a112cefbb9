"""Reviews over HTTP: the declaration before the file, scoring, what stays hidden, whom officers ask."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.models import Application, ReviewAssignment, ReviewScore
from tests.accounts.factories import make_person, make_unit
from tests.applications.small_pack import World
from tests.applications.visits import accepted, asked_reviewer, queries_of, text_of, visiting

WHOLE = {"score-novel": "4", "comment-novel": "", "score-safe": "1", "comment-safe": "Thiếu phương án", "summary": "Ổn"}


def test_ones_tasks_show_titles_only(world: World, client: FlaskClient) -> None:
    application = accepted(world, phone="0912345678")
    reviewer, assignment = asked_reviewer(world, application, declared=False)

    page = visiting(world, client, reviewer).get("/reviews")

    assert f"/reviews/{assignment.id}" in page.text
    assert "Máy bay giao hàng" in text_of(page.text)
    assert f"/dossiers/{application.key}" not in page.text


def test_the_file_stays_closed_until_the_declaration(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    reviewer, assignment = asked_reviewer(world, application, declared=False)
    visit = visiting(world, client, reviewer)

    before = visit.get(f"/dossiers/{application.key}").status_code
    shown = visit.get(f"/reviews/{assignment.id}")
    early = visit.post(f"/reviews/{assignment.id}", data=WHOLE)
    declared = visit.post(f"/reviews/{assignment.id}/declaration", data={"has_conflict": "no"})
    after = visit.get(f"/dossiers/{application.key}").status_code

    assert (before, declared.status_code, after) == (404, 303, 200)
    assert 'name="has_conflict"' in shown.text
    assert early.status_code == 409


def test_a_conflict_ends_the_task_for_good(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world)
    reviewer, assignment = asked_reviewer(world, application, declared=False)
    visit = visiting(world, client, reviewer)

    nameless = visit.post(f"/reviews/{assignment.id}/declaration", data={"has_conflict": "yes"})
    named = visit.post(f"/reviews/{assignment.id}/declaration", data={"has_conflict": "yes", "kind": "family"})
    again = visiting(world, client, "case_officer").post(
        f"/dossiers/{application.key}/reviewers", data={"reviewer": str(reviewer.id)}
    )

    assert (nameless.status_code, named.status_code, again.status_code) == (422, 303, 422)
    assert visiting(world, client, reviewer).get(f"/dossiers/{application.key}").status_code == 404
    assert session.scalar(select(ReviewAssignment.conflict_kind)) == "family"


def test_an_empty_declaration_is_refused(world: World, client: FlaskClient) -> None:
    reviewer, assignment = asked_reviewer(world, accepted(world), declared=False)

    answer = visiting(world, client, reviewer).post(f"/reviews/{assignment.id}/declaration")

    assert answer.status_code == 422
    assert 'id="has_conflict-error"' in answer.text


def test_saving_keeps_an_unfinished_review(world: World, client: FlaskClient, session: Session) -> None:
    reviewer, assignment = asked_reviewer(world, accepted(world))
    visit = visiting(world, client, reviewer)

    answer = visit.post(f"/reviews/{assignment.id}", data={"score-novel": "4", "comment-safe": "Sẽ xem", "do": "save"})

    assert answer.status_code == 303
    rows = session.scalars(select(ReviewScore).order_by(ReviewScore.criterion))
    assert [(row.criterion, row.score, row.comment) for row in rows] == [("novel", 4, ""), ("safe", None, "Sẽ xem")]
    assert session.scalar(select(ReviewAssignment.submitted_at)) is None
    assert "Sẽ xem" in visit.get(f"/reviews/{assignment.id}").text


def test_what_is_missing_is_said_and_what_was_written_is_kept(world: World, client: FlaskClient) -> None:
    reviewer, assignment = asked_reviewer(world, accepted(world))
    visit = visiting(world, client, reviewer)

    answer = visit.post(
        f"/reviews/{assignment.id}", data={**WHOLE, "comment-safe": "", "summary": "Đã viết", "do": "submit"}
    )

    assert answer.status_code == 422
    assert 'id="error-safe"' in answer.text
    assert 'id="error-novel"' not in answer.text
    assert "Đã viết" in answer.text
    assert "Đã viết" in visit.get(f"/reviews/{assignment.id}").text


@pytest.mark.parametrize("score", ["6", "-1", "x", "9999999"])
def test_a_score_off_the_scale_is_refused(world: World, client: FlaskClient, score: str) -> None:
    reviewer, assignment = asked_reviewer(world, accepted(world))

    answer = visiting(world, client, reviewer).post(f"/reviews/{assignment.id}", data={"score-novel": score})

    assert answer.status_code == 422
    assert 'id="error-novel"' in answer.text


def test_a_submitted_review_is_final_and_weighted(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    reviewer, assignment = asked_reviewer(world, application)
    visit = visiting(world, client, reviewer)

    submitted = visit.post(f"/reviews/{assignment.id}", data={**WHOLE, "do": "submit"})
    later = visit.post(f"/reviews/{assignment.id}", data={**WHOLE, "score-novel": "0"})
    shown = visit.get(f"/reviews/{assignment.id}")

    assert (submitted.status_code, later.status_code) == (303, 409)
    assert "60,0%" in text_of(shown.text)
    assert "60,0%" in text_of(visiting(world, client, "case_officer").get(f"/dossiers/{application.key}").text)


def test_a_task_of_somebody_else_is_not_there(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    _, assignment = asked_reviewer(world, application, declared=False)
    other, _ = asked_reviewer(world, application)
    visit = visiting(world, client, other)

    assert visit.get(f"/reviews/{assignment.id}").status_code == 404
    assert visit.post(f"/reviews/{assignment.id}/declaration", data={"has_conflict": "no"}).status_code == 404
    assert visit.post(f"/reviews/{assignment.id}", data=WHOLE).status_code == 404


def test_officers_ask_reviewers_and_release_them(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world)
    reviewer = make_person(session, grants=["reviewer"])
    visit = visiting(world, client, "case_officer")
    address = f"/dossiers/{application.key}/reviewers"

    asked = visit.post(address, data={"reviewer": str(reviewer.id)})
    assignment = session.scalars(select(ReviewAssignment)).one()
    shown = text_of(visit.get(address).text)
    released = visit.post(f"{address}/{assignment.id}/release")
    session.expire_all()

    assert (asked.status_code, released.status_code) == (303, 303)
    assert reviewer.full_name in shown
    assert session.get_one(ReviewAssignment, assignment.id).removed_at is not None


def test_only_independent_reviewers_of_this_procedure_can_be_asked(
    world: World, client: FlaskClient, session: Session
) -> None:
    application = accepted(world)
    member = make_person(session, grants=["reviewer"], organisation=world.organisation)
    elsewhere = make_person(
        session, grants=[{"role": "reviewer", "scope_unit_id": make_unit(session).id}], full_name="Ở Nơi Khác"
    )
    visit = visiting(world, client, "case_officer")
    address = f"/dossiers/{application.key}/reviewers"

    page = visit.get(address).text

    assert f'value="{member.id}" disabled' in page
    assert "Ở Nơi Khác" not in page
    for person in (member, elsewhere, world.people["applicant"]):
        assert visit.post(address, data={"reviewer": str(person.id)}).status_code == 422
    assert visit.post(address, data={"reviewer": "999999"}).status_code == 422
    assert visit.post(address).status_code == 422


@pytest.mark.parametrize("who", ["applicant", "auditor", "issuer"])
def test_others_assign_nobody(world: World, client: FlaskClient, who: str) -> None:
    application = accepted(world)
    visit = visiting(world, client, who)

    assert visit.get(f"/dossiers/{application.key}/reviewers").status_code == 403
    assert visit.post(f"/dossiers/{application.key}/reviewers", data={"reviewer": "1"}).status_code == 403


def test_a_task_of_another_dossier_is_not_released_through_this_one(
    world: World, client: FlaskClient, session: Session
) -> None:
    here, there = accepted(world), accepted(world)
    _, assignment = asked_reviewer(world, there)
    visit = visiting(world, client, "case_officer")

    assert visit.post(f"/dossiers/{here.key}/reviewers/{assignment.id}/release").status_code == 404
    session.expire_all()
    assert session.get_one(ReviewAssignment, assignment.id).removed_at is None


def test_lists_cost_the_same_for_one_task_and_three(world: World, client: FlaskClient, session: Session) -> None:
    application = accepted(world)
    reviewer, _ = asked_reviewer(world, application)
    visit = visiting(world, client, reviewer)

    one = queries_of(session, lambda: visit.get("/reviews"))
    for _ in range(2):
        _ask(world, accepted(world), reviewer.id)
    three = queries_of(session, lambda: visit.get("/reviews"))

    assert one == three


def _ask(world: World, application: Application, reviewer_id: int) -> None:
    world.session.add(ReviewAssignment(case_id=application.id, reviewer_id=reviewer_id))
    world.session.commit()

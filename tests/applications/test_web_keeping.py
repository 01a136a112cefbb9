"""Answers kept while they are typed: cheap, never refused for being unfinished, never over somebody else's."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from applications.engine import fire
from applications.models import Application
from applications.operations.drafts import save_answers
from tests.accounts.factories import make_organisation, make_person, sign_in
from tests.applications.small_pack import World
from tests.applications.wide_pack import make_wide_world, wide_draft


@pytest.fixture
def wide(session: Session) -> World:
    return make_wide_world(session)


@pytest.fixture
def applicant(client: FlaskClient, session: Session, wide: World) -> FlaskClient:
    sign_in(client, session, wide.people["applicant"])
    return client


def keep(browser: FlaskClient, draft: Application, question: str, seen: str = "", **typed: str) -> TestResponse:
    return browser.post(f"/dossiers/{draft.key}/answers", data={"question": question, "seen": seen, **typed})


def stored(session: Session, draft: Application) -> Application:
    session.expire_all()
    return session.get_one(Application, draft.id)


def test_one_answer_is_kept_and_all_others_stay(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Tên", users=3)
    session.commit()
    before = stored(session, draft).revision

    answer = keep(applicant, draft, "budget", budget="2.000.000")

    after = stored(session, draft)
    assert answer.status_code == 200
    assert after.answers == {"name": "Tên", "users": 3, "budget": 2_000_000}
    assert after.revision == answer.json["revision"] == before + 1
    assert after.edits["budget"]["person"] == wide.applicant.person_id
    assert after.edits["budget"]["revision"] == after.revision
    assert after.edits["name"]["revision"] == before


def test_the_title_follows_its_question(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, users=3)
    session.commit()

    keep(applicant, draft, "users", users="4")
    keep(applicant, draft, "name", name="Máy bay giao thuốc")
    assert stored(session, draft).title == "Máy bay giao thuốc"

    keep(applicant, draft, "users", users="5")
    assert stored(session, draft).title == "Máy bay giao thuốc"


def test_what_is_unsound_is_kept_as_typed_and_told(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, users=5)
    session.commit()
    seen = keep(applicant, draft, "users", users="6").json["seen"]["users"]

    answer = keep(applicant, draft, "users", seen, users="rất nhiều")

    assert answer.status_code == 200
    assert answer.json["errors"] == {"users": ["Enter a number."]}
    assert (stored(session, draft).answers, stored(session, draft).unsound) == ({}, {"users": "rất nhiều"})
    seen = answer.json["seen"]["users"]
    assert keep(applicant, draft, "users", seen, users="7").json["errors"] == {}
    assert (stored(session, draft).answers, stored(session, draft).unsound) == ({"users": 7}, {})


def test_a_wrong_cell_is_told_with_its_row_and_column(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()

    answer = keep(applicant, draft, "sites", **{"sites-row": "0", "sites-0-site": "Một", "sites-0-area": "rộng"})

    assert answer.json["errors"] == {"sites": ["Câu sites, row 1: Câu area: Enter a number."]}


def test_an_emptied_answer_is_taken_back(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Tên")
    session.commit()
    seen = keep(applicant, draft, "name", name="Khác", seen="name:99:").json["seen"]["name"]

    keep(applicant, draft, "name", seen, name="  ")

    assert stored(session, draft).answers == {}


def test_the_same_answer_again_changes_nothing(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Tên")
    session.commit()
    before = stored(session, draft).revision

    answer = keep(applicant, draft, "name", name="Tên")

    assert (answer.status_code, answer.json["revision"]) == (200, before)
    assert stored(session, draft).revision == before


def test_a_colleagues_answer_is_shown_beside_mine_and_stays(
    applicant: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide, name="Cũ")
    session.commit()
    seen = keep(applicant, draft, "name", "name:99:", name="Cũ hơn").json["seen"]["name"]
    save_answers(session, draft, {"name": "Của đồng nghiệp"}, actor=wide.applicant)
    session.commit()

    answer = keep(applicant, draft, "name", seen, name="Của tôi")

    assert answer.status_code == 409
    side_by_side = answer.json["conflicts"]["name"]
    assert "Của đồng nghiệp" in side_by_side
    assert "Của tôi" in side_by_side
    assert stored(session, draft).answers == {"name": "Của đồng nghiệp"}
    mine = side_by_side.partition('name="mine" value="')[2].partition('"')[0]
    assert applicant.post(
        f"/dossiers/{draft.key}/answers", data={"question": "name", "seen": seen, "name": "Của tôi", "mine": mine}
    ).status_code == 200  # fmt: skip
    assert stored(session, draft).answers == {"name": "Của tôi"}


def test_an_answer_never_seen_is_not_overwritten(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Đã có")
    session.commit()

    assert keep(applicant, draft, "name", name="Khác").status_code == 409
    assert stored(session, draft).answers == {"name": "Đã có"}


@pytest.mark.parametrize("seen", ["name", "name:x:y", "name:1", ":::", "name:-1:00", "x" * 9999])
def test_what_is_no_mark_counts_as_not_seen(
    applicant: FlaskClient, session: Session, wide: World, seen: str
) -> None:  # fmt: skip
    draft = wide_draft(wide, name="Đã có")
    session.commit()

    assert keep(applicant, draft, "name", seen, name="Khác").status_code == 409


def test_questions_that_are_not_asked_are_refused(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()

    assert keep(applicant, draft, "nothing", nothing="1").status_code == 422


def test_nobody_else_keeps_answers(client: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Tên")
    viewer = make_person(session, organisation=wide.organisation, membership_role="viewer")
    stranger = make_person(session, organisation=make_organisation(session))
    session.commit()
    outcomes = {"public": keep(client, draft, "users", users="1").status_code}
    for name, person in (("viewer", viewer), ("stranger", stranger), ("officer", wide.people["intake_officer"])):
        sign_in(client, session, person)
        outcomes[name] = keep(client, draft, "users", users="1").status_code

    assert outcomes == {"public": 403, "viewer": 403, "stranger": 404, "officer": 404}
    assert stored(session, draft).answers == {"name": "Tên"}


def test_what_was_sent_is_not_changed_any_more(client: FlaskClient, session: Session, world: World) -> None:
    draft = world.draft()
    fire(session, draft, "submit", actor=world.applicant)
    sign_in(client, session, world.people["applicant"])

    assert keep(client, draft, "users", users="1").status_code == 409
    assert "users" not in stored(session, draft).answers


def test_keeping_costs_few_statements(applicant: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Tên", sites=[{"site": str(number)} for number in range(3)])
    session.commit()
    seen = keep(applicant, draft, "users", users="1").json["seen"]["users"]
    statements: list[str] = []

    def note(*arguments: object) -> None:
        statements.append(str(arguments[2]))

    bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    answer = keep(applicant, draft, "users", seen, users="2")
    event.remove(bind, "before_cursor_execute", note)

    assert answer.status_code == 200
    counted = [one for one in statements if not one.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))]
    assert len(counted) <= 5, counted

"""A targeted return: only what was marked opens, by page and by program; both versions are shown afterwards."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application, CaseEvent, Document, EarlierSubmission, Letter
from applications.operations.documents import add_document, remove_document
from applications.operations.drafts import save_answers
from applications.packs.catalogue import check_content
from applications.packs.reading import PackError
from applications.queries.corrections import corrections_view
from foundation.errors import Invalid, NotAllowed
from tests.accounts.factories import actor_for, make_organisation, make_person, sign_in
from tests.applications.marking_pack import BETTER_PLAN, MARKING, make_marking_world, mark, marking_pack, returned, sent
from tests.applications.programs import program_of
from tests.applications.small_pack import World, words
from tests.applications.visits import text_of, visiting
from tests.pages import Page, open_page


@pytest.fixture
def world(session: Session) -> World:
    return make_marking_world(session)


def stored(world: World, application: Application) -> Application:
    world.session.expire_all()
    return world.session.get_one(Application, application.id)


def plan_of(world: World, application: Application) -> Document:
    query = select(Document).where(Document.case_id == application.id, Document.removed_at.is_(None))
    return world.session.scalars(query).one()


def resubmit(world: World, application: Application) -> None:
    fire(world.session, application, "resubmit", actor=world.applicant)
    world.session.commit()


def test_a_marked_answer_can_be_changed(world: World) -> None:
    application = returned(world, mark("field.summary"))

    save_answers(world.session, application, {"summary": "Rõ hơn"}, actor=world.applicant)

    assert stored(world, application).answers["summary"] == "Rõ hơn"


def test_another_answer_cannot(world: World) -> None:
    application = returned(world, mark("field.summary"))

    with pytest.raises(NotAllowed) as refusal:
        save_answers(world.session, application, {"name": "Tên khác"}, actor=world.applicant)

    assert [(r.code, r.facts) for r in refusal.value.reasons] == [("parts_not_open", {"parts": ["name"]})]
    assert stored(world, application).answers["name"] == "Máy bay giao thuốc"


def test_nonsense_in_a_closed_answer_is_refused_as_closed(world: World) -> None:
    application = returned(world, mark("field.summary"))

    with pytest.raises(NotAllowed):
        save_answers(world.session, application, {"users": "nhiều"}, actor=world.applicant, keep_unsound=True)


def test_a_closed_answer_sent_as_it_stands_changes_nothing(world: World) -> None:
    application = returned(world, mark("field.summary"))

    save_answers(world.session, application, {"name": "Máy bay giao thuốc", "summary": "Rõ"}, actor=world.applicant)

    assert stored(world, application).answers["summary"] == "Rõ"


def test_a_question_that_a_correction_opens_can_be_answered(world: World) -> None:
    application = returned(world, mark("field.is_open"))

    save_answers(world.session, application, {"is_open": True, "why": "Cho người dân"}, actor=world.applicant)

    assert stored(world, application).answers["why"] == "Cho người dân"


def test_an_optional_question_left_blank_stays_closed_unless_marked(world: World) -> None:
    application = returned(world, mark("field.summary"))

    with pytest.raises(NotAllowed):
        save_answers(world.session, application, {"budget": 5}, actor=world.applicant)


def test_only_marked_documents_come_and_go(world: World) -> None:
    application = returned(world, mark("field.summary"))
    plan = plan_of(world, application)

    with pytest.raises(NotAllowed):
        add_document(world.session, application, "plan", BETTER_PLAN, actor=world.applicant)
    with pytest.raises(NotAllowed):
        remove_document(world.session, application, plan.id, actor=world.applicant)

    assert plan_of(world, application).sha256 == "a" * 64


def test_a_marked_document_is_replaced(world: World) -> None:
    application = returned(world, mark("document.plan", "missing"))

    add_document(world.session, application, "plan", BETTER_PLAN, actor=world.applicant)

    assert plan_of(world, application).sha256 == "b" * 64


def test_without_marks_all_is_open(world: World) -> None:
    application = sent(world)
    override = {"to_state": "owed", "reason": "Gửi nhầm nơi nhận"}
    fire(world.session, application, "override", actor=world.officer("administrator"), data=override)

    save_answers(world.session, application, {"name": "Tên khác"}, actor=world.applicant)

    assert stored(world, application).answers["name"] == "Tên khác"


def test_only_parts_that_the_pack_has_can_be_marked(world: World) -> None:
    application, officer = sent(world), world.officer("intake_officer")
    data = {"items": [mark("field.nonsense")]}

    with pytest.raises(Invalid) as refusal:
        fire(world.session, application, "request_supplement", actor=officer, data=data)

    assert "items.0.part" in refusal.value.fields


def test_what_was_sent_before_stays(world: World) -> None:
    application = returned(world, mark("field.summary"))
    save_answers(world.session, application, {"summary": "Rõ hơn"}, actor=world.applicant)

    resubmit(world, application)

    earlier = world.session.scalars(select(EarlierSubmission)).one()
    assert (earlier.number, "summary" in earlier.content["answers"]) == (1, False)
    now = stored(world, application).submitted
    assert now is not None
    assert (now["number"], now["answers"]["summary"]) == (2, "Rõ hơn")


def test_the_officer_sees_exactly_the_marked_parts_before_and_after(world: World) -> None:
    application = returned(world, mark("field.summary"), mark("document.plan"), mark("field.users"))
    save_answers(world.session, application, {"summary": "Rõ hơn"}, actor=world.applicant)
    add_document(world.session, application, "plan", BETTER_PLAN, actor=world.applicant)
    resubmit(world, application)

    (found,) = corrections_view(world.session, application.key, actor=world.officer("intake_officer")).rounds

    assert [(change.spec.key, change.is_changed) for change in found.changes] == [
        ("summary", True),
        ("users", False),
        ("plan", True),
    ]
    assert [(change.before, change.after) for change in found.changes[:2]] == [(None, "Rõ hơn"), (7, 7)]
    assert [row["filename"] for row in found.changes[2].after] == ["ke-hoach-moi.pdf"]


def test_the_officer_does_not_see_what_is_not_sent_yet(world: World) -> None:
    application = returned(world, mark("field.summary"))
    save_answers(world.session, application, {"summary": "Chưa xong"}, actor=world.applicant)

    (found,) = corrections_view(world.session, application.key, actor=world.officer("intake_officer")).rounds

    assert (found.is_answered, found.changes[0].after) == (False, None)


def test_the_page_of_a_section_offers_only_what_is_open(world: World, client: FlaskClient) -> None:
    application = returned(world, mark("field.summary", instruction="Viết gọn lại"))
    applicant = visiting(world, client, "applicant")

    page = open_page(applicant, f"/dossiers/{application.key}/draft/about")

    assert [field.attributes.get("name") for field in page.root.all("textarea")] == ["summary"]
    assert page.root.all("input", name="name") == []
    assert "Viết gọn lại" in page.text
    assert "Not open for change" in page.text


def test_a_forged_form_for_a_closed_part_is_forbidden(world: World, client: FlaskClient) -> None:
    application = returned(world, mark("field.summary"))
    applicant = visiting(world, client, "applicant")
    form = open_page(applicant, f"/dossiers/{application.key}/draft/about").form()

    answer = form.send(applicant, summary="Rõ", name="Tên khác")

    assert answer.status_code == 403
    assert stored(world, application).answers["name"] == "Máy bay giao thuốc"


def test_programs_are_refused_alike(app: Flask, client: FlaskClient, world: World) -> None:
    application = returned(world, mark("field.summary"))
    program = program_of(app, world.session, world.applicant)
    version = {"If-Match": program.get(f"/applications/{application.key}").headers["ETag"]}

    closed = program.patch(f"/applications/{application.key}", {"answers": {"name": "Khác"}}, headers=version)
    opened = program.patch(f"/applications/{application.key}", {"answers": {"summary": "Rõ"}}, headers=version)
    told = program.get(f"/applications/{application.key}/corrections")

    assert (closed.status_code, closed.json["reasons"][0]["code"]) == (403, "parts_not_open")
    assert opened.status_code == 200
    assert "field.name" in told.json["closed"]
    assert "field.summary" not in told.json["closed"]
    (asked,) = told.json["rounds"][0]["changes"]
    assert (asked["part"], asked["marks"]) == ("field.summary", [{"reason": "unclear", "instruction": "Viết rõ hơn"}])


def test_the_corrections_page_masks_protected_answers(world: World, client: FlaskClient) -> None:
    application = returned(world, mark("field.secret"))
    save_answers(world.session, application, {"secret": "0999"}, actor=world.applicant)
    resubmit(world, application)

    page = text_of(visiting(world, client, "intake_officer").get(f"/dossiers/{application.key}/corrections").text)

    assert "Before" in page
    assert "0912" not in page
    assert "0999" not in page


def test_strangers_and_dossiers_without_corrections_have_no_such_page(world: World, client: FlaskClient) -> None:
    marked, plain = returned(world, mark("field.summary")), sent(world)
    world.session.commit()
    officer = visiting(world, client, "intake_officer")

    assert officer.get(f"/dossiers/{marked.key}/corrections").status_code == 200
    assert officer.get(f"/dossiers/{plain.key}/corrections").status_code == 404
    stranger = make_person(world.session, organisation=make_organisation(world.session))
    sign_in(client, world.session, stranger)
    assert client.get(f"/dossiers/{marked.key}/corrections").status_code == 404


def test_the_applicant_is_shown_what_is_still_unchanged(world: World, client: FlaskClient) -> None:
    application = returned(world, mark("field.summary"), mark("field.users"))
    save_answers(world.session, application, {"summary": "Rõ hơn"}, actor=world.applicant)
    world.session.commit()

    page = text_of(visiting(world, client, "applicant").get(f"/dossiers/{application.key}/draft").text)

    assert page.count("Not changed yet") == 1


def test_the_letter_lists_each_part_with_its_reason(world: World) -> None:
    application = returned(world, mark("field.summary", "missing", "Thêm số liệu"))

    event = world.session.scalars(
        select(CaseEvent).where(CaseEvent.case_id == application.id, CaseEvent.step == "request_supplement")
    ).one()
    letter = world.session.scalars(select(Letter).where(Letter.event_id == event.id)).one()
    (table,) = letter.facts["answers"]
    assert [cell["vi"] for cell in table["rows"][0]] == ["Câu summary", "Lý do missing", "Thêm số liệu"]


def a_pack_whose_form_asks_a_part() -> dict[str, Any]:
    pack = marking_pack()
    pack["form"][0]["fields"].append({"key": "mine", "type": "part", "label": words("Mục")})
    return pack


def a_pack_with_two_marking_tables() -> dict[str, Any]:
    pack = marking_pack()
    step = next(step for step in pack["steps"] if step["key"] == "request_supplement")
    step["asks"] = [MARKING, MARKING | {"key": "more"}]
    return pack


@pytest.mark.parametrize("make", [a_pack_whose_form_asks_a_part, a_pack_with_two_marking_tables])
def test_parts_are_marked_in_one_table_of_a_step(make: Any) -> None:
    with pytest.raises(PackError, match="parts of the dossier"):
        check_content(make())


def test_a_reviewer_has_no_part_in_corrections(world: World, client: FlaskClient) -> None:
    application = returned(world, mark("field.summary"))
    reviewer = make_person(world.session, grants=["reviewer"])
    world.session.commit()
    sign_in(client, world.session, reviewer)

    assert actor_for(world.session, reviewer).holds("reviewer")
    assert client.get(f"/dossiers/{application.key}/corrections").status_code == 404


def test_ticking_parts_fills_the_table_of_the_step(world: World, client: FlaskClient) -> None:
    application = sent(world)
    world.session.commit()
    officer = visiting(world, client, "intake_officer")
    address = f"/dossiers/{application.key}/steps/request_supplement"

    form = open_page(officer, address).form_to("request_supplement")
    answer = form.send(officer, press=("add_marks", "yes"), mark=["field.users", "document.plan", "field.nonsense"])

    shown = Page(answer).form_to("request_supplement").values
    assert [shown[f"items-{row}-part"] for row in (0, 1)] == ["field.users", "document.plan"]
    assert "items-2-part" not in shown
    assert stored(world, application).state == "checking"

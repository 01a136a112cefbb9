"""Several people on one draft: what two changed stands side by side, and nothing is overwritten."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.operations.drafts import save_answers
from tests.accounts.factories import actor_for, make_person, sign_in
from tests.applications.small_pack import World
from tests.applications.wide_pack import section, stored, wide_draft
from tests.pages import Page, open_page


def test_somebody_elses_change_is_shown_beside_mine_and_all_else_is_saved(
    writer: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide, name="Cũ", users=1)
    colleague = make_person(session, organisation=wide.organisation)
    session.commit()
    form = open_page(writer, section(draft, "about")).form()
    save_answers(session, draft, {"name": "Của đồng nghiệp"}, actor=actor_for(session, colleague))
    session.commit()

    conflict = Page(form.send(writer, name="Của tôi", users="2"))

    assert conflict.status == 409
    sides = conflict.root.one("section", data_conflict="name").text
    told = ("Của đồng nghiệp", "Của tôi", colleague.full_name)
    assert [words for words in told if words not in sides] == []
    assert conflict.form().values["name"] == "Của tôi"
    assert stored(session, draft).answers == {"name": "Của đồng nghiệp", "users": 2}


def test_a_conflict_stands_until_it_is_settled_by_choosing(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Cũ")
    session.commit()
    form = open_page(writer, section(draft, "about")).form()
    save_answers(session, draft, {"name": "Của đồng nghiệp"}, actor=wide.applicant)
    session.commit()
    conflict = Page(form.send(writer, name="Của tôi"))

    unsettled = Page(conflict.form().send(writer, press=("go", "next")))
    kept = unsettled.root.one("button", name="take").attributes["value"]
    theirs = unsettled.form().send(writer, take=kept)
    assert (unsettled.status, theirs.status_code) == (409, 303)
    assert stored(session, draft).answers == {"name": "Của đồng nghiệp"}

    mine = unsettled.root.one("button", name="mine").attributes["value"]
    assert unsettled.form().send(writer, mine=mine).status_code == 303
    assert stored(session, draft).answers == {"name": "Của tôi"}


def test_choosing_mine_overwrites_no_third_answer(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Cũ")
    session.commit()
    form = open_page(writer, section(draft, "about")).form()
    save_answers(session, draft, {"name": "Thứ hai"}, actor=wide.applicant)
    session.commit()
    conflict = Page(form.send(writer, name="Của tôi"))
    save_answers(session, draft, {"name": "Thứ ba"}, actor=wide.applicant)
    session.commit()

    mine = conflict.root.one("button", name="mine").attributes["value"]
    again = Page(conflict.form().send(writer, mine=mine))

    assert again.status == 409
    assert "Thứ ba" in again.root.one("section", data_conflict="name").text
    assert stored(session, draft).answers == {"name": "Thứ ba"}


def test_an_answer_left_as_it_was_shown_undoes_nothing(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide, name="Cũ", users=1)
    session.commit()
    form = open_page(writer, section(draft, "about")).form()
    save_answers(session, draft, {"users": 5}, actor=wide.applicant)
    session.commit()

    answer = form.send(writer, name="Mới")

    assert answer.status_code == 303
    assert stored(session, draft).answers == {"name": "Mới", "users": 5}


def test_a_change_in_another_section_is_no_conflict(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    form = open_page(writer, section(draft, "about")).form()
    save_answers(session, draft, {"level": "low"}, actor=wide.applicant)
    session.commit()

    answer = form.send(writer, name="Tên")

    assert answer.status_code == 303
    assert stored(session, draft).answers == {"level": "low", "name": "Tên"}


def test_what_was_typed_here_is_gone_on_with_on_another_device(
    writer: FlaskClient, session: Session, wide: World, app: Flask
) -> None:
    draft = wide_draft(wide)
    session.commit()
    open_page(writer, section(draft, "about")).form().send(writer, name="Trên máy tính", users="")
    phone = app.test_client()
    sign_in(phone, session, wide.people["applicant"])

    form = open_page(phone, section(draft, "about")).form()
    gone_on = form.send(phone, users="7")

    assert (form.values["name"], gone_on.status_code) == ("Trên máy tính", 303)
    assert stored(session, draft).answers == {"name": "Trên máy tính", "users": 7}

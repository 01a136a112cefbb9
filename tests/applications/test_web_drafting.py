"""Writing a dossier on pages without scripts: what is kept, what is said."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.operations.drafts import save_answers
from tests.accounts.factories import actor_for, make_person, sign_in
from tests.applications.small_pack import World
from tests.applications.wide_pack import CODE, section, stored, wide_draft
from tests.pages import Page, follow, open_page


def test_a_dossier_is_begun_from_the_page_of_its_procedure(writer: FlaskClient, wide: World) -> None:
    page = open_page(writer, f"/procedures/{CODE}")

    drafting = follow(writer, page.form_to("/start").send(writer))

    assert drafting.address.startswith("/dossiers/WT-")
    assert "Giới thiệu" in drafting.text


def test_every_kind_of_answer_is_kept_and_shown_again(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    wide.people["applicant"].language = "vi"
    session.commit()
    about = {
        "name": "Máy bay giao thuốc",
        "summary": "may bay khong dau",
        "users": "1.000",
        "budget": "2.500.000.000 đ",
    }
    dates = {"begins": "2027-01-01", "runs-from": "2027-01-01", "runs-to": "2027-06-30", "secret": "0123"}
    place = {"level": "high", "kinds": ["x", "y"], "is_open": "no", "ward": "00004"}

    open_page(writer, section(draft, "about")).form().send(writer, **about, **dates)
    rows = {"sites-0-site": "=cmd()", "sites-0-area": "1,25", "sites-0-where": "00004"}
    open_page(writer, section(draft, "place")).form().send(writer, **place, **rows)

    assert stored(session, draft).answers == {
        "name": "Máy bay giao thuốc",
        "summary": "may bay khong dau",
        "users": 1000,
        "budget": 2_500_000_000,
        "begins": "2027-01-01",
        "runs": {"from": "2027-01-01", "to": "2027-06-30"},
        "secret": "0123",
        "level": "high",
        "kinds": ["x", "y"],
        "is_open": False,
        "ward": "00004",
        "sites": [{"site": "=cmd()", "area": "1.25", "where": "00004"}],
        "run_months": 6,
        "whole_area": "1.25",
    }
    again = open_page(writer, section(draft, "about")).form()
    before = dict(stored(session, draft).answers)
    again.send(writer)
    assert stored(session, draft).answers == before


def test_saving_leads_on_and_an_unfinished_section_is_kept(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    form = open_page(writer, section(draft, "about")).form()

    onwards = form.send(writer, press=("go", "next"), summary="Chưa xong")

    assert onwards.location == section(draft, "place")
    assert stored(session, draft).answers == {"summary": "Chưa xong"}
    assert "Incomplete" in open_page(writer, f"/dossiers/{draft.key}/draft").text


def test_the_task_list_says_who_wrote_each_section_last_and_leads_there(
    client: FlaskClient, session: Session, wide: World
) -> None:
    colleague = make_person(session, organisation=wide.organisation, language="en")
    draft = wide_draft(wide, name="Tên")
    save_answers(session, draft, {"level": "low"}, actor=actor_for(session, colleague))
    sign_in(client, session, wide.people["applicant"])

    page = open_page(client, f"/dossiers/{draft.key}/draft")

    lines = [line.text for line in page.root.all("li", class_="task-line")]
    assert wide.people["applicant"].full_name in lines[0]
    assert colleague.full_name in lines[1]
    assert page.links["Go on there"] == section(draft, "place")


def test_what_is_unsound_is_kept_as_typed_and_told_beside_the_input(
    writer: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide, users=5)
    session.commit()

    answer = open_page(writer, section(draft, "about")).form().send(writer, name="Tên", users="năm mươi")

    page = Page(answer)
    assert page.status == 422
    assert page.errors == {"users": "Error: Enter a number."}
    assert page.root.one("input", id="users").attributes["value"] == "năm mươi"
    assert (stored(session, draft).answers, stored(session, draft).unsound) == ({"name": "Tên"}, {"users": "năm mươi"})
    reopened = open_page(writer, section(draft, "about"))
    assert reopened.errors == {"users": "Error: Enter a number."}
    assert reopened.root.one("input", id="users").attributes["value"] == "năm mươi"


def test_a_correction_puts_an_unsound_answer_right(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    page = Page(open_page(writer, section(draft, "about")).form().send(writer, users="năm mươi"))

    page.form().send(writer, users="50")

    assert (stored(session, draft).answers, stored(session, draft).unsound) == ({"users": 50}, {})


def test_a_row_is_added_and_removed_without_a_script(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    form = open_page(writer, section(draft, "place")).form()
    form.values["sites-0-site"] = "Một"

    page = follow(writer, form.send(writer, press=("add_row", "sites")))
    form = page.form()
    form.values["sites-1-site"] = "Hai"
    after = follow(writer, form.send(writer, press=("remove_row", "sites-0")))

    assert page.form().values.getlist("sites-row") == ["0", "1"]
    assert stored(session, draft).answers["sites"] == [{"site": "Hai"}]
    assert after.form().values["sites-0-site"] == "Hai"


def test_a_question_that_an_answer_opens_is_asked_after_saving(
    writer: FlaskClient, session: Session, wide: World
) -> None:
    draft = wide_draft(wide)
    session.commit()
    page = open_page(writer, section(draft, "place"))

    answer = page.form().send(writer, press=("go", "next"), is_open="yes")

    opened = follow(writer, answer)
    assert "hidden" in page.root.one("div", data_question="why").attributes
    assert answer.location == section(draft, "place") + "?opened=1#why"
    assert "hidden" not in opened.root.one("div", data_question="why").attributes
    assert follow(writer, opened.form().send(writer, press=("go", "next"))).address.endswith("/draft")


@pytest.mark.parametrize(
    "typed",
    ["=cmd()", "\x00\x01", "<script>alert(1)</script>", "’ OR 1=1 --", "\ud7ff\u202e", "%(limit)s", "{{ 7*7 }}"],
)
def test_hostile_text_is_kept_as_text(writer: FlaskClient, session: Session, wide: World, typed: str) -> None:
    draft = wide_draft(wide)
    session.commit()

    answer = open_page(writer, section(draft, "about")).form().send(writer, name=typed)

    again = open_page(writer, section(draft, "about"))
    expected = typed.replace("\x00", "")
    assert answer.status_code == 303
    assert stored(session, draft).answers["name"] == expected
    assert again.root.one("input", id="name").attributes["value"] == expected
    assert "<script>alert" not in writer.get(section(draft, "about")).text


def test_text_in_another_encoding_breaks_nothing(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()
    content_type = "application/x-www-form-urlencoded"

    answer = writer.post(section(draft, "about"), data=b"name=\xff\xfeT%FFn&shown=name", content_type=content_type)

    assert answer.status_code in (303, 409)


def test_too_much_text_is_refused_beside_its_input(writer: FlaskClient, session: Session, wide: World) -> None:
    draft = wide_draft(wide)
    session.commit()

    answer = open_page(writer, section(draft, "about")).form().send(writer, summary="x" * 301)

    assert Page(answer).errors == {"summary": "Error: Use at most 300 characters."}

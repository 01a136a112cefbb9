"""Dossiers are found by their words, with marks or without, and only by those who may see these words."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications import wordindex
from applications.models import DocumentText
from applications.operations.messages import send_message
from applications.queries import search
from applications.queries.search import found
from applications.wordindex import keep_some, words_changed
from foundation.actors import Actor
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.programs import Program
from tests.applications.small_pack import World
from tests.applications.visits import accepted, queries_of, submitted, visiting, with_document
from tests.pages import Page


def keep_all(world: World) -> None:
    world.session.flush()
    while keep_some(world.session):
        world.session.flush()


def keys(world: World, words: str, actor: Actor) -> list[str]:
    keep_all(world)
    page = found(world.session, words, actor=actor)
    assert page is not None
    return [line.row.key for line in page.rows]


@pytest.mark.parametrize(
    "words", ["Đèn đường thông minh", "den duong thong minh", "DEN DUONG", '"đường thông"', "thông min", "đèn đư"]
)
def test_marks_case_phrases_and_beginnings(world: World, words: str) -> None:
    application = accepted(world, name="Đèn đường thông minh")
    accepted(world, name="Máy bay giao hàng")

    assert keys(world, words, world.officer("case_officer")) == [application.key]


@pytest.mark.parametrize("words", ['"đường đèn"', "đèn giao hàng", "đờng"])
def test_all_words_must_be_there_and_phrases_in_order(world: World, words: str) -> None:
    accepted(world, name="Đèn đường thông minh")

    assert keys(world, words, world.officer("case_officer")) == []


@pytest.mark.parametrize("attribute", ["key", "code", "receipt_number"])
def test_codes_and_names_find(world: World, attribute: str) -> None:
    application = accepted(world)

    assert keys(world, str(getattr(application, attribute)), world.officer("case_officer")) == [application.key]
    assert keys(world, world.organisation.name_vi, world.officer("case_officer")) == [application.key]


def test_what_changes_while_its_words_are_sought_is_taken_up_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, sought = accepted(world, name="Đèn đường"), wordindex.words_of
    keep_all(world)

    def interrupted(session: Session, cases: Sequence[Any]) -> list[dict[str, Any]]:
        rows = sought(session, cases)
        monkeypatch.setattr(wordindex, "words_of", sought)
        with session.begin_nested():
            send_message(session, application, text="Cảm biến", actor=world.applicant)
        return rows

    words_changed(world.session, application.id)
    monkeypatch.setattr(wordindex, "words_of", interrupted)

    assert keep_some(world.session) == 0
    assert keys(world, "cảm biến", world.officer("case_officer")) == [application.key]


def far_apart(world: World) -> list[str]:
    """Keys of dossiers with long times between them, newest first."""
    keys_here = []
    for number in (600, 20_000, 300_000, 900_000):
        world.session.execute(text("SELECT setval('cases_id_seq', :number)"), {"number": number})
        keys_here.insert(0, accepted(world, name="Đèn đường thông minh").key)
    keep_all(world)
    return keys_here


@pytest.mark.parametrize("words", ["đèn đường", '"đèn đường"'])
def test_the_newest_come_first_however_far_apart_they_are(
    world: World, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "PATIENCE", 60)
    expected = far_apart(world)
    officer, seen, cursor = world.officer("case_officer"), [], ""

    for _ in expected:
        page = found(world.session, words, actor=officer, cursor=cursor, size=1)
        assert page is not None
        seen += [line.row.key for line in page.rows]
        cursor = page.next_cursor or ""

    assert (seen, cursor) == (expected, "")
    assert keys(world, "den", officer) == expected


def test_a_phrase_is_searched_for_a_while_and_then_on_from_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = far_apart(world)
    monkeypatch.setattr(search, "PATIENCE", -1)
    officer, seen, cursor, pages = world.officer("case_officer"), [], "", 0

    while pages == 0 or cursor:
        page = found(world.session, '"đường thông"', actor=officer, cursor=cursor)
        assert page is not None
        seen += [line.row.key for line in page.rows]
        cursor, pages = page.next_cursor or "", pages + 1

    assert seen == expected
    assert pages > len(expected)


def test_a_page_of_a_phrase_that_was_not_found_yet_leads_on(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_apart(world)
    accepted(world, name="Máy bay giao hàng")
    keep_all(world)
    monkeypatch.setattr(search, "PATIENCE", -1)
    browser = visiting(world, client, "case_officer")

    first = Page(browser.get("/search", query_string={"q": '"minh thông"'}))
    on = next(link for link in first.root.all("a") if link.text == "Tìm trong hồ sơ cũ hơn")

    assert "Không tìm thấy trong các hồ sơ mới hơn" in first.root.text
    assert browser.get(on.attributes["href"]).status_code == 200


def test_an_officer_of_the_house_finds_own_dossiers_among_the_others(world: World) -> None:
    ours, draft = accepted(world, name="Đèn đường"), world.draft(name="Đèn nháp")
    person = make_person(world.session, organisation=world.organisation, grants=["case_officer"])

    assert keys(world, "đèn", actor_for(world.session, person)) == [draft.key, ours.key]


def test_an_organisation_that_is_named_anew_is_found_by_its_new_name_alone(world: World) -> None:
    application = accepted(world)
    keep_all(world)

    world.organisation.name_vi = "Công ty Mặt Trời Mọc"
    world.session.flush()

    officer = world.officer("case_officer")
    assert keys(world, "mat troi moc", officer) == [application.key]
    world.organisation.name_vi = "Công ty Hoàng Hôn"
    world.session.flush()
    assert keys(world, "mat troi moc", officer) == []


def test_messages_find_once_they_are_kept(world: World) -> None:
    application = accepted(world)
    officer = world.officer("case_officer")
    assert keys(world, "tiến độ", officer) == []

    send_message(world.session, application, "Xin hỏi tiến độ", actor=world.applicant)

    assert keys(world, "tien do", officer) == [application.key]


def test_what_was_not_sent_is_for_the_applicant_alone(world: World) -> None:
    application = submitted(world)
    keep_all(world)
    application.answers = {**application.answers, "name": "Thuyền tự lái"}
    world.session.flush()
    words_changed(world.session, application.id)

    assert keys(world, "thuyền tự lái", world.applicant) == [application.key]
    assert keys(world, "thuyền tự lái", world.officer("case_officer")) == []


def test_drafts_are_found_by_their_writers_alone(world: World) -> None:
    draft = world.draft(name="Nháp chưa gửi")

    assert keys(world, "nháp", world.applicant) == [draft.key]
    assert keys(world, "nháp", world.officer("intake_officer")) == []


@pytest.mark.parametrize("who", ["stranger", "reviewer", "officer elsewhere"])
def test_others_find_nothing(world: World, who: str) -> None:
    accepted(world, name="Đèn đường thông minh")
    person = {
        "stranger": lambda: make_person(world.session, organisation=make_organisation(world.session)),
        "reviewer": lambda: make_person(world.session, grants=["reviewer"]),
        "officer elsewhere": lambda: make_person(
            world.session, grants=[{"role": "case_officer", "scope_procedure": "another"}]
        ),
    }[who]()

    assert keys(world, "đèn đường", actor_for(world.session, person)) == []


def test_sensitive_answers_are_never_found(world: World) -> None:
    application = submitted(world)
    application.answers = {**application.answers, "phone": "0901234567"}
    application.submitted = {**(application.submitted or {}), "answers": dict(application.answers)}
    world.session.flush()
    words_changed(world.session, application.id)

    assert keys(world, "0901234567", world.applicant) == []
    assert keys(world, "0901234567", world.officer("case_officer")) == []


@pytest.mark.parametrize("words", ["", "   ", "!?…", "'; drop table cases"])
def test_odd_words_are_no_fault(world: World, client: FlaskClient, words: str) -> None:
    keep_all(world)

    assert visiting(world, client, "case_officer").get("/search", query_string={"q": words}).status_code == 200


def test_the_page_leads_to_the_dossier(world: World, client: FlaskClient) -> None:
    application = accepted(world, name="Đèn đường thông minh")
    keep_all(world)
    world.session.commit()

    page = visiting(world, client, "case_officer").get("/search?q=den+duong").text

    assert f'href="/dossiers/{application.key}"' in page
    assert isinstance(world.organisation, Organisation)
    assert world.organisation.name_vi in page


def places(client: FlaskClient, words: str) -> list[str]:
    page = Page(client.get("/search", query_string={"q": words}))
    return [node.text for node in page.root.all("p", class_="found-excerpt")]


def test_the_words_are_marked_in_the_title(world: World, client: FlaskClient) -> None:
    accepted(world, name="Đèn <b>đường</b> thông minh")
    keep_all(world)
    world.session.commit()

    page = visiting(world, client, "case_officer").get("/search?q=den+duong").text

    assert "<mark>Đèn</mark> &lt;b&gt;<mark>đường</mark>&lt;/b&gt; thông minh" in page


def test_where_words_stand_is_shown_with_what_is_around_them(world: World, app: Flask, client: FlaskClient) -> None:
    application = accepted(world, name="Đèn")
    send_message(world.session, application, "Xin hỏi tiến độ thẩm định", actor=world.applicant)
    document = with_document(world, app, application)
    application.submitted = {**(application.submitted or {}), "documents": [{"id": document.id}]}
    world.session.add(DocumentText(document_id=document.id, text="phuong an an toan"))
    world.session.flush()
    words_changed(world.session, application.id)
    keep_all(world)
    world.session.commit()
    visit = visiting(world, client, "case_officer")

    assert places(visit, "tien do")[0].endswith("Xin hỏi tiến độ thẩm định")
    assert places(visit, "ke hoach")[0].replace(" ", "").endswith("ke-hoach.pdf")
    assert places(visit, "phuong an")[0].endswith("ke-hoach.pdf")
    assert places(visit, "đèn") == []


def test_what_was_not_sent_is_not_shown_to_the_house_around_a_find(world: World, client: FlaskClient) -> None:
    application = submitted(world, name="Thuyền", users=7)
    send_message(world.session, application, "Bí danh", actor=world.applicant)
    application.answers = {**application.answers, "name": "Thuyền bí danh mới"}
    keep_all(world)
    world.session.commit()

    shown = places(visiting(world, client, "case_officer"), "bi danh")

    assert len(shown) == 1
    assert "mới" not in shown[0]


def test_sensitive_answers_are_never_shown_around_a_find(world: World, client: FlaskClient) -> None:
    application = submitted(world, phone="0901234567")
    send_message(world.session, application, "Số 0901234567 của tôi", actor=world.applicant)
    keep_all(world)
    world.session.commit()

    shown = places(visiting(world, client, "case_officer"), "0901234567")

    assert len(shown) == 1
    assert "của tôi" in shown[0]


def test_a_page_of_finds_costs_the_same_for_one_and_three(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "case_officer")
    costs = []
    for number in (1, 2):
        for _ in range(number):
            accepted(world, name="Đèn đường")
        keep_all(world)
        world.session.commit()
        costs.append(queries_of(world.session, lambda: visit.get("/search?q=den")))

    assert costs[0] == costs[1]


def test_programs_find_what_people_find(world: World, officer: Program, stranger: Program) -> None:
    application = accepted(world, name="Đèn đường")
    send_message(world.session, application, "Xin hỏi tiến độ", actor=world.applicant)
    keep_all(world)
    world.session.commit()

    answer = officer.get("/search?q=tien+do").json
    first = officer.get("/search?q=den&limit=1").json

    assert [item["key"] for item in answer["items"]] == [application.key]
    (place,) = answer["items"][0]["excerpts"]
    assert place["kind"] == "message"
    assert [piece["text"] for piece in place["pieces"] if piece["is_found"]] == ["tiến", "độ"]
    assert first["next_cursor"] is None
    assert stranger.get("/search?q=den").json["items"] == []
    assert officer.get("/search").status_code == 422


def test_programs_go_from_page_to_page(world: World, officer: Program) -> None:
    keys_here = {accepted(world, name="Đèn đường").key for _ in range(2)}
    keep_all(world)
    world.session.commit()

    first = officer.get("/search?q=den&limit=1")
    second = officer.get(first.headers["Link"].split("<")[1].split(">")[0])

    assert {item["key"] for answer in (first, second) for item in answer.json["items"]} == keys_here
    assert second.json["next_cursor"] is None


def test_a_beginning_is_looked_for_by_the_words_that_begin_so(world: World) -> None:
    accepted(world, name="Đèn đường thông minh, máy bay QX8 và QX900")
    keep_all(world)

    assert begun(world, "thon") == "'thong'"
    assert begun(world, "qx") == "'qx8' | 'qx900'"
    assert begun(world, "thongthai") == "'thongthai'"


def test_a_beginning_of_very_many_words_becomes_the_first_of_them_codes_last(world: World) -> None:
    learn = text(
        "INSERT INTO search_words (word) SELECT 'qa' || number || ending FROM generate_series(10, 99) number, "
    )
    world.session.execute(text(f"{learn.text} unnest(ARRAY['', 'z']) ending"))
    world.session.execute(text("INSERT INTO search_words (word) VALUES ('qa'), ('qaz')"))

    words = begun(world, "qa").split(" | ")

    assert words[:3] == ["'qa'", "'qaz'", "'qa10'"]
    assert len(words) == 64


def begun(world: World, beginning: str) -> str:
    return str(world.session.scalar(text("SELECT words_beginning(:beginning)"), {"beginning": beginning}))


def test_whole_words_alone_are_looked_for_before_any_was_kept(world: World) -> None:
    world.session.execute(text("DELETE FROM search_words"))

    page = found(world.session, '"đèn đường"', actor=world.officer("case_officer"))

    assert page is not None
    assert page.rows == []

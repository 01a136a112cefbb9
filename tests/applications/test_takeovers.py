"""Dossiers of older registers: the trial says exactly what the real run says; all rows or none; none twice."""

import io
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications.models import Application, CaseWords, Takeover, TakeoverSheet
from applications.operations.takeovers import (
    AT_ONCE,
    note_failure,
    run_waiting_sheet,
    send_sheet,
    take_over,
    try_again,
)
from applications.queries.takeovers import importable
from applications.takeover import run_sheet
from applications.wordindex import keep_words
from foundation.audit import AuditEntry
from foundation.errors import Blocked, NotAllowed
from tests.accounts.factories import make_organisation, make_person, make_unit, sign_in
from tests.accounts.pages import counted, text_of
from tests.applications.small_pack import World, make_world
from tests.databases import FreshDatabase
from tests.foundation.speaking import able_to_word
from tests.pages import Page

HEADINGS = ["Number in the older register", "How it ended", "Tax code of the applicant", "Received on", "Decided on",
            "Source (URL)", "Name", "Users"]  # fmt: skip
SOUND = ["HS-01", "granted", "", "2024-03-01", "2024-05-02", "https://cu.example/1", "Xe buýt tự lái", 40]
SECOND = ["HS-02", "withdrawn", "", "", "", "", "=1+1", ""]
WRONG = ["HS-03", "lost", "0101243150", "2024-05-02", "2024-03-01", "ftp://x", "", "many"]


@pytest.fixture(autouse=True)
def _able(app: Flask) -> Any:
    with able_to_word(app).app_context():
        yield


def _book(*rows: Sequence[Any], headings: Sequence[str] = HEADINGS) -> io.BytesIO:
    book, stream = Workbook(), io.BytesIO()
    for row in (headings, *rows):
        book.active.append(list(row))
        for cell in book.active[book.active.max_row]:
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    book.save(stream)
    stream.seek(0)
    return stream


@pytest.fixture
def officer(client: FlaskClient, world: World) -> FlaskClient:
    world.session.commit()
    sign_in(client, world.session, world.people["intake_officer"])
    return client


def _send(client: FlaskClient, *rows: Sequence[Any], name: str = "cu.xlsx", **more: Any) -> Any:
    file = more.pop("file", None) or _book(*rows, **more)
    data = {"procedure": "small-test", "register": "Sổ cũ 2024", "file": (file, name)}
    return client.post("/takeovers", data=data, content_type="multipart/form-data")


def _taken(session: Session) -> dict[str, Application]:
    session.expire_all()
    query = select(Takeover.number, Application).join(Application, Application.id == Takeover.case_id)
    taken = dict(session.execute(query).all())
    session.commit()
    return taken


def test_a_sheet_is_looked_at_then_taken_over(officer: FlaskClient, session: Session, world: World) -> None:
    sent = _send(officer, SOUND, SECOND)
    looked = officer.get(sent.location)
    before = _taken(session)
    done = officer.post(sent.location, follow_redirects=True)

    assert before == {}, "a trial writes nothing"
    assert "2 hồ sơ" in text_of(looked.text)
    assert "Xe buýt tự lái" in done.text
    taken = _taken(session)
    case = taken["HS-01"]
    assert (case.state, case.state_kind, case.channel, case.external_code) == (
        "granted",
        "final",
        "older_register",
        "HS-01",
    )
    assert (str(case.received_at)[:10], str(case.decided_at)[:10], case.answers["users"]) == (
        "2024-03-01",
        "2024-05-02",
        40,
    )
    assert taken["HS-02"].title == "=1+1", "text, never a formula"


def test_the_audit_chain_of_a_dossier_begins_with_its_taking_over(
    officer: FlaskClient, session: Session, world: World
) -> None:
    officer.post(_send(officer, SOUND).location)

    case = _taken(session)["HS-01"]
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.stream == case.stream))
    assert (entry.action, entry.seq) == ("applications:case:take_over", 1)
    assert entry.facts["register"] == "Sổ cũ 2024"
    assert entry.facts["source"] == "https://cu.example/1"


def test_every_fault_is_told_at_once_by_row_and_column(officer: FlaskClient, session: Session, world: World) -> None:
    page = officer.get(_send(officer, SOUND, WRONG, SOUND).location)

    sheet = session.scalars(select(TakeoverSheet)).one()
    told = {
        (fault["line"], fault["column"].removeprefix("older_register_"), fault["code"])
        for fault in sheet.report["faults"]
    }
    assert told == {
        (3, "end", "not_a_choice"),
        (3, "tax_code", "no_such_tax_code"),
        (3, "decided_on", "decided_before_received"),
        (3, "source", "not_this_form"),
        (3, "name", "required"),
        (3, "users", "not_a_number"),
        (4, "number", "twice_in_sheet"),
    }
    session.commit()
    assert "B · Kết quả" in text_of(page.text)
    assert officer.post(f"/takeovers/{sheet.id}").status_code == 409
    assert _taken(session) == {}


@pytest.mark.parametrize("rows", [[SOUND, SECOND], [SOUND, WRONG]], ids=["sound", "wrong"])
def test_the_trial_reports_what_the_real_run_reports(
    session: Session, world: World, officer: FlaskClient, rows: list[Any]
) -> None:
    _send(officer, *rows)
    sheet = session.scalars(select(TakeoverSheet)).one()

    trial = run_sheet(session, sheet, actor=world.officer("intake_officer"), is_real=False)
    real = run_sheet(session, sheet, actor=world.officer("intake_officer"), is_real=True)

    assert trial == real == sheet.report
    assert len(_taken(session)) == (0 if real["faults"] else 2)


def test_what_was_taken_over_before_is_left_alone(officer: FlaskClient, session: Session, world: World) -> None:
    officer.post(_send(officer, SOUND).location)
    key = _taken(session)["HS-01"].key

    again = _send(officer, [*SOUND[:6], "Tên khác", 7], SECOND)
    page = officer.get(again.location)
    officer.post(again.location)

    taken = _taken(session)
    assert key in page.text
    assert set(taken) == {"HS-01", "HS-02"}
    assert taken["HS-01"].title == "Xe buýt tự lái"


def test_a_sheet_is_taken_over_once(officer: FlaskClient, session: Session, world: World) -> None:
    address = _send(officer, SOUND).location

    assert [officer.post(address).status_code for _ in range(2)] == [303, 409]
    assert len(_taken(session)) == 1


def test_an_organisation_finds_its_older_dossier_among_its_own(
    officer: FlaskClient, session: Session, world: World
) -> None:
    organisation = make_organisation(session, tax_code="0101243150")
    session.commit()
    officer.post(_send(officer, ["HS-09", "granted", "0101243150", "", "", "", "Xe", ""]).location)

    assert _taken(session)["HS-09"].organisation_id == organisation.id
    assert session.scalar(select(func.count()).select_from(Organisation)) == 2


def test_an_older_dossier_is_found_and_shown_as_what_it_is(
    officer: FlaskClient, session: Session, world: World
) -> None:
    officer.post(_send(officer, SOUND).location)
    keep_words.work(session)
    session.commit()
    key = _taken(session)["HS-01"].key

    found = officer.get("/search?q=xe+buyt+tu+lai")
    within = officer.get("/search?q=40")
    by_number = officer.get("/search?q=HS-01")
    listed = officer.get("/queue?kind=closed")
    page = text_of(officer.get(f"/dossiers/{key}").text)

    assert session.scalar(select(func.count()).select_from(CaseWords)) == 1
    assert all(key in answer.text for answer in (found, by_number, listed))
    assert "<mark>40</mark>" in within.text
    assert "không do nơi này quyết định" in page
    assert "Sổ cũ 2024" in page
    assert "https://cu.example/1" in page


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "cu.xlsx"),
        (b"%PDF-1.7 nothing of a table", "cu.xlsx"),
        (b"PK\x03\x04 broken", "cu.xlsx"),
        ("Số;Tên\n1;x\n".encode("utf-32"), "cu.csv"),
    ],
    ids=["empty", "pdf", "broken", "encoding"],
)
def test_what_is_no_sheet_is_refused(officer: FlaskClient, session: Session, content: bytes, name: str) -> None:
    answer = _send(officer, file=io.BytesIO(content), name=name)

    assert answer.status_code == 422
    assert 'href="#file"' in answer.text
    assert session.scalars(select(TakeoverSheet)).all() == []


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ([*HEADINGS[:-1], "Colour"], "Colour"),
        (HEADINGS[1:], "Số trong sổ cũ"),
        (["a", "b", "c", "d", "e", "f", "g", "h"], "tiêu đề"),
    ],
    ids=["unknown", "missing", "none"],
)
def test_headings_that_cannot_be_meant_are_refused(officer: FlaskClient, headings: list[str], said: str) -> None:
    answer = _send(officer, SOUND[-len(headings) :], headings=headings)

    assert answer.status_code == 422
    assert said in text_of(answer.text)


def test_the_empty_sheet_has_a_column_for_each_question(officer: FlaskClient) -> None:
    answer = officer.get("/takeovers/small-test/sheet.xlsx")

    titles = [cell.value for cell in load_workbook(io.BytesIO(answer.data)).worksheets[0][1]]
    assert len(titles) == 7 + 4
    assert titles[:2] == ["Số trong sổ cũ", "Kết quả"]
    assert titles[7:] == ["Name", "Users", "Level", "Phone"]


def test_who_is_no_intake_officer_of_the_unit_takes_nothing_over(
    client: FlaskClient, session: Session, world: World
) -> None:
    elsewhere = make_unit(session)
    foreign = make_person(session, grants=[{"role": "intake_officer", "scope_unit_id": elsewhere.id}])
    session.commit()
    sign_in(client, session, world.people["intake_officer"])
    address = _send(client, SOUND).location

    sign_in(client, session, foreign)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert _send(client, SOUND).status_code == 404
    sign_in(client, session, world.people["case_officer"])
    assert [client.get("/takeovers").status_code, client.get(address).status_code] == [403, 403]


def test_a_large_sheet_is_taken_over_by_a_job(session: Session, world: World) -> None:
    actor = world.officer("intake_officer")
    sheet = _large_sheet(session, world)
    assert sheet.status == "looking"

    run_waiting_sheet.work(session, sheet_id=sheet.id, person_id=actor.person_id)
    assert (sheet.status, sheet.report["new"], len(_taken(session))) == ("looked", AT_ONCE + 1, 0)

    take_over(session, sheet, actor=actor)
    assert sheet.status == "writing"
    for _ in range(2):
        run_waiting_sheet.work(session, sheet_id=sheet.id, person_id=actor.person_id)
    session.refresh(sheet)
    assert (sheet.status, sheet.progress, len(_taken(session))) == ("done", AT_ONCE + 1, AT_ONCE + 1)
    with pytest.raises(Blocked):
        take_over(session, sheet, actor=actor)


def _large_sheet(session: Session, world: World) -> TakeoverSheet:
    return _sheet_of(session, world, rows=AT_ONCE + 1)


def _sheet_of(session: Session, world: World, *, rows: int) -> TakeoverSheet:
    found, unit = importable(session, "small-test", actor=world.officer("intake_officer"))
    said = {"older_register_end": "granted", "name": "Xe buýt"}
    read = [{"line": n + 2, "answers": said | {"older_register_number": f"{n}"}} for n in range(rows)]
    sheet = TakeoverSheet(
        procedure_id=found.id, version_id=found.version_id, unit_id=unit.id, register="Sổ", filename="x", letters={}
    )
    return send_sheet(session, sheet, read, actor=world.officer("intake_officer"))


def test_work_that_failed_for_good_is_shown_with_its_reason_and_can_be_tried_again(
    officer: FlaskClient, session: Session, world: World
) -> None:
    sheet = _large_sheet(session, world)
    asked = {"sheet_id": sheet.id, "person_id": world.people["intake_officer"].id}
    note_failure(session, **asked, error=RuntimeError("the disk is full"))
    session.commit()

    failed = Page(officer.get(f"/takeovers/{sheet.id}"))
    in_list = officer.get("/takeovers").text
    again = officer.post(f"/takeovers/{sheet.id}")

    assert "Chưa kiểm tra được bảng" in failed.text
    assert "Lỗi của hệ thống" in failed.text
    assert again.status_code == 303
    assert "Thất bại" in text_of(in_list)
    session.refresh(sheet)
    assert (sheet.status, sheet.report) == ("looking", {})
    run_waiting_sheet.work(session, **asked)
    assert sheet.status == "looked"


def test_a_late_failure_changes_nothing_that_is_done(session: Session, world: World) -> None:
    sheet = _sheet_of(session, world, rows=1)

    note_failure(session, sheet_id=sheet.id, person_id=sheet.person_id, error=NotAllowed())

    assert sheet.status == "looked"
    with pytest.raises(Blocked):
        try_again(session, sheet, actor=world.officer("intake_officer"))


def test_the_reason_says_when_the_right_was_lost(session: Session, world: World) -> None:
    sheet = _large_sheet(session, world)

    note_failure(session, sheet_id=sheet.id, person_id=sheet.person_id, error=NotAllowed())

    assert sheet.report == {"failed": "looking", "reason": "may_not_take_over"}


def test_the_operations_ask_who_acts(session: Session, world: World) -> None:
    sheet = _large_sheet(session, world)
    with pytest.raises(NotAllowed):
        take_over(session, sheet, actor=world.officer("case_officer"))


def test_a_dossier_taken_over_never_came_in_here(officer: FlaskClient, session: Session, world: World) -> None:
    """The channel is no choice of who registers a dossier."""
    page = officer.get("/register")
    assert not re.search(r'value="older_register"', page.text)


def test_pages_ask_the_same_for_one_sheet_and_for_three(
    officer: FlaskClient, session: Session, world: World, connection: Connection
) -> None:
    asked = []
    officer.get("/takeovers")  # reference data are read once for all pages
    for number in range(3):
        address = _send(officer, [f"HS-{number}", *SOUND[1:]], SECOND).location
        with counted(connection) as statements:
            officer.get("/takeovers")
            officer.get(address)
        asked.append(len(statements))

    assert len(set(asked)) == 1


def test_two_officers_take_a_number_over_once(fresh_database: FreshDatabase) -> None:
    def go(sheet_id: int) -> None:
        with fresh_database.session() as session:
            sheet = session.get_one(TakeoverSheet, sheet_id)
            take_over(session, sheet, actor=world.officer("intake_officer"))
            session.commit()

    with able_to_word(fresh_database.app).app_context(), fresh_database.session() as session:
        world = make_world(session)
        sheets = [_sheet_of(session, world, rows=5).id for _ in range(2)]
        session.commit()
        with ThreadPoolExecutor(2) as officers:
            list(officers.map(go, sheets))

        session.expire_all()
        reports = [session.get_one(TakeoverSheet, sheet).report for sheet in sheets]
        assert sorted((report["new"], len(report["known"])) for report in reports) == [(0, 5), (5, 0)]
        assert len(_taken(session)) == 5


def test_no_page_of_a_dossier_stumbles_over_one_that_was_taken_over(
    app: Flask, officer: FlaskClient, session: Session, world: World
) -> None:
    officer.post(_send(officer, SOUND, SECOND).location)
    taken = _taken(session)
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments == {"key"} and "GET" in (rule.methods or ())]
    pages = [rule.rule.replace("<key>", case.key) for rule in rules for case in taken.values()]

    found = {page: officer.get(page).status_code for page in pages}

    assert len(pages) > 20
    assert {page: status for page, status in found.items() if status >= 500} == {}
    assert found[f"/dossiers/{taken['HS-02'].key}"] == 200


def test_the_organisation_reads_its_older_dossier_and_changes_nothing(
    client: FlaskClient, session: Session, world: World
) -> None:
    world.organisation.tax_code = "0101243150"
    session.commit()
    sign_in(client, session, world.people["intake_officer"])
    client.post(_send(client, ["HS-09", "granted", "0101243150", "", "", "", "Xe", ""]).location)
    key = _taken(session)["HS-09"].key
    sign_in(client, session, world.people["applicant"])

    desk, dossier = client.get("/desk"), client.get(f"/dossiers/{key}")
    drafting = [client.get(f"/dossiers/{key}/{page}").status_code for page in ("draft", "documents", "check")]

    assert key in desk.text
    assert "không do nơi này quyết định" in text_of(dossier.text)
    assert "/draft" not in dossier.text
    assert drafting == [404, 404, 404]

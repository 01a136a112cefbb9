"""Sheets of older registers: the trial says exactly what the real run says; all rows or none; none twice."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from applications.models import TakeoverSheet
from applications.takeover import run_sheet
from foundation.audit import AuditEntry
from tests.accounts.factories import make_person, make_unit, sign_in
from tests.accounts.pages import counted, text_of
from tests.applications.olderbooks import HEADINGS, SECOND, SOUND, WRONG, send, taken_over
from tests.applications.small_pack import World
from tests.foundation.speaking import able_to_word


@pytest.fixture(autouse=True)
def _able(app: Flask) -> Any:
    with able_to_word(app).app_context():
        yield


@pytest.fixture
def officer(client: FlaskClient, world: World) -> FlaskClient:
    world.session.commit()
    sign_in(client, world.session, world.people["intake_officer"])
    return client


def test_a_sheet_is_looked_at_then_taken_over(officer: FlaskClient, session: Session, world: World) -> None:
    sent = send(officer, SOUND, SECOND)
    looked = officer.get(sent.location)
    before = taken_over(session)
    done = officer.post(sent.location, follow_redirects=True)

    assert before == {}, "a trial writes nothing"
    assert "2 hồ sơ" in text_of(looked.text)
    assert "Xe buýt tự lái" in done.text
    taken = taken_over(session)
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
    officer.post(send(officer, SOUND).location)

    case = taken_over(session)["HS-01"]
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.stream == case.stream))
    assert (entry.action, entry.seq) == ("applications:case:take_over", 1)
    assert entry.facts["register"] == "Sổ cũ 2024"
    assert entry.facts["source"] == "https://cu.example/1"


def test_every_fault_is_told_at_once_by_row_and_column(officer: FlaskClient, session: Session, world: World) -> None:
    page = officer.get(send(officer, SOUND, WRONG, SOUND).location)

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
    assert taken_over(session) == {}


@pytest.mark.parametrize("rows", [[SOUND, SECOND], [SOUND, WRONG]], ids=["sound", "wrong"])
def test_the_trial_reports_what_the_real_run_reports(
    session: Session, world: World, officer: FlaskClient, rows: list[Any]
) -> None:
    send(officer, *rows)
    sheet = session.scalars(select(TakeoverSheet)).one()

    trial = run_sheet(session, sheet, actor=world.officer("intake_officer"), is_real=False)
    real = run_sheet(session, sheet, actor=world.officer("intake_officer"), is_real=True)

    assert trial == real == sheet.report
    assert len(taken_over(session)) == (0 if real["faults"] else 2)


def test_what_was_taken_over_before_is_left_alone(officer: FlaskClient, session: Session, world: World) -> None:
    officer.post(send(officer, SOUND).location)
    key = taken_over(session)["HS-01"].key

    again = send(officer, [*SOUND[:6], "Tên khác", 7], SECOND)
    page = officer.get(again.location)
    officer.post(again.location)

    taken = taken_over(session)
    assert key in page.text
    assert set(taken) == {"HS-01", "HS-02"}
    assert taken["HS-01"].title == "Xe buýt tự lái"


def test_a_sheet_is_taken_over_once(officer: FlaskClient, session: Session, world: World) -> None:
    address = send(officer, SOUND).location

    assert [officer.post(address).status_code for _ in range(2)] == [303, 409]
    assert len(taken_over(session)) == 1


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
    answer = send(officer, file=io.BytesIO(content), name=name)

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
    answer = send(officer, SOUND[-len(headings) :], headings=headings)

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
    address = send(client, SOUND).location

    sign_in(client, session, foreign)
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404
    assert send(client, SOUND).status_code == 404
    sign_in(client, session, world.people["case_officer"])
    assert [client.get("/takeovers").status_code, client.get(address).status_code] == [403, 403]


def test_pages_ask_the_same_for_one_sheet_and_for_three(
    officer: FlaskClient, session: Session, world: World, connection: Connection
) -> None:
    asked = []
    officer.get("/takeovers")  # reference data are read once for all pages
    for number in range(3):
        address = send(officer, [f"HS-{number}", *SOUND[1:]], SECOND).location
        with counted(connection) as statements:
            officer.get("/takeovers")
            officer.get(address)
        asked.append(len(statements))

    assert len(set(asked)) == 1

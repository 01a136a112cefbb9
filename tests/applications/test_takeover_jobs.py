"""Large sheets of older registers: taken over by a job, whose failure is told and can be made good."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from applications.models import TakeoverSheet
from applications.operations.takeovers import (
    AT_ONCE,
    note_failure,
    run_waiting_sheet,
    send_sheet,
    take_over,
    try_again,
)
from applications.queries.takeovers import importable
from foundation.errors import Blocked, NotAllowed
from tests.accounts.factories import sign_in
from tests.accounts.pages import text_of
from tests.applications.olderbooks import taken_over
from tests.applications.small_pack import World, make_world
from tests.databases import FreshDatabase
from tests.foundation.speaking import able_to_word
from tests.pages import Page


@pytest.fixture(autouse=True)
def _able(app: Flask) -> Any:
    with able_to_word(app).app_context():
        yield


@pytest.fixture
def officer(client: FlaskClient, world: World) -> FlaskClient:
    world.session.commit()
    sign_in(client, world.session, world.people["intake_officer"])
    return client


def test_a_large_sheet_is_taken_over_by_a_job(session: Session, world: World) -> None:
    actor = world.officer("intake_officer")
    sheet = _large_sheet(session, world)
    assert sheet.status == "looking"

    run_waiting_sheet.work(session, sheet_id=sheet.id, person_id=actor.person_id)
    assert (sheet.status, sheet.report["new"], len(taken_over(session))) == ("looked", AT_ONCE + 1, 0)

    take_over(session, sheet, actor=actor)
    assert sheet.status == "writing"
    for _ in range(2):
        run_waiting_sheet.work(session, sheet_id=sheet.id, person_id=actor.person_id)
    session.refresh(sheet)
    assert (sheet.status, sheet.progress, len(taken_over(session))) == ("done", AT_ONCE + 1, AT_ONCE + 1)
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
        assert len(taken_over(session)) == 5

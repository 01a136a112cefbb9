"""The whole queue as a file: what the small file says, by a job that can be cancelled, for who asked alone."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Integer, func, select, text
from sqlalchemy.orm import Session

from applications import exporting
from applications.exporting import Wanted, ask_export, cancel_export, delete_old_exports, write_export
from applications.models import ListExport
from applications.packs.catalogue import pack_files, publish_files
from foundation import longlists
from foundation.actors import SYSTEM
from foundation.database import now, transaction
from foundation.errors import Blocked, NotFound
from foundation.passingfiles import open_file
from foundation.storage import current_place
from tests.accounts.factories import make_unit
from tests.applications.small_pack import World, make_world
from tests.applications.test_web_exports import fetched
from tests.applications.visits import accepted, submitted, visiting
from tests.databases import FreshDatabase
from tests.foundation.speaking import able_to_word

QUEUE = "applications.queue_file"


@pytest.fixture(autouse=True)
def _able(app: Flask) -> Iterator[None]:
    with able_to_word(app).app_context():
        yield


def written(world: World, extension: Any = "csv", **asked: str) -> ListExport:
    """A file asked for by the case officer, and written."""
    export = ask_export(world.session, uuid4(), Wanted(QUEUE, extension, asked), actor=world.officer("case_officer"))
    write_export.work(world.session, export_id=str(export.id))
    world.session.refresh(export)
    return export


def content(export: ListExport) -> bytes:
    with open_file(export.file or "") as stored:
        return stored.read()


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def several(world: World) -> None:
    """Dossiers in several states: late, due later, without a date, with words that look like formulas."""
    for title in ("=HYPERLINK(1)", '+"quoted",\nin two lines', "-1", "@home", "\tXe buýt"):
        accepted(world).title = title
    late, over = submitted(world), accepted(world)
    late.due_at = late.original_due_at = now() - timedelta(days=30)
    over.due_at, over.original_due_at = now() - timedelta(days=9), now() + timedelta(days=9)
    world.session.commit()


def test_the_file_says_what_the_small_one_says(world: World, client: FlaskClient) -> None:
    several(world)
    small = lines(fetched(visiting(world, client, "case_officer"), "/queue.csv").data)
    export = written(world)

    assert lines(content(export)) == small
    assert (export.status, export.total, export.progress) == ("ready", 7, 7)
    assert any(row[1] == "'=HYPERLINK(1)" for row in small), "formulas were tried"
    assert any(row[9] for row in small[1:]), "a late one was tried"
    assert any(row[10] for row in small[1:]), "one with days left was tried"


def test_the_workbook_says_the_same_and_goes_on_on_the_next_sheet(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(world)
    small = openpyxl.load_workbook(io.BytesIO(fetched(visiting(world, client, "case_officer"), "/queue.xlsx").data))
    monkeypatch.setattr(longlists.write_xlsx, "__kwdefaults__", {"most": 4})
    book = openpyxl.load_workbook(io.BytesIO(content(written(world, "xlsx"))))

    titles, *rows = values_of(small.worksheets[0])
    sheets = [values_of(sheet) for sheet in book]
    assert [sheet[0] for sheet in sheets] == [titles] * 3
    assert [len(sheet) for sheet in sheets] == [4, 4, 2]
    assert [row for sheet in sheets for row in sheet[1:]] == rows
    assert {cell.data_type for sheet in book for cell in sheet["B"]} == {"s"}, "a formula stays text"
    assert {cell.number_format for cell in book.worksheets[0]["H"][1:] if cell.value} == {"dd/mm/yyyy hh:mm"}


def values_of(sheet: Any) -> list[list[Any]]:
    """The rows of a sheet, with instants to the second."""
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    return [[value.replace(microsecond=0) if isinstance(value, datetime) else value for value in row] for row in cells]


def test_the_filters_and_the_language_are_those_of_who_asked(world: World) -> None:
    waiting, _ = submitted(world), accepted(world)

    assert [row[0] for row in lines(content(written(world, state="checking")))[1:]] == [waiting.key]


def test_packs_of_lives_which_have_no_dossiers_do_not_hinder_the_file(world: World) -> None:
    publish_files(world.session, [path for path in pack_files() if path.stem == "capital-call"], actor=SYSTEM)
    waiting = submitted(world)

    assert [row[0] for row in lines(content(written(world)))[1:]] == [waiting.key]


def test_a_list_without_rows_has_its_titles(world: World) -> None:
    assert len(lines(content(written(world)))) == 1
    sheet = openpyxl.load_workbook(io.BytesIO(content(written(world, "xlsx")))).worksheets[0]
    assert sheet["A1"].value
    assert sheet["A2"].value is None


def test_a_right_lost_since_asking_means_no_file(world: World) -> None:
    accepted(world)
    officer = world.people["case_officer"]
    export = ask_export(world.session, uuid4(), Wanted(QUEUE, "csv", {}), actor=world.officer("case_officer"))
    world.session.execute(text("UPDATE role_grants SET revoked_at = now() WHERE person_id = :id"), {"id": officer.id})
    write_export.work(world.session, export_id=str(export.id))
    world.session.refresh(export)

    assert (export.status, export.reason, export.file) == ("failed", "may_not_export", None)


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_cancelled_midway_leaves_no_file(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch, extension: Any
) -> None:
    monkeypatch.setattr(exporting, "TELL_EVERY", 0.0)
    monkeypatch.setattr(longlists, "AT_ONCE", 2)
    told: list[int] = []
    say = exporting._Teller._say

    def cancelled_at_second(teller: Any, **values: Any) -> None:
        told.append(values["progress"])
        if len(told) == 3:
            with fresh_database.session() as other, transaction(other):
                cancel_export(other, teller.export_id, actor=actor)
        say(teller, **values)

    monkeypatch.setattr(exporting._Teller, "_say", cancelled_at_second)
    with able_to_word(fresh_database.app).app_context(), fresh_database.session() as session:
        world = make_world(session)
        several(world)
        actor = world.officer("case_officer")
        export = ask_export(session, uuid4(), Wanted(QUEUE, extension, {}), actor=actor)
        session.commit()
        write_export.work(session, export_id=str(export.id))
        session.refresh(export)

        assert (export.status, export.file, told) == ("cancelled", None, [0, 2, 4])
        assert not list(Path(current_place().folder).glob("passing/*"))
        with pytest.raises(Blocked):
            cancel_export(session, export.id, actor=actor)


def test_the_page_tells_cancels_and_hands_out_to_its_owner_alone(world: World, client: FlaskClient) -> None:
    accepted(world)
    visit = visiting(world, client, "case_officer")
    export_id = uuid4()
    asked = visit.post("/exports", data={"list": QUEUE, "export": str(export_id), "extension": "csv", "kind": "all"})
    again = visit.post("/exports", data={"list": QUEUE, "export": str(export_id), "extension": "csv", "kind": "all"})
    address = f"/exports/{export_id}"
    waiting = visit.get(address)
    write_export.work(world.session, export_id=str(export_id))
    world.session.commit()
    ready, file = visit.get(address), visit.post(f"{address}/file")

    assert (asked.status_code, again.location) == (303, asked.location)
    assert "data-reload-while-waiting" in waiting.text
    assert "data-reload-while-waiting" not in ready.text
    assert len(lines(file.data)) == 2
    assert "attachment" in file.headers["Content-Disposition"]
    assert visit.post(f"{address}/cancel").status_code == 409
    other = visiting(world, client, "intake_officer")
    seen = [other.get(address), other.post(f"{address}/file"), other.post(f"{address}/cancel")]
    assert [answer.status_code for answer in seen] == [404, 404, 404]
    assert actions(world.session, export_id) == ["ask", "write", "fetch"]
    assert world.session.scalar(text("SELECT count(*) FROM notices WHERE kind = 'list_exported'")) == 1


def actions(session: Session, export_id: UUID) -> list[str]:
    query = text("SELECT split_part(action, ':', 3) FROM audit_entries WHERE stream = :stream ORDER BY seq")
    return list(session.scalars(query, {"stream": f"export:{export_id}"}))


def test_a_file_is_not_handed_out_after_roles_were_lost(world: World, client: FlaskClient) -> None:
    export = written(world)
    visit = visiting(world, client, "case_officer")
    narrower = text("UPDATE role_grants SET scope_unit_id = :unit WHERE person_id = :id")
    world.session.execute(narrower, {"unit": make_unit(world.session).id, "id": world.people["case_officer"].id})
    world.session.commit()

    assert visit.post(f"/exports/{export.id}/file").status_code == 409


def test_files_go_when_their_time_is_over(world: World) -> None:
    kept, over = written(world), written(world)
    name = over.file or ""
    over.keep_until = now() - timedelta(seconds=1)
    world.session.flush()
    delete_old_exports.work(world.session)

    assert (over.status, over.file, kept.status) == ("expired", None, "ready")
    assert content(kept)
    with pytest.raises(NotFound):
        open_file(name)


def test_no_more_than_some_are_under_way(world: World) -> None:
    actor = world.officer("case_officer")
    for _ in range(3):
        ask_export(world.session, uuid4(), Wanted(QUEUE, "csv", {}), actor=actor)

    with pytest.raises(Blocked):
        ask_export(world.session, uuid4(), Wanted(QUEUE, "csv", {}), actor=actor)


def test_a_long_queue_is_asked_for(world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted(world)
    monkeypatch.setattr("applications.web.exports.MOST_IN_AN_ANSWER", 0)
    monkeypatch.setattr("applications.web.queue.MOST_IN_AN_ANSWER", 0)
    visit = visiting(world, client, "case_officer")

    assert visit.get("/queue.csv?kind=all").location == f"/exports?kind=all&list={QUEUE}"
    assert "/exports?" in visit.get("/queue").text
    assert visit.get(f"/exports?list={QUEUE}&state=nothing").status_code == 422


def test_rows_are_read_as_they_are_written(session: Session) -> None:
    """The writers take what the server sends portion by portion: what is told while writing shows it."""
    number = func.generate_series(1, 3 * longlists.AT_ONCE, type_=Integer()).label("n")
    told: list[int] = []
    wanted = longlists.LongList(["n"], select(number))
    rows = longlists.write_csv(session.connection(), wanted, io.BytesIO(), told.append)

    assert (rows, told) == (3 * longlists.AT_ONCE, [longlists.AT_ONCE * n for n in (1, 2, 3)])

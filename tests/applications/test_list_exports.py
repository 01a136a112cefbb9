"""Any list by a job: the same as at once, row by row, for whom the list is open."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from accounts.actors import actor_of_person
from applications.exporting import Wanted, ask_export, cancel_export, write_export
from applications.models import ListExport
from foundation.errors import Blocked, NotAllowed, NotFound
from foundation.listkinds import all_list_kinds
from foundation.passingfiles import open_file
from tests.applications.small_pack import World
from tests.applications.test_web_exports import fetched
from tests.applications.visits import accepted, asked_reviewer, visiting
from tests.foundation.speaking import able_to_word


@pytest.fixture(autouse=True)
def _able(app: Flask) -> Iterator[None]:
    with able_to_word(app).app_context():
        yield


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def written(world: World, name: str, actor: Any, extension: Any = "csv", **asked: str) -> tuple[ListExport, bytes]:
    export = ask_export(world.session, uuid4(), Wanted(name, extension, asked), actor=actor)
    write_export.work(world.session, export_id=str(export.id))
    world.session.refresh(export)
    if export.file is None:
        return export, b""
    with open_file(export.file) as stored:
        return export, stored.read()


def test_the_job_says_what_the_answer_says(world: World, client: FlaskClient) -> None:
    for name in ("=HYPERLINK(1)", "Xe buýt"):
        accepted(world, name=name)
    small = lines(fetched(visiting(world, client, "applicant"), "/desk.csv").data)
    export, data = written(world, "applications.desk_file", world.applicant)

    assert lines(data) == small
    assert (export.status, export.total, export.progress) == ("ready", 2, 2)
    assert any(row[1] == "'=HYPERLINK(1)" for row in small)


def test_a_list_that_is_too_long_for_an_answer_is_asked_for(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(world), accepted(world)
    monkeypatch.setattr("foundation.downloads.MOST_IN_AN_ANSWER", 1)
    visit = visiting(world, client, "applicant")
    page = visit.get(visit.get("/desk.csv").location)
    asked = visit.post("/exports", data={"list": "applications.desk_file", "export": uuid4(), "extension": "xlsx"})
    shown = visit.get(asked.location)

    assert page.status_code == 200
    assert "applications.desk_file" in page.text
    assert "data-reload-while-waiting" in shown.text


def test_a_sheet_that_is_full_goes_on_on_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        accepted(world, name="=1+1")
    monkeypatch.setattr("foundation.exports.ROWS_OF_SHEET", 3)
    _, data = written(world, "applications.desk_file", world.applicant, "xlsx")
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets

    assert [sheet.max_row for sheet in sheets] == [3, 2]
    assert sheets[0]["A1"].value == sheets[1]["A1"].value
    assert {cell.data_type for sheet in sheets for cell in sheet["B"]} == {"s"}


def test_only_whom_a_list_is_open_to_may_have_it_written(world: World) -> None:
    with pytest.raises(NotAllowed):
        ask_export(world.session, uuid4(), Wanted("accounts.people_file", "csv", {}), actor=world.applicant)
    with pytest.raises(NotFound):
        ask_export(world.session, uuid4(), Wanted("accounts.nothing", "csv", {}), actor=world.applicant)
    assert world.session.scalar(text("SELECT count(*) FROM list_exports")) == 0


def test_a_file_is_not_handed_out_after_leaving_the_organisation(world: World, client: FlaskClient) -> None:
    accepted(world)
    export, _ = written(world, "applications.desk_file", world.applicant)
    visit = visiting(world, client, "applicant")
    before = visit.post(f"/exports/{export.id}/file").status_code
    members = text("DELETE FROM memberships WHERE person_id = :id")
    world.session.execute(members, {"id": world.people["applicant"].id})
    world.session.commit()

    assert before == 200
    assert visit.post(f"/exports/{export.id}/file").status_code == 409


def test_a_cancelled_one_leaves_nothing(world: World) -> None:
    accepted(world)
    export = ask_export(world.session, uuid4(), Wanted("applications.desk_file", "csv", {}), actor=world.applicant)
    cancel_export(world.session, export.id, actor=world.applicant)
    write_export.work(world.session, export_id=str(export.id))
    world.session.refresh(export)

    assert (export.status, export.file) == ("cancelled", None)
    with pytest.raises(Blocked):
        cancel_export(world.session, export.id, actor=world.applicant)


def test_bad_questions_are_answered(world: World, client: FlaskClient) -> None:
    visit = visiting(world, client, "case_officer")
    sent = {"list": "applications.stuck_file", "export": "nothing", "extension": "csv"}

    assert visit.get("/exports?list=applications.nothing").status_code == 404
    assert visit.get("/exports?list=accounts.people_file").status_code == 403
    assert visit.post("/exports", data=sent).status_code == 404
    assert visit.post("/exports", data=sent | {"export": uuid4(), "extension": "pdf"}).status_code == 404
    assert visit.get("/exports").status_code == 200


def test_every_list_is_shown_by_a_page(app: Flask) -> None:
    """A list is known by the page that shows it, whose address takes what the list can be narrowed by."""
    for kind in all_list_kinds():
        rules = list(app.url_map.iter_rules(kind.page))
        assert rules, kind.name
        assert all(rule.arguments <= {*kind.asked} for rule in rules), kind.name
        assert str(kind.title), kind.name


def test_a_reviewer_has_the_own_list_written(world: World) -> None:
    person, _ = asked_reviewer(world, accepted(world))
    export, data = written(world, "applications.reviews_file", actor_of_person(world.session, person.id))

    assert export.status == "ready"
    assert len(lines(data)) == 2


def test_a_timeline_tells_each_reader_what_its_page_tells(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    officer, applicant = (
        lines(fetched(visiting(world, client, who), f"/dossiers/{application.key}/timeline.csv").data)
        for who in ("case_officer", "applicant")
    )

    assert len(officer) >= len(applicant) > 1
    assert "Officer" not in {row[3] for row in applicant[1:]} - {row[3] for row in officer[1:]}
    assert visiting(world, client, "applicant").get("/dossiers/HS-nothing/timeline.csv").status_code == 404

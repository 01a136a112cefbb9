"""Older registers by program: a sheet is looked at, told of, taken over and tried again as on the pages."""

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from applications.models import TakeoverSheet
from applications.operations.takeovers import note_failure
from tests.applications.programs import Program
from tests.applications.small_pack import World

HEADINGS = "Number in the older register;How it ended;Name;Users"
SOUND = "HS-01;granted;Xe buýt tự lái;40"
WRONG = "HS-02;lost;;many"


def send(program: Program, *rows: str, procedure: str = "small-test", register: str = "Sổ cũ") -> TestResponse:
    content = io.BytesIO("\n".join([HEADINGS, *rows]).encode())
    data = {"file": (content, "cu.csv", "text/csv"), "procedure": procedure, "register": register}
    headers = {"Accept-Language": "en"}
    return program.post("/takeovers", data=data, content_type="multipart/form-data", headers=headers)


def test_a_sheet_is_looked_at_and_then_taken_over(officer: Program) -> None:
    looked = send(officer, SOUND)
    address = looked.headers["Location"]
    before = officer.get("/applications").json
    done = officer.post(f"{address}/run")
    again = officer.post(f"{address}/run")

    assert looked.status_code == 201
    assert (looked.json["status"], looked.json["new"], looked.json["rows"]) == ("looked", 1, 1)
    assert before["items"] == []
    assert (done.json["status"], done.json["new"]) == ("done", 1)
    assert officer.get(address).json == done.json
    assert [item["title"] for item in officer.get("/applications").json["items"]] == ["Xe buýt tự lái"]
    assert again.status_code == 409


def test_every_fault_is_told_by_row_and_column_and_nothing_is_written(officer: Program) -> None:
    sent = send(officer, SOUND, WRONG)

    faults = {(fault["line"], fault["column"], fault["code"]) for fault in sent.json["faults"]}
    assert sent.json["fault_count"] == len(faults) == 3
    assert faults >= {(3, "B", "not_a_choice"), (3, "D", "not_a_number")}
    assert officer.post(f"{sent.headers['Location']}/run").status_code == 409
    assert officer.get("/applications").json["items"] == []


def test_what_was_there_before_is_named_by_its_key(officer: Program) -> None:
    officer.post(f"{send(officer, SOUND).headers['Location']}/run")

    sent = send(officer, SOUND)

    (known,) = sent.json["known"]
    assert (sent.json["new"], known["number"]) == (0, "HS-01")
    assert officer.get(f"/applications/{known['key']}").status_code == 200


def test_failed_work_says_why_and_is_tried_again(officer: Program, world: World) -> None:
    address = send(officer, SOUND).headers["Location"]
    sheet = world.session.get_one(TakeoverSheet, int(address.rpartition("/")[2]))
    sheet.status = "writing"
    note_failure(world.session, sheet_id=sheet.id, person_id=sheet.person_id, error=RuntimeError())
    world.session.commit()

    failed = officer.get(address).json

    assert failed["status"] == "failed"
    assert failed["failure"]
    assert officer.post(f"{address}/run").json["status"] == "done"


def test_sheets_are_listed_a_page_at_a_time(officer: Program) -> None:
    for register in ("Một", "Hai", "Ba"):
        send(officer, SOUND, register=register)

    first = officer.get("/takeovers?limit=2").json
    rest = officer.get(f"/takeovers?limit=2&cursor={first['next_cursor']}").json

    assert [item["register"] for item in first["items"] + rest["items"]] == ["Ba", "Hai", "Một"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("given", "field"), [({"register": " "}, "register"), ({"rows": ()}, "file"), ({"register": "x" * 201}, "register")]
)
def test_what_is_no_sheet_is_refused(officer: Program, given: dict[str, Any], field: str) -> None:
    answer = send(officer, *given.pop("rows", (SOUND,)), **given)

    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


def test_only_who_takes_over_dossiers_of_a_procedure_may_ask(
    officer: Program, applicant: Program, world: World
) -> None:
    address = send(officer, SOUND).headers["Location"]

    assert list(send(officer, SOUND, procedure="no-such").json["errors"]) == ["procedure"]
    assert [applicant.get("/takeovers").status_code, applicant.get(address).status_code] == [403, 403]
    assert send(applicant, SOUND).status_code == 403
    assert officer.get("/takeovers/999999").status_code == 404

"""The queue as a file: what the page lists with the same filters, all pages of it, to whom the page is open."""

import csv
import io

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.applications.small_pack import World
from tests.applications.visits import accepted, submitted, visiting


def fetched(client: FlaskClient, address: str) -> TestResponse:
    """The whole file, with its temporary one on the disk gone."""
    with client.get(address) as answer:
        answer.get_data()
        return answer


def keys(client: FlaskClient, address: str) -> list[str]:
    text = fetched(client, address).data.decode("utf-8-sig")
    return [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:]


def test_the_file_holds_every_page(world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("applications.web.exports.AT_ONCE", 2)
    codes = [accepted(world).code for _ in range(5)]
    visit = visiting(world, client, "case_officer")
    answer = fetched(visit, "/queue.csv")

    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert sorted(keys(visit, "/queue.csv")) == sorted(code for code in codes if code)


def test_the_file_is_narrowed_as_the_page_is(world: World, client: FlaskClient) -> None:
    waiting, _ = submitted(world), accepted(world)

    assert keys(visiting(world, client, "case_officer"), "/queue.csv?state=checking") == [waiting.key]


def test_a_workbook_opens_with_its_titles(world: World, client: FlaskClient) -> None:
    application = accepted(world, name="=HYPERLINK(1)")
    answer = fetched(visiting(world, client, "case_officer"), "/queue.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active

    assert sheet is not None
    assert [sheet["A2"].value, sheet["B2"].value, sheet["B2"].data_type] == [application.code, "=HYPERLINK(1)", "s"]


@pytest.mark.parametrize(("address", "status"), [("/queue.pdf", 404), ("/queue.csv?state=nothing", 422)])
def test_what_cannot_be_asked_is_refused(world: World, client: FlaskClient, address: str, status: int) -> None:
    assert visiting(world, client, "case_officer").get(address).status_code == status


def test_the_file_is_for_officers_alone(world: World, client: FlaskClient) -> None:
    assert visiting(world, client, world.people["applicant"]).get("/queue.csv").status_code == 403

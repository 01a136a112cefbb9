"""The queue as a file: what the page lists with the same filters, all pages of it, to whom the page is open."""

import csv
import io
from datetime import timedelta

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.mails import PASSWORD_RESET_ASKED
from applications.models import StuckCase
from applications.models.stuck import NOBODY
from applications.wordindex import keep_some
from foundation.database import now
from foundation.mails import send_mail
from tests.accounts.factories import make_organisation, make_person, make_unit
from tests.applications.small_pack import World
from tests.applications.visits import accepted, asked_reviewer, submitted, visiting
from tests.pages import Page


def fetched(client: FlaskClient, address: str) -> TestResponse:
    """The whole file, with its temporary one on the disk gone."""
    with client.get(address) as answer:
        answer.get_data()
        return answer


def keys(client: FlaskClient, address: str) -> list[str]:
    text = fetched(client, address).data.decode("utf-8-sig")
    return [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:]


def test_the_file_holds_every_page(world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foundation.downloads.AT_ONCE", 2)
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


def lines(client: FlaskClient, address: str) -> list[list[str]]:
    text = fetched(client, address).data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1:]


def test_an_applicant_takes_all_own_dossiers_along_and_nobody_elses(
    world: World, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.downloads.AT_ONCE", 1)
    draft, sent = world.draft(name="=1+1"), accepted(world)
    hidden = submitted(world)
    hidden.organisation_id = make_organisation(world.session).id
    world.session.commit()

    found = lines(visiting(world, client, "applicant"), "/desk.csv")

    assert {row[0] for row in found} == {draft.key, sent.code}
    assert "'=1+1" in {row[1] for row in found}


def test_what_stands_still_is_a_file(world: World, client: FlaskClient) -> None:
    stuck, hidden = submitted(world), submitted(world)
    hidden.unit_id = make_unit(world.session).id
    for case in (stuck, hidden):
        facts = {"reason": NOBODY, "since": now() - timedelta(days=9), "listed_at": now()}
        world.session.add(StuckCase(case_id=case.id, unit_id=case.unit_id, **facts))
    world.session.commit()
    officer = make_person(world.session, grants=[{"role": "case_officer", "scope_unit_id": world.unit.id}])

    assert [row[0] for row in lines(visiting(world, client, officer), "/stuck.csv")] == [stuck.key]


def test_what_was_found_is_a_file_for_who_may_see_it(world: World, client: FlaskClient) -> None:
    application = accepted(world, name="Đèn đường")
    accepted(world)
    while keep_some(world.session):
        world.session.flush()
    world.session.commit()
    visit = visiting(world, client, "case_officer")

    assert [row[0] for row in lines(visit, "/search.csv?q=den+duong")] == [application.code]
    assert lines(visit, "/search.csv") == []
    stranger = make_person(world.session, organisation=make_organisation(world.session))
    assert lines(visiting(world, client, stranger), "/search.csv?q=den") == []


def test_the_register_is_a_file_with_days(world: World, client: FlaskClient) -> None:
    application = accepted(world)
    period = f"unit={world.unit.code}&from_on=2020-01-01&to_on=2100-01-01"

    answer = fetched(visiting(world, client, "case_officer"), f"/queue/register.xlsx?{period}")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    assert sheet["A2"].value == application.code
    assert sheet["F2"].is_date
    assert sheet["H2"].value is None


def test_the_trail_is_a_file_for_those_who_supervise(world: World, client: FlaskClient) -> None:
    application = accepted(world)

    found = lines(visiting(world, client, "auditor"), f"/admin/audit.csv?stream={application.key}")

    assert {row[2] for row in found} >= {"applications:case:move"}
    assert all(len(row[8]) == 64 for row in found)
    assert visiting(world, client, "case_officer").get("/admin/audit.csv").status_code == 403


@pytest.mark.parametrize("list_", ["organisations", "people"])
def test_people_and_organisations_are_files_for_administrators_alone(
    world: World, client: FlaskClient, list_: str
) -> None:
    every = lines(visiting(world, client, "administrator"), f"/admin/{list_}.csv")
    none = lines(client, f"/admin/{list_}.csv?q=nobody+is+called+so")

    assert len(every) > 0
    assert none == []
    assert visiting(world, client, "case_officer").get(f"/admin/{list_}.csv").status_code == 403


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("case_officer", "/queue"),
        ("applicant", "/desk"),
        ("administrator", "/admin/people"),
        ("administrator", "/admin/organisations"),
        ("auditor", "/admin/audit"),
        ("administrator", "/admin/roles"),
        ("administrator", "/admin/units"),
    ],
)
def test_each_list_offers_its_file(world: World, client: FlaskClient, who: str, address: str) -> None:
    accepted(world)
    visit = visiting(world, client, who)

    links = Page(visit.get(address)).root.one("p", class_="list-files").all("a")

    assert [fetched(visit, link.attributes["href"]).status_code for link in links] == [200, 200]


def test_a_reviewer_takes_own_tasks_along_and_nobody_elses(world: World, client: FlaskClient) -> None:
    first, second = accepted(world, name="@Đèn đường"), accepted(world)
    reviewer, _ = asked_reviewer(world, first, declared=False)
    asked_reviewer(world, second)

    (row,) = lines(visiting(world, client, reviewer), "/reviews.csv")

    assert (row[0], row[1], row[-1]) == (first.code, "'@Đèn đường", "Cần khai báo trước")
    assert visiting(world, client, "case_officer").get("/reviews.csv").status_code == 403


def test_roles_and_units_are_files_for_administrators_alone(world: World, client: FlaskClient) -> None:
    below = make_unit(world.session, parent=world.unit)
    world.session.commit()
    visit = visiting(world, client, "administrator")

    roles = {row[1]: row[3] for row in lines(visit, "/admin/roles.csv")}
    units = {row[0]: row[3] for row in lines(visit, "/admin/units.csv")}

    assert roles["administrator"] == "1"
    assert (units[world.unit.code], units[below.code]) == ("", world.unit.code)
    for address in ("/admin/roles.csv", "/admin/units.csv", "/admin/outbox.csv"):
        assert visiting(world, client, "auditor").get(address).status_code == 403


def test_the_outbox_is_a_file_without_the_words_of_its_mails(world: World, client: FlaskClient) -> None:
    with client.application.app_context():
        facts = {"link": "https://example.org/reset/secret"}
        send_mail(world.session, "lan@example.org", language="vi", kind=PASSWORD_RESET_ASKED, facts=facts)
    world.session.commit()

    (row,) = lines(visiting(world, client, "administrator"), "/admin/outbox.csv")

    assert row[1:] == ["lan@example.org", "Đặt mật khẩu mới", ""]
    assert "/reset/" not in "".join(row)

"""The deadline calculator: an answer in the address, errors beside the field."""

import pytest
from flask.testing import FlaskClient

from tests.pages import Page, open_page

pytestmark = pytest.mark.usefixtures("world")


def ask(client: FlaskClient, start: str, working_days: str) -> Page:
    return open_page(client, f"/calendar?start={start}&working_days={working_days}")


def result(page: Page) -> str:
    return page.root.one("p", class_="result-value").text


@pytest.mark.parametrize(
    ("start", "working_days", "due"),
    [
        ("2026-07-01", "1", "Thứ Năm, ngày 2 tháng 7 năm 2026"),
        ("2026-07-01", "15", "Thứ Tư, ngày 22 tháng 7 năm 2026"),
        ("2026-07-03", "1", "Thứ Hai, ngày 6 tháng 7 năm 2026"),
        ("2026-04-29", "1", "Thứ Hai, ngày 4 tháng 5 năm 2026"),
        ("2026-08-21", "1", "Thứ Bảy, ngày 22 tháng 8 năm 2026"),
        ("2026-08-28", "1", "Thứ Năm, ngày 3 tháng 9 năm 2026"),
    ],
)
def test_working_days_are_counted(client: FlaskClient, start: str, working_days: str, due: str) -> None:
    assert result(ask(client, start, working_days)) == due


def test_days_off_on_the_way_are_named_with_their_source(client: FlaskClient) -> None:
    page = ask(client, "2026-08-28", "1")

    days = [item.text for item in page.root.one("ul", class_="plain").all("li")]
    assert [day[:10] for day in days] == ["31/08/2026", "01/09/2026", "02/09/2026"]
    assert "Thông báo hoán đổi ngày làm việc dịp Quốc khánh 2026" in days[0]


def test_a_year_without_decree_is_said_to_be_uncertain(client: FlaskClient) -> None:
    warning = "Lịch nghỉ lễ của năm đó chưa được công bố"

    assert warning in ask(client, "2040-01-02", "1").text
    assert warning not in ask(client, "2026-07-01", "1").text


def test_an_answer_can_be_shared_and_read_in_another_language(client: FlaskClient) -> None:
    client.set_cookie("language", "en")

    page = ask(client, "2026-07-01", "15")

    assert result(page) == "Wednesday 22 July 2026"
    values = {field.attributes["name"]: field.attributes.get("value") for field in page.root.all("input", required="")}
    assert values == {"start": "2026-07-01", "working_days": "15"}


def test_one_day_is_one_day_in_each_language(client: FlaskClient) -> None:
    client.set_cookie("language", "fr")

    assert "1 jour ouvré après" in ask(client, "2026-07-01", "1").text
    assert "2 jours ouvrés après" in ask(client, "2026-07-01", "2").text


def test_before_a_question_there_is_no_answer_and_no_error(client: FlaskClient) -> None:
    page = open_page(client, "/calendar")

    assert (page.status, page.errors) == (200, {})
    assert page.root.all("p", class_="result-value") == []


@pytest.mark.parametrize(
    ("start", "working_days", "errors"),
    [
        ("hôm nay", "15", {"start": "Hãy nhập ngày."}),
        ("2026-02-30", "15", {"start": "Hãy nhập ngày."}),
        ("9999-12-31", "15", {"start": "Nhập ngày trong khoảng từ 01/01/1990 đến 31/12/2200."}),
        ("0001-01-01", "15", {"start": "Nhập ngày trong khoảng từ 01/01/1990 đến 31/12/2200."}),
        ("2026-07-01", "", {"working_days": "Vui lòng nhập thông tin này."}),
        ("2026-07-01", "ba", {"working_days": "Hãy nhập một số."}),
        ("2026-07-01", "0", {"working_days": "Nhập một số từ 1 đến 1000."}),
        ("2026-07-01", "-1", {"working_days": "Nhập một số từ 1 đến 1000."}),
        ("2026-07-01", "9" * 30, {"working_days": "Nhập một số từ 1 đến 1000."}),
        ("2026-07-01", "9" * 5000, {"working_days": "Hãy nhập một số."}),
    ],
)
def test_a_wrong_question_is_told_beside_the_field(
    client: FlaskClient, start: str, working_days: str, errors: dict[str, str]
) -> None:
    page = ask(client, start, working_days)

    assert (page.status, page.errors) == (422, errors)
    assert page.root.all("p", class_="result-value") == []


def test_the_last_day_that_is_counted_from_has_an_answer(client: FlaskClient) -> None:
    assert ask(client, "2200-12-31", "1000").status == 200

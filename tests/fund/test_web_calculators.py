"""The calculators as pages, as people without scripts use them: typed, pasted, shared, corrected."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from foundation.calculators.numbers import plain_day, plain_number, spoken_number
from foundation.calculators.sheet import pasted_rows
from fund.forms.calculators import CALCULATORS
from tests.pages import Page, follow, open_page


def figures(page: Page) -> dict[str, str]:
    terms, values = page.root.all("dt"), page.root.all("dd")
    return {term.text: value.text for term, value in zip(terms, values, strict=True)}


def cells(page: Page) -> list[list[str]]:
    """The rows of the answer's table."""
    table = page.root.one("table", class_="table answer-rows-table")
    return [[cell.text for cell in row.all("td") + row.all("th")] for row in table.all("tr")][1:]


def fill(client: FlaskClient, code: str, typed: dict[str, Any]) -> TestResponse:
    """Send a calculator's form with these inputs."""
    return open_page(client, f"/calculators/{code}").form().send(client, **typed)


@pytest.fixture
def reader(client: FlaskClient) -> FlaskClient:
    client.set_cookie("language", "en")
    return client


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
@pytest.mark.parametrize("code", CALCULATORS)
def test_each_example_has_an_answer_in_each_language(client: FlaskClient, code: str, language: str) -> None:
    client.set_cookie("language", language)

    page = Page(client.get(f"/calculators/{code}", query_string=CALCULATORS[code].example))

    assert page.status == 200
    assert page.root.one("section", id="answer")


def test_all_calculators_are_found_from_their_page(reader: FlaskClient) -> None:
    page = open_page(reader, "/calculators")

    assert {page.links[str(one.title)] for one in CALCULATORS.values()} == {
        f"/calculators/{code}" for code in CALCULATORS
    }


def test_what_was_typed_is_answered_at_an_address_that_can_be_shared(reader: FlaskClient) -> None:
    sent = fill(
        reader,
        "ceiling",
        {"city": "600.000.000.000 đ", "private-amount": ["300 000 000 000", "300,000,000,000", "", ""]},
    )

    assert parse_qs(urlsplit(sent.location).query) == {"city": ["600000000000"], "private": ["300000000000"] * 2}
    page = follow(reader, sent)
    assert "A ceiling is exceeded" in page.text
    assert figures(page)["Or by the city: at least this much less"] == "₫23,529,411,765"


def test_a_call_is_divided(reader: FlaskClient) -> None:
    typed = {
        "amount": "10",
        "commitments-name": ["City", "A", "B", ""],
        "commitments-amount": ["49", "26", "25", ""],
        "commitments-public": ["public", "private", "private", "private"],
    }
    sent = fill(reader, "call", typed)

    assert cells(follow(reader, sent)) == [["City", "₫4"], ["A", "₫3"], ["B", "₫3"], ["₫10", "Together"]]


def test_a_waterfall_takes_per_cent(reader: FlaskClient) -> None:
    form = open_page(reader, "/calculators/waterfall").form()
    sent = form.send(reader, contributed="100", proceeds="160", years="5", hurdle="8", catch_up="100 %", carry="20")

    page = follow(reader, sent)

    assert cells(page)[-1] == ["148", "12", "Together"]
    assert page.root.one("input", id="hurdle").attributes["value"] == "8"


def test_rows_can_be_pasted(reader: FlaskClient) -> None:
    pasted = "Day\tAmount\n2008-01-01\t-10,000\n01/03/2008\t2,750\n2008-10-30 4250\n2009-02-15;3250\n2009-04-01\t2,750"

    page = follow(reader, fill(reader, "performance", {"flows-pasted": pasted}))

    assert figures(page)["Rate of return a year (XIRR)"] == "37.3363%"


def test_several_rates_are_told(reader: FlaskClient) -> None:
    page = open_page(reader, "/calculators/performance?flows=~100&flows=~-230&flows=~132")

    assert figures(page)["Rate of return a period (IRR)"] == "–"
    assert "10.0000% 20.0000%" in page.text


def test_an_index_is_compared_with(reader: FlaskClient) -> None:
    flows = "&".join(f"flows=~{amount}" for amount in (-100, -50, 60, 10))
    index = "&".join(f"index=~{value}" for value in (100, 105, 115, 117, 120))

    page = open_page(reader, f"/calculators/performance?nav=110&{flows}&{index}")

    assert figures(page)["KS-PME"].startswith("1.0323")
    assert figures(page)["LN-PME"].startswith("5.30")


def test_faults_stand_beside_their_cells(reader: FlaskClient) -> None:
    answer = fill(
        reader,
        "performance",
        {
            "nav": "-5",
            "flows-on": ["2020-01-01", "", "", "", "", ""],
            "flows-amount": ["-100", "1e30", "", "", "", ""],
        },
    )
    page = Page(answer)

    assert page.status == 422
    assert set(page.errors) == {"flows-1-amount"}
    assert page.root.one("input", id="flows-1-amount").attributes["value"] == "1e30"
    assert page.root.one("input", id="flows-1-amount").attributes["aria-invalid"] == "true"


def test_faults_of_the_whole_stand_there_too(reader: FlaskClient) -> None:
    page = open_page(reader, "/calculators/performance?nav=-5&flows=2020-01-01~-100&flows=~5")
    other = open_page(reader, "/calculators/ceiling?city=x&private=-5")

    assert page.status == 422
    assert set(page.errors) == {"nav", "flows-1-on"}
    assert set(other.errors) == {"city", "private-0-amount"}


def test_more_rows_keep_what_was_typed(reader: FlaskClient) -> None:
    form = open_page(reader, "/calculators/ceiling").form()
    form.values.setlist("private-amount", ["5", "", "", ""])
    page = Page(form.send(reader, press=("more", "private")))

    assert page.status == 200
    assert len(page.root.all("input", name="private-amount")) == 11
    assert page.root.one("input", id="private-0-amount").attributes["value"] == "5"


def test_a_sheet_that_is_too_long_for_an_address_is_answered_in_place(reader: FlaskClient) -> None:
    rows = "\n".join(["2020-01-01\t-900", *(f"2021-01-{1 + n % 28:02d}\t1" for n in range(990))])

    page = Page(fill(reader, "performance", {"flows-pasted": rows}))

    assert page.status == 200
    assert "too long for an address" in page.text
    assert figures(page)["DPI"].startswith("1.1000")


def test_there_is_no_other_calculator(reader: FlaskClient) -> None:
    assert reader.get("/calculators/roulette").status_code == 404


@pytest.mark.parametrize(
    ("typed", "language", "plain"),
    [
        ("1.000", "vi", "1000"),
        ("1.000", "en", "1.000"),
        ("1,000", "en", "1000"),
        ("1,000", "fr", "1.000"),
        ("985,123", "vi", "985.123"),
        ("0.125", "vi", "0.125"),
        ("-1.234.567,5", "vi", "-1234567.5"),
        ("−10 000,5 đ", "fr", "-10000.5"),
        ("1.23.4", "vi", "1.23.4"),
        ("x", "vi", "x"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, language: str, plain: str) -> None:
    assert plain_number(typed, language) == plain


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
@pytest.mark.parametrize("plain", ["985.123", "1000", "-10000.5", "0.125", "1234567.891", "12.5"])
def test_what_stands_in_a_field_is_read_as_it_was_meant(plain: str, language: str) -> None:
    assert plain_number(spoken_number(plain, language), language) == plain


@pytest.mark.parametrize(("typed", "day"), [("1/3/2008", "2008-03-01"), ("2008-03-01", "2008-03-01"), ("x", "x")])
def test_days_are_read_either_way(typed: str, day: str) -> None:
    assert plain_day(typed) == day


def test_pasted_amounts_without_days_are_periods() -> None:
    flows = CALCULATORS["performance"].questions.tables[0]

    assert pasted_rows("Amount\n-100\n\n60", flows) == [["", "-100"], ["", "60"]]

"""The calculators of tenancies by API and as pages: the promised figures, and a clear no for whatever else is sent."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from parks.forms.calculators import CALCULATORS
from tests.pages import Page, open_page

RENT, WALE = "/api/v1/calculators/rent", "/api/v1/calculators/wale"
YEAR: dict[str, Any] = {
    "starts_on": "2026-03-17",
    "ends_on": "2027-03-16",
    "monthly_vnd": "30000000",
    "escalation": {"kind": "percent", "rate": "0.05", "every_months": 12},
    "reliefs": [],
    "vat": "0",
}


def codes(answer: Any) -> dict[str, str]:
    """The first reason beside each field."""
    assert answer.status_code == 422, answer.text
    return {path: faults[0]["code"] for path, faults in answer.get_json()["errors"].items()}


def test_a_year_of_rent(client: FlaskClient) -> None:
    answer = client.post(RENT, json=YEAR).get_json()

    first = answer["lines"][0]
    assert {name: first[name] for name in ("from", "to", "rent", "relief", "vat", "total")} == {
        "from": "2026-03-17",
        "to": "2026-03-31",
        "rent": "14516129",
        "relief": "0",
        "vat": "0",
        "total": "14516129",
    }
    assert answer["sums"]["total"] == "360000000"


def test_reliefs_and_tax_of_each_line(client: FlaskClient) -> None:
    reliefs = [
        {"kind": "statutory", "rate": "0.5", "from": "2026-04-01", "to": "2026-04-30", "evidence": "Certificate 12"},
        {"kind": "programme", "rate": "0.2"},
    ]

    lines = client.post(RENT, json=YEAR | {"reliefs": reliefs, "vat": "0.1"}).get_json()["lines"]

    assert [lines[1][name] for name in ("statutory_relief", "programme_relief", "relief", "vat", "total")] == [
        "15000000",
        "3000000",
        "18000000",
        "1200000",
        "13200000",
    ]
    assert lines[2]["relief"] == "6000000"


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"ends_on": "2026-03-16"}, {"ends_on": "ends_before_start"}),
        ({"ends_on": "2199-03-16"}, {"ends_on": "term_too_long"}),
        ({"monthly_vnd": 30000000}, {"monthly_vnd": "decimal_as_text"}),
        ({"monthly_vnd": "-1"}, {"monthly_vnd": "below_zero"}),
        ({"escalation": {"kind": "percent"}}, {"escalation.rate": "required", "escalation.every_months": "required"}),
        ({"escalation": {"kind": "yearly"}}, {"escalation.kind": "not_a_choice"}),
        (
            {"escalation": {"kind": "index", "every_months": 12, "index": [{"on": "2026-04-01", "value": "100"}]}},
            {"escalation.index": "rent_index_begins_late"},
        ),
        (
            {"escalation": {"kind": "index", "every_months": 12, "index": [{"on": "2026-03-01", "value": "0"}]}},
            {"escalation.index.0.value": "too_small"},
        ),
        (
            {"reliefs": [{"kind": "statutory", "rate": "1.5", "from": "2026-04-02"}]},
            {"reliefs.0.rate": "too_large"},
        ),
        (
            {"reliefs": [{"kind": "statutory", "rate": "1", "from": "2026-04-02", "to": "2026-04-01"}]},
            {"reliefs.0.to": "ends_before_start"},
        ),
    ],
)
def test_what_cannot_be_reckoned_is_told_beside_its_field(
    client: FlaskClient, change: dict[str, Any], faults: dict[str, str]
) -> None:
    assert codes(client.post(RENT, json=YEAR | change)) == faults


def test_wale_of_the_published_vector(client: FlaskClient) -> None:
    leases = [
        {"weight": "1000", "months": "12"},
        {"weight": "5000", "months": "36"},
        {"weight": "4000", "months": "48"},
    ]

    answer = client.post(WALE, json={"leases": leases}).get_json()

    assert answer == {"wale_months": "38.4", "mean_months": "32", "total_weight": "10000"}


def test_wale_from_last_days(client: FlaskClient) -> None:
    leases = [{"weight": "1", "ends_on": "2027-06-30"}, {"weight": "1", "ends_on": "2020-01-01"}]

    answer = client.post(WALE, json={"leases": leases, "on": "2026-06-30"}).get_json()

    assert answer["wale_months"] == "6"


@pytest.mark.parametrize(
    ("leases", "faults"),
    [
        ([], {"leases": "required"}),
        ([{"weight": "0", "months": "1"}], {"leases": "wale_without_weight"}),
        ([{"weight": "1"}], {"leases.0.months": "wale_lease_without_term"}),
    ],
)
def test_wale_of_nothing_is_refused(client: FlaskClient, leases: list[Any], faults: dict[str, str]) -> None:
    assert codes(client.post(WALE, json={"leases": leases})) == faults


@pytest.mark.parametrize("language", ["vi", "en", "fr"])
@pytest.mark.parametrize("code", CALCULATORS)
def test_each_example_has_an_answer_in_each_language(client: FlaskClient, code: str, language: str) -> None:
    client.set_cookie("language", language)

    page = Page(client.get(f"/calculators/{code}", query_string=CALCULATORS[code].example))

    assert page.status == 200
    assert page.root.one("section", id="answer")


def test_a_page_is_answered_at_an_address_and_says_what_is_wrong(client: FlaskClient) -> None:
    client.set_cookie("language", "en")
    form = open_page(client, "/calculators/rent").form()
    typed: dict[str, Any] = {"starts_on": "2026-03-17", "ends_on": "2026-03-31", "monthly_vnd": "30,000,000"}

    answered = form.send(client, **typed)
    refused = form.send(client, **(typed | {"escalation.kind": "percent"}))

    assert answered.status_code == 303
    assert "14,516,129" in client.get(answered.location).text
    assert refused.status_code == 422
    assert 'href="#escalation-rate">By per cent: Enter this.' in refused.text

"""The calculators by API: the promised shapes and figures, and a clear no for whatever else is sent."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

CEILING, CALL, WATERFALL, PERFORMANCE = (
    f"/api/v1/calculators/{name}" for name in ("ceiling", "call", "waterfall", "performance")
)


def ask(client: FlaskClient, address: str, sent: Any, language: str = "en") -> TestResponse:
    return client.post(
        address,
        data=json.dumps(sent),
        content_type="application/json",
        headers={"Accept-Language": language},
    )


def codes(answer: TestResponse) -> dict[str, str]:
    """The first reason beside each field."""
    assert answer.status_code == 422, answer.text
    assert answer.mimetype == "application/problem+json"
    return {path: faults[0]["code"] for path, faults in answer.get_json()["errors"].items()}


def test_a_breach_with_its_cure(client: FlaskClient) -> None:
    answer = ask(client, CEILING, {"city": "600000000000", "private": ["300000000000", "300000000000"]}).get_json()

    assert answer["ceiling"]["amount"] == "600000000000"
    assert answer["ceiling"]["share"] == "0.49"
    assert {name: answer[name] for name in ("allowed", "share", "city_max", "private_min", "cure")} == {
        "allowed": False,
        "share": "0.500000",
        "city_max": "576470588235",
        "private_min": "624489795919",
        "cure": {"private_top_up": "24489795919", "city_reduction": "23529411765"},
    }
    assert [breach["code"] for breach in answer["breaches"]] == ["city_above_share"]


def test_at_the_ceiling_all_is_well(client: FlaskClient) -> None:
    answer = ask(client, CEILING, {"city": "600000000000", "private": ["624489795919"]}).get_json()

    assert answer["allowed"] is True
    assert answer["cure"] == {"private_top_up": "0", "city_reduction": "0"}


def test_city_money_above_its_amount_has_no_private_cure(client: FlaskClient) -> None:
    answer = ask(client, CEILING, {"city": "700000000000", "private": ["9000000000000"]}).get_json()

    assert (answer["private_min"], answer["cure"]["private_top_up"]) == (None, None)
    assert answer["cure"]["city_reduction"] == "100000000000"


def test_a_call(client: FlaskClient) -> None:
    commitments = [
        {"name": "city", "amount": "600000000000", "public": True},
        {"name": "A", "amount": "300000000000"},
        {"name": "B", "amount": "200000000000", "public": False},
        {"name": "C", "amount": "124489795919"},
    ]
    answer = ask(client, CALL, {"amount": "100000000000", "commitments": commitments}).get_json()

    assert answer == {
        "parts": [
            {"name": "city", "amount": "49000000000"},
            {"name": "A", "amount": "24500000000"},
            {"name": "B", "amount": "16333333333"},
            {"name": "C", "amount": "10166666667"},
        ],
        "within_commitments": True,
    }


def test_a_waterfall(client: FlaskClient) -> None:
    sent = {
        "contributed": "100",
        "years": "5",
        "proceeds": "160",
        "hurdle": "0.08",
        "catch_up": "1",
        "carry": "0.20",
    }
    answer = ask(client, WATERFALL, sent).get_json()

    assert (answer["lp"], answer["gp"]) == ("148", "12")
    assert [tier["tier"] for tier in answer["tiers"]] == ["capital", "preferred", "catch_up", "carry"]


def test_dated_flows(client: FlaskClient) -> None:
    flows = [
        {"on": "2008-01-01", "amount": "-10000"},
        {"on": "2008-03-01", "amount": "2750"},
        {"on": "2008-10-30", "amount": "4250"},
        {"on": "2009-02-15", "amount": "3250"},
        {"on": "2009-04-01", "amount": "2750"},
    ]
    answer = ask(client, PERFORMANCE, {"flows": flows, "nav": "0", "nav_on": "2009-04-01"}).get_json()

    assert float(answer["xirr"]) == pytest.approx(0.3733625335, abs=1e-9)
    assert (answer["xirr_note"], answer["roots"]) == (None, [answer["xirr"]])
    assert (answer["paid_in"], answer["distributed"], answer["dpi"]) == ("10000", "13000", "1.3")
    assert "irr" not in answer
    assert "ks_pme" not in answer


def test_flows_of_periods_with_an_index(client: FlaskClient) -> None:
    flows = [{"amount": amount} for amount in ("-100", "-50", "60", "10")]
    index = [{"value": value} for value in ("100", "105", "115", "117", "120")]
    answer = ask(client, PERFORMANCE, {"flows": flows, "nav": "110", "index": index}).get_json()

    assert float(answer["irr"]) == pytest.approx(0.0643, abs=5e-5)
    assert float(answer["ln_pme"]) == pytest.approx(0.0530, abs=5e-5)
    assert float(answer["ks_pme"]) == pytest.approx(1.0323, abs=5e-5)
    assert float(answer["direct_alpha"]) == pytest.approx(0.0109, abs=5e-5)
    assert "xirr" not in answer


def test_several_rates_are_told_and_none_is_chosen(client: FlaskClient) -> None:
    flows = [{"amount": "100"}, {"amount": "-230"}, {"amount": "132"}]
    answer = ask(client, PERFORMANCE, {"flows": flows}, "vi").get_json()

    assert (answer["irr"], answer["reason"]) == (None, "several_rates")
    assert [round(float(root), 6) for root in answer["roots"]] == [0.1, 0.2]
    assert answer["irr_note"].startswith("Các dòng tiền này")


def test_no_rate_is_null_and_never_nothing(client: FlaskClient) -> None:
    answer = ask(client, PERFORMANCE, {"flows": [{"on": "2020-01-01", "amount": "-5"}]}).get_json()

    assert (answer["xirr"], answer["roots"], answer["reason"]) == (None, [], "no_rate_one_sign")
    assert answer["xirr_note"]


FLOW = {"on": "2020-01-01", "amount": "-1"}


@pytest.mark.parametrize(
    ("address", "sent", "faults"),
    [
        (CEILING, {}, {"city": "required", "private": "required"}),
        (CEILING, {"city": 5, "private": ["x"]}, {"city": "decimal_as_text", "private.0": "not_an_amount"}),
        (CEILING, {"city": "-1", "private": []}, {"city": "amount_negative"}),
        (CEILING, {"city": "1.5", "private": {}}, {"city": "not_an_amount", "private": "not_a_list"}),
        (CEILING, {"city": "1" + "0" * 30, "private": []}, {"city": "amount_too_large"}),
        (CEILING, {"city": "1e30", "private": []}, {"city": "not_an_amount"}),
        (CEILING, {"city": "1", "private": ["1"] * 201}, {"private": "list_too_long"}),
        (CEILING, {"city": "1", "private": [], "share": "1"}, {"share": "no_such_field"}),
        (CALL, {"amount": "1", "commitments": []}, {"commitments": "required"}),
        (CALL, {"amount": "1", "commitments": [{"name": "A", "amount": "0"}]}, {"commitments": "nothing_committed"}),
        (
            CALL,
            {"amount": "1", "commitments": [{"name": "", "amount": "1", "public": "yes"}]},
            {"commitments.0.name": "required", "commitments.0.public": "not_yes_or_no"},
        ),
        (
            WATERFALL,
            {"contributed": "-1", "years": "101", "proceeds": "1e30", "hurdle": "x", "catch_up": "2", "carry": None},
            {
                "contributed": "below_zero",
                "years": "too_large",
                "proceeds": "decimal_too_long",
                "hurdle": "not_a_number",
                "catch_up": "too_large",
                "carry": "required",
            },
        ),
        (PERFORMANCE, {"flows": []}, {"flows": "no_flows"}),
        (PERFORMANCE, {"flows": "x"}, {"flows": "not_a_list"}),
        (PERFORMANCE, {"flows": [5]}, {"flows.0": "not_an_object"}),
        (PERFORMANCE, {"flows": [{"amount": "1e30"}]}, {"flows.0.amount": "decimal_too_long"}),
        (PERFORMANCE, {"flows": [{"amount": "9" * 19}]}, {"flows.0.amount": "decimal_too_long"}),
        (PERFORMANCE, {"flows": [{"amount": -5.5}]}, {"flows.0.amount": "decimal_as_text"}),
        (PERFORMANCE, {"flows": [{**FLOW, "on": "1700-01-01"}]}, {"flows.0.on": "year_out_of_range"}),
        (PERFORMANCE, {"flows": [{**FLOW, "on": "2020-02-30"}]}, {"flows.0.on": "not_a_date"}),
        (PERFORMANCE, {"flows": [FLOW, {"amount": "5"}]}, {"flows.1.on": "day_missing_here"}),
        (PERFORMANCE, {"flows": [FLOW], "nav": "-5"}, {"nav": "amount_negative"}),
        (
            PERFORMANCE,
            {"flows": [FLOW], "nav": "5", "nav_on": "2019-12-31"},
            {"nav_on": "nav_before_last_flow"},
        ),
        (PERFORMANCE, {"flows": [FLOW], "index": [{"value": "5"}]}, {"index.0.on": "day_missing_here"}),
        (PERFORMANCE, {"flows": [FLOW] * 1001}, {"flows": "too_many_rows"}),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(
    client: FlaskClient, address: str, sent: dict[str, Any], faults: dict[str, str]
) -> None:
    assert codes(ask(client, address, sent)) == faults


@pytest.mark.parametrize("address", [CEILING, CALL, WATERFALL, PERFORMANCE])
def test_what_is_no_json_is_refused(client: FlaskClient, address: str) -> None:
    assert client.post(address, data="{", content_type="application/json").status_code == 400
    assert client.post(address, data="a=1").status_code == 415
    assert ask(client, address, {"x": "y" * 1_100_000}).status_code == 413


def test_the_largest_amounts_are_reckoned_with(client: FlaskClient) -> None:
    flows = [{"amount": "-" + "9" * 18}, {"amount": "0.0000000001"}, {"amount": "9" * 18}]
    index = [{"value": "0.0000000001"}, {"value": "1"}, {"value": "9" * 18}]
    answer = ask(client, PERFORMANCE, {"flows": flows, "nav": "9" * 18, "index": index})

    assert answer.status_code == 200
    assert answer.get_json()["tvpi"] == "2"


def test_a_thousand_flows_are_answered_soon(client: FlaskClient) -> None:
    flows = [{"amount": "-1000"}, *({"amount": str((-1) ** n * (n % 7 + 1))} for n in range(999))]

    assert ask(client, PERFORMANCE, {"flows": flows, "nav": "2000"}).status_code == 200


def test_the_calculators_are_in_the_document(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()

    for address in (CEILING, CALL, WATERFALL, PERFORMANCE):
        assert document["paths"][address]["post"]["security"] == [{}, {"bearer": []}]

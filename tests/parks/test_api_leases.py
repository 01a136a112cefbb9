"""Leases by API: who may, what each step answers, and what a tenant and another park's administrator may not see."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import now
from foundation.workdays import local_date
from parks.operations.billing import issue_requests
from parks.operations.frames import find_operator, set_account
from parks.operations.indices import enter_index_value
from parks.vietqr import read_payload
from tests.accounts.factories import actor_for, make_organisation, make_person
from tests.applications.programs import Program, program_of
from tests.parks.grounds import make_park

LEASE: dict[str, Any] = {
    "space": "P1-U1",
    "tenant": "Công ty A",
    "starts_on": "2026-03-17",
    "ends_on": "2027-03-16",
    "base_vnd_m2": "250000",
    "escalation": {"kind": "percent", "rate": "0.05", "every_months": 6},
    "vat": "0",
    "deposit_vnd": "60000000",
    "signed_on": "2026-03-01",
}


def administrator(app: Flask, session: Session, park: str | None = "P1") -> Program:
    person = make_person(session, grants=[{"role": "park_administrator", "scope_park": park}])
    return program_of(app, session, actor_for(session, person))


@pytest.fixture
def runner(app: Flask, client: FlaskClient, session: Session) -> Program:
    make_park(session)
    return administrator(app, session)


def codes(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {path: faults[0]["code"] for path, faults in answer.get_json()["errors"].items()}


def test_a_lease_has_its_schedule(runner: Program) -> None:
    relief = {"kind": "statutory", "rate": "0.5", "from": "2026-04-01", "to": "2026-04-30"}
    reliefs = [relief | {"evidence": "Certificate 7", "source": "Capital Law, article 26"}]

    lease = runner.post("/leases", LEASE | {"reliefs": reliefs}).get_json()
    schedule = runner.get(f"/leases/{lease['key']}/schedule").get_json()

    assert (lease["area_m2"], lease["signed_on"], lease["deposit_vnd"]) == ("120", "2026-03-01", "60000000")
    assert [(line["from"], line["rent"], line["relief"]) for line in schedule["lines"][:2]] == [
        ("2026-03-17", "14516129", "0"),
        ("2026-04-01", "30000000", "15000000"),
    ]
    assert schedule["lines"][-1]["rent"] == "16258065"


def test_only_who_runs_the_park_drafts_a_lease(app: Flask, runner: Program, session: Session) -> None:
    other = administrator(app, session, "P2")

    assert other.post("/leases", LEASE).status_code == 403
    assert runner.post("/leases", LEASE | {"space": "P1-U9"}).status_code == 404


def test_a_space_is_let_once(runner: Program) -> None:
    assert runner.post("/leases", LEASE).status_code == 201

    refused = runner.post("/leases", LEASE | {"tenant": "B", "starts_on": "2027-01-01"})

    assert refused.status_code == 409
    assert runner.get("/leases").get_json()["items"][0]["tenant"] == "Công ty A"


def test_a_tenant_reads_its_own_leases_and_nobody_elses(app: Flask, runner: Program, session: Session) -> None:
    ours, theirs = make_organisation(session), make_organisation(session)
    tenant = program_of(app, session, actor_for(session, make_person(session, organisation=ours)))
    own = runner.post("/leases", LEASE | {"organisation": ours.code}).get_json()["key"]
    foreign = runner.post("/leases", LEASE | {"space": "P1-U2", "organisation": theirs.code}).get_json()["key"]

    assert [one["key"] for one in tenant.get("/leases").get_json()["items"]] == [own]
    assert tenant.get(f"/leases/{own}/account").status_code == 200
    assert tenant.get(f"/leases/{foreign}").status_code == 404
    assert tenant.post(f"/leases/{own}/payments", {}).status_code == 403


def test_the_account_holds_a_code_that_pays_what_is_open(runner: Program, session: Session) -> None:
    key = runner.post("/leases", LEASE | {"ends_on": "2026-04-30", "escalation": {"kind": "none"}}).get_json()["key"]
    set_account(
        session, find_operator(session, "P1", None, actor=SYSTEM), ("970436", "VCB"), "00719", "BQL", actor=SYSTEM
    )
    issue_requests(session, date(2026, 4, 1))
    paid = {"received_on": "2026-04-06", "amount_vnd": "24516129", "reference": "FT1"}

    account = runner.post(f"/leases/{key}/payments", paid).get_json()

    assert [one["open"] for one in account["requests"]] == ["0", "20000000"]
    assert account["requests"][0]["payment_code"] is None
    assert read_payload(account["requests"][1]["payment_code"]).amount_vnd == 20_000_000
    assert codes(runner.post(f"/leases/{key}/payments", paid)) == {"reference": "payment_noted"}


def test_a_frame_by_api_holds_for_what_follows(runner: Program) -> None:
    today = local_date(now())
    frame = {"use": "research", "lowest_vnd_m2": "1", "highest_vnd_m2": "200000", "service_highest_vnd_m2": "0"}

    answer = runner.post("/parks/P1/price-frames", frame | {"valid_from": str(today), "reference": "12/BQL"})

    assert answer.status_code == 201, answer.text
    assert codes(runner.post("/leases", LEASE)) == {"base_vnd_m2": "price_outside_frame"}


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"ends_on": "2026-03-16"}, {"ends_on": "ends_before_start"}),
        ({"area_m2": "0"}, {"area_m2": "area_not_positive"}),
        ({"break_on": "2028-01-01"}, {"break_on": "break_outside_term"}),
        ({"organisation": "none"}, {"organisation": "does_not_exist"}),
        ({"signed_on": str(local_date(now()) + timedelta(days=1))}, {"signed_on": "day_ahead"}),
    ],
)
def test_what_does_not_hold_is_told_beside_its_field(
    runner: Program, change: dict[str, Any], faults: dict[str, str]
) -> None:
    assert codes(runner.post("/leases", LEASE | change)) == faults


def test_a_rent_by_api_follows_the_index_of_its_operator(runner: Program, session: Session) -> None:
    follows = LEASE | {"escalation": {"kind": "index", "every_months": 6}}

    refused = codes(runner.post("/leases", follows))
    operator = find_operator(session, "P1", None, actor=SYSTEM)
    for day, value in ((date(2026, 3, 6), 100), (date(2026, 9, 6), 102)):
        enter_index_value(session, operator, day, Decimal(value), source="Statistics office", actor=SYSTEM)
    session.commit()
    key = runner.post("/leases", follows).get_json()["key"]
    lines = runner.get(f"/leases/{key}/schedule").get_json()["lines"]

    assert refused == {"escalation.index": "rent_index_begins_late"}
    assert [line["monthly_vnd"] for line in lines if line["from"] in ("2026-09-01", "2026-10-01")] == [
        "30000000",
        "30600000",
    ]


def test_a_request_is_put_right_and_its_einvoice_noted_by_api(app: Flask, runner: Program, session: Session) -> None:
    terms = {"ends_on": "2026-03-31", "escalation": {"kind": "none"}}
    key = runner.post("/leases", LEASE | terms).get_json()["key"]
    issue_requests(session, date(2026, 3, 20))
    session.commit()
    at = f"/leases/{key}/requests/{runner.get(f'/leases/{key}/account').get_json()['requests'][0]['key']}"
    less = {"direction": "less", "amount_vnd": "4516129", "reason": "Mất nước"}

    corrected = runner.post(f"{at}/corrections", less)
    noted = runner.post(f"{at}/einvoice", {"einvoice_number": " 1C26TAA-7 "}).get_json()
    too_much = runner.post(f"{at}/corrections", less | {"amount_vnd": "10000001"})
    listed = runner.get(f"{at}/corrections").get_json()["items"]

    assert (corrected.status_code, corrected.get_json()["open"], too_much.status_code) == (201, "10000000", 409)
    assert (noted["einvoice_number"], noted["corrected"]) == ("1C26TAA-7", "-4516129")
    assert [(one["amount"], one["reason"], one["is_stay"]) for one in listed] == [("-4516129", "Mất nước", False)]
    assert codes(runner.post(f"{at}/corrections", less | {"amount_vnd": "0", "reason": " "})) == {
        "amount_vnd": "required",
        "reason": "required",
    }
    assert codes(runner.post(f"{at}/einvoice", {"einvoice_number": " "})) == {"einvoice_number": "not_this_form"}
    stranger = administrator(app, session, "P2")
    assert {stranger.get(at).status_code, stranger.post(f"{at}/corrections", less).status_code} == {404}
    assert runner.get(f"/leases/{key}/requests/YC-999999/corrections").status_code == 404


def test_values_of_the_index_are_entered_by_api(app: Flask, runner: Program, session: Session) -> None:
    value = {"published_on": "2026-03-06", "value": "101.25", "source": "Statistics office"}

    answers = [runner.post("/parks/P1/price-index", value | change) for change in ({}, {"value": "101.5"})]
    refused = runner.post("/parks/P1/price-index", value | {"published_on": "2199-01-01", "value": "0"})

    assert [one.status_code for one in answers] == [201, 201]
    assert [one["value"] for one in runner.get("/parks/P1/price-index").get_json()["items"]] == ["101.5", "101.25"]
    assert codes(refused) == {"published_on": "day_ahead", "value": "index_value_unsound"}
    assert administrator(app, session, "P2").get("/parks/P1/price-index").status_code == 403

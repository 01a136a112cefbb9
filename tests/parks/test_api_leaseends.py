"""What becomes of signed leases by API: relieved, ended early, handed back, renewed; and who is refused."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from foundation.database import as_of
from parks.operations.billing import issue_requests
from tests.applications.programs import Program
from tests.parks.grounds import make_park
from tests.parks.test_api_leases import LEASE, administrator, codes

RELIEF: dict[str, Any] = {
    "kind": "statutory",
    "rate": "0.5",
    "from": "2026-04-01",
    "to": "2026-04-30",
    "evidence": "7",
    "source": "Law",
}
WHOLE_MONTH = {"starts_on": "2026-03-01", "ends_on": "2026-05-31", "escalation": {"kind": "none"}}


@pytest.fixture
def runner(app: Flask, client: FlaskClient, session: Session) -> Program:
    make_park(session)
    return administrator(app, session)


def drawn_up(runner: Program, **terms: Any) -> str:
    answer = runner.post("/leases", LEASE | WHOLE_MONTH | terms)
    assert answer.status_code == 201, answer.text
    key: str = answer.get_json()["key"]
    return key


def test_a_relief_shows_in_the_schedule(runner: Program) -> None:
    key = drawn_up(runner)

    granted = runner.post(f"/leases/{key}/reliefs", RELIEF)

    assert granted.status_code == 201
    assert [line["relief"] for line in granted.get_json()["lines"]] == ["0", "15000000", "0"]
    assert codes(runner.post(f"/leases/{key}/reliefs", RELIEF | {"rate": "2", "evidence": ""})) == {
        "rate": "too_large",
        "evidence": "required",
    }


def test_an_early_end_takes_back_what_was_asked_for_later_days(runner: Program, session: Session) -> None:
    key = drawn_up(runner)
    issue_requests(session, date(2026, 4, 1))
    session.commit()

    with as_of(datetime(2026, 4, 2, tzinfo=UTC)):
        outside = runner.post(f"/leases/{key}/termination", {"last_on": "2026-06-01"})
        ended = runner.post(f"/leases/{key}/termination", {"last_on": "2026-04-15"})
        account = runner.get(f"/leases/{key}/account").get_json()

    assert codes(outside) == {"last_on": "break_outside_term"}
    assert (ended.status_code, ended.get_json()["terminated_on"]) == (200, "2026-04-15")
    assert [(one["total"], one["corrected"]) for one in account["requests"]] == [
        ("30000000", "0"),
        ("30000000", "-15000000"),
    ]


def test_a_space_is_handed_back_once_and_not_ahead_of_its_day(runner: Program) -> None:
    key = drawn_up(runner)

    with as_of(datetime(2026, 6, 2, tzinfo=UTC)):
        ahead = runner.post(f"/leases/{key}/hand-back", {"on": "2026-06-20"})
        before = runner.post(f"/leases/{key}/hand-back", {"on": "2026-05-30"})
        back = runner.post(f"/leases/{key}/hand-back", {"on": "2026-06-01"})
        again = runner.post(f"/leases/{key}/hand-back", {"on": "2026-06-01"})

    assert (codes(ahead), codes(before)) == ({"on": "day_ahead"}, {"on": "hand_back_before_end"})
    assert (back.get_json()["status"], again.status_code) == ("ended", 409)


def test_a_renewal_is_drafted_and_signed_as_any_lease(runner: Program) -> None:
    key = drawn_up(runner)
    offer = {"ends_on": "2027-05-31", "base_vnd_m2": "260000"}

    too_short = runner.post(f"/leases/{key}/renewal", offer | {"ends_on": "2026-05-31"})
    renewal = runner.post(f"/leases/{key}/renewal", offer)
    drafted = renewal.get_json()
    signed = runner.post(f"/leases/{drafted['key']}/signature", {"signed_on": "2026-03-02"})

    assert list(codes(too_short)) == ["ends_on"]
    assert renewal.status_code == 201
    assert (drafted["starts_on"], drafted["renews"], drafted["status"]) == ("2026-06-01", True, "draft")
    assert (signed.status_code, signed.get_json()["signed_on"]) == (200, "2026-03-02")


def test_drafts_have_no_end_and_others_change_nothing(app: Flask, runner: Program, session: Session) -> None:
    draft = runner.post("/leases", {name: LEASE[name] for name in LEASE if name != "signed_on"}).get_json()["key"]
    key = drawn_up(runner, space="P1-U2", base_vnd_m2="250000")
    other = administrator(app, session, "P2")
    steps = {
        "termination": {"last_on": "2026-04-15"},
        "hand-back": {"on": "2026-06-01"},
        "renewal": {"ends_on": "2027-05-31", "base_vnd_m2": "260000"},
    }

    assert {runner.post(f"/leases/{draft}/{step}", sent).status_code for step, sent in steps.items()} == {409}
    for step, sent in {**steps, "reliefs": RELIEF}.items():
        assert other.post(f"/leases/{key}/{step}", sent).status_code == 404, step
        assert runner.post(f"/leases/{key}/{step}", {}).status_code == 422, step

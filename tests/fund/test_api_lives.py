"""Calls before they are issued, stages and cures by API, as pages do them."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from fund.operations.ledger import Voucher, open_books, today, withdraw
from tests.applications.programs import Program
from tests.fund.funds import BILLION, commit, make_fund
from tests.fund.test_api_funds import AHEAD, keeper_of

CALL = {"amount": "100", "due_on": AHEAD, "reference": "Đợt 1"}
DECISION = {"decision": "NQ 1/ĐHNĐT"}


@pytest.fixture
def keeper(app: Flask, client: FlaskClient, session: Session) -> Program:
    make_fund(session)
    ensure_calendars(session, actor=SYSTEM)
    commit(session, "Q1", "P1", 100 * BILLION, today())
    commit(session, "Q1", "city", 90 * BILLION, today())
    return keeper_of(app, session)


def test_a_call_waits_for_the_meeting_and_is_issued_once(keeper: Program) -> None:
    draft = keeper.post("/funds/Q1/calls/drafts", CALL | {"uses": {"investment": "90", "fee": "10", "cost": "0"}})
    issued = keeper.post("/funds/Q1/calls/1/issue", DECISION)
    again = keeper.post("/funds/Q1/calls/1/issue", DECISION)

    told = draft.get_json()
    assert (draft.status_code, told["state"], told["entry"], told["uses"]["fee"]) == (201, "cap_checked", None, "10")
    assert (issued.status_code, issued.get_json()["kind"], again.status_code) == (201, "call", 409)


def test_a_call_is_dropped_with_a_reason(keeper: Program) -> None:
    keeper.post("/funds/Q1/calls/drafts", CALL)

    assert keeper.post("/funds/Q1/calls/1/drop", {}).status_code == 422
    assert keeper.post("/funds/Q1/calls/1/drop", {"reason": "Hoãn"}).get_json()["state"] == "dropped"
    assert keeper.post("/funds/Q1/calls/2/drop", {"reason": "Hoãn"}).status_code == 404


def test_a_stage_needs_its_decision_and_the_right_state(keeper: Program) -> None:
    keeper.post("/funds/Q1/calls/drafts", CALL)
    early = keeper.post("/funds/Q1/stages", DECISION | {"stage": "review"})
    keeper.post("/funds/Q1/calls/1/issue", DECISION)

    assert early.status_code == 409
    assert keeper.post("/funds/Q1/stages", {"stage": "review"}).status_code == 422
    assert keeper.post("/funds/Q1/stages", DECISION | {"stage": "review"}).get_json() == {"state": "review_5y"}


def test_a_breach_gets_its_notice_and_plan(keeper: Program, session: Session) -> None:
    nothing = keeper.post("/funds/Q1/breach/notice", {})
    books = open_books(session, "Q1", actor=SYSTEM)
    withdraw(session, books, "P1", 50 * BILLION, voucher=Voucher("withdrawal", today()), actor=SYSTEM)
    session.commit()

    noted = keeper.post("/funds/Q1/breach/notice", {})
    filed = keeper.post("/funds/Q1/breach/plan", {"way": "top_up", "plan": "Góp thêm"})

    assert (nothing.status_code, noted.status_code, filed.status_code) == (409, 201, 201)
    assert (noted.get_json()["noticed_on"], filed.get_json()["plan_way"]) == (today().isoformat(), "top_up")


def test_who_only_reads_changes_nothing(app: Flask, keeper: Program, session: Session) -> None:
    reader = keeper_of(app, session, role="auditor")

    for address, sent in (("calls/drafts", CALL), ("stages", DECISION | {"stage": "review"}), ("breach/notice", {})):
        assert reader.post(f"/funds/Q1/{address}", sent).status_code == 403

"""The report as a workbook: sums that tie, text that stays text, by a process of its own."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from fund.operations.funds import add_contributor
from fund.operations.ledger import open_books, today
from tests.accounts.factories import make_person, sign_in
from tests.fund.funds import BILLION, call_from, commit, make_fund, pay


@pytest.fixture
def manager(client: FlaskClient, session: Session) -> FlaskClient:
    make_fund(session)
    add_contributor(session, open_books(session, "Q1", actor=SYSTEM).fund, "X", "=1+1", is_city=False, actor=SYSTEM)
    for who, amount in (("P1", 60), ("X", 40)):
        commit(session, "Q1", who, 100 * BILLION)
        call_from(session, "Q1", who, amount * BILLION)
        pay(session, "Q1", who, amount * BILLION)
    sign_in(client, session, make_person(session, grants=[{"role": "fund_manager", "scope_fund": "Q1"}]))
    session.commit()
    client.set_cookie("language", "en")
    return client


def test_the_workbook_holds_every_sheet_and_its_sums_tie(manager: FlaskClient) -> None:
    answer = manager.get("/funds/Q1/report.xlsx")

    book = load_workbook(BytesIO(answer.data))
    assert book.sheetnames == ["Results", "By quarter", "Contributions", "Flows", "Valuations"]
    contributions = list(book["Contributions"].iter_rows(values_only=True))
    assert contributions[0][0] == "Contributor"
    assert contributions[-1] == ("All", 100 * BILLION, 100 * BILLION)
    assert ("=1+1", 40 * BILLION, 40 * BILLION) in contributions
    assert {cell.data_type for row in book["Contributions"].iter_rows() for cell in row} == {"s", "n"}
    assert answer.headers["Content-Disposition"].endswith(f"Q1-{today().isoformat()}.xlsx")


def test_a_fund_in_which_nothing_moved_has_a_report_too(manager: FlaskClient) -> None:
    answer = manager.get("/funds/Q1/report.xlsx?as_of=2025-12-01")

    assert answer.status_code == 200
    rows = load_workbook(BytesIO(answer.data))["Results"].iter_rows(min_row=2, values_only=True)
    assert {row[0]: row[1] for row in rows}["Rate of return (XIRR)"] == "No value was entered for this by that day."


def test_the_report_of_another_fund_is_not_there(manager: FlaskClient, session: Session) -> None:
    make_fund(session, "Q2")
    session.commit()

    assert manager.get("/funds/Q2/report.xlsx").status_code == 404

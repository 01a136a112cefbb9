"""The pages of a fund: meters, contributors, and the ledger that every number rests on."""

import csv
import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from fund.operations.ledger import Voucher, open_books, today, withdraw
from tests.accounts.factories import make_person, sign_in
from tests.fund.funds import BILLION, commit, make_fund
from tests.pages import open_page


@pytest.fixture
def manager(client: FlaskClient, session: Session) -> FlaskClient:
    ensure_calendars(session, actor=SYSTEM)
    make_fund(session)
    for who, amount in (("P1", 400 * BILLION), ("P2", 250 * BILLION), ("city", 600 * BILLION)):
        commit(session, "Q1", who, amount, today())
    person = make_person(session, grants=[{"role": "fund_manager", "scope_fund": "Q1"}])
    sign_in(client, session, person)
    session.commit()
    client.set_cookie("language", "en")
    return client


def test_a_lone_fund_opens_at_once_with_its_meters(manager: FlaskClient) -> None:
    page = open_page(manager, "/funds")

    assert (page.address, page.heading) == ("/funds/Q1/dashboard", "Test fund")
    assert "48.0000%" in page.text


def test_every_contributor_opens_the_entries_behind_the_numbers(manager: FlaskClient) -> None:
    page = open_page(manager, open_page(manager, "/funds/Q1").links["Nhà đầu tư 2"])

    assert page.heading == "Ledger: Nhà đầu tư 2"
    assert len(page.root.one("ol", class_="entries").all("table")) == 1
    assert "₫250,000,000,000" in page.text


def test_a_breach_shows_its_cure_either_way(manager: FlaskClient, session: Session) -> None:
    books = open_books(session, "Q1", actor=SYSTEM)
    withdraw(session, books, "P2", 50 * BILLION, voucher=Voucher("withdrawal", today()), actor=SYSTEM)
    session.commit()

    page = open_page(manager, "/funds/Q1")

    assert "A ceiling is exceeded: no money of the city is called" in page.text
    assert "₫24,489,795,919" in page.text
    assert "₫23,529,411,765" in page.text


def test_the_ledger_goes_on_by_pages(manager: FlaskClient, session: Session) -> None:
    for _ in range(25):
        commit(session, "Q1", "P1", 1, today())
    session.commit()

    first = open_page(manager, "/funds/Q1/ledger")
    second = open_page(manager, first.links["Next page"])

    assert [len(page.root.one("ol", class_="entries").all("table")) for page in (first, second)] == [25, 3]


def test_a_fund_of_others_is_not_there(manager: FlaskClient, session: Session) -> None:
    make_fund(session, "Q2")
    session.commit()

    assert manager.get("/funds/Q2").status_code == 404
    assert manager.get("/funds/Q2/ledger").status_code == 404


def test_who_has_no_fund_is_turned_away(client: FlaskClient, session: Session) -> None:
    sign_in(client, session, make_person(session))
    session.commit()

    assert client.get("/funds").status_code == 403


def test_a_number_opens_the_rows_that_it_is_the_sum_of(manager: FlaskClient) -> None:
    dashboard = open_page(manager, "/funds/Q1/dashboard")

    rows = open_page(manager, dashboard.links["₫1,250,000,000,000"])

    assert "These entries on “Not called yet” come to" in rows.text
    assert "₫1,250,000,000,000" in rows.text
    assert len(rows.root.one("ol", class_="entries").all("table")) == 3


def lines_of(client: FlaskClient, address: str) -> list[list[str]]:
    with client.get(address) as answer:
        assert answer.status_code == 200, address
        return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_lists_of_a_fund_come_as_files(manager: FlaskClient) -> None:
    ledger = lines_of(manager, "/funds/Q1/ledger.csv")
    of_one = lines_of(manager, "/funds/Q1/ledger.csv?contributor=P1")

    assert ledger[0][-1] == "Amount"
    assert {row[7] for row in ledger[1:]} > {row[7] for row in of_one[1:]}
    assert "400000000000" in {row[-1] for row in of_one}, "amounts are numbers"
    assert [row[0] for row in lines_of(manager, "/funds.csv")] == ["Code", "Q1"]
    assert [len(lines_of(manager, f"/funds/Q1/{name}.csv")) for name in ("calls", "valuations")] == [1, 1]
    assert manager.get("/funds/Q2/ledger.csv").status_code == 404
    with manager.get("/funds/Q1/ledger.xlsx") as workbook:
        assert workbook.data.startswith(b"PK")

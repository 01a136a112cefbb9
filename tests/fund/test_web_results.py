"""Pages of a fund's results: what has to be seen to, drawings, valuations entered by hand."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from fund.capital import call
from fund.operations.ledger import Voucher, add_entry, contributor_of, open_books, today
from tests.accounts.factories import make_person, sign_in
from tests.accounts.pages import counted
from tests.fund.funds import BILLION, call_from, commit, make_fund, pay
from tests.pages import Page, follow, open_page


@pytest.fixture
def manager(client: FlaskClient, session: Session) -> FlaskClient:
    make_fund(session)
    commit(session, "Q1", "P1", 100 * BILLION, today())
    call_from(session, "Q1", "P1", 60 * BILLION, today())
    pay(session, "Q1", "P1", 50 * BILLION, today())
    sign_in(client, session, make_person(session, grants=[{"role": "fund_manager", "scope_fund": "Q1"}]))
    session.commit()
    client.set_cookie("language", "en")
    return client


def enter(manager: FlaskClient, **changes: str) -> str:
    """The valuations page after a value was sent."""
    form = open_page(manager, "/funds/Q1/valuations").form_to("/funds/Q1/valuations")
    sound = {"valued_on": today().isoformat(), "amount": "75,000,000,000", "source": "Valuer"}
    return follow(manager, form.send(manager, press=None, **{**sound, **changes})).text


def test_a_value_is_entered_and_shown_in_the_results(manager: FlaskClient) -> None:
    assert "The fund was never valued." in open_page(manager, "/funds/Q1/dashboard").text

    assert "₫75,000,000,000" in enter(manager)

    dashboard = open_page(manager, "/funds/Q1/dashboard").text
    assert "The fund was never valued." not in dashboard
    assert "DPI 0.00 + RVPI 1.50" in dashboard


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": "a lot"}, "amount"),
        ({"source": ""}, "source"),
        ({"valued_on": (today() + timedelta(days=1)).isoformat()}, "valued_on"),
    ],
)
def test_a_value_that_cannot_be_is_told_beside_its_field(
    manager: FlaskClient, changes: dict[str, str], said: str
) -> None:
    form = open_page(manager, "/funds/Q1/valuations").form_to("/funds/Q1/valuations")
    sound = {"valued_on": today().isoformat(), "amount": "75000000000", "source": "Valuer"}

    answer = form.send(manager, press=None, **{**sound, **changes})

    assert answer.status_code == 422
    assert list(Page(answer).errors) == [said]


def test_whoever_owes_is_named_once_the_day_is_past(manager: FlaskClient, session: Session) -> None:
    """The fixture's call of 60 billion has no day and 50 were paid; one that runs until tomorrow is not late."""
    books = open_books(session, "Q1", actor=SYSTEM)
    running = Voucher("call", today(), due_on=today() + timedelta(days=1))
    add_entry(session, books, call({contributor_of(books, "P1"): 7 * BILLION}), voucher=running, actor=SYSTEM)
    session.commit()

    assert "Nhà đầu tư 1 has not paid ₫10,000,000,000 in time." in open_page(manager, "/funds/Q1/dashboard").text


def test_results_ask_for_another_day(manager: FlaskClient) -> None:
    enter(manager)
    yesterday = (today() - timedelta(days=1)).isoformat()

    page = open_page(manager, f"/funds/Q1/results?as_of={yesterday}")

    assert "No money has moved yet." in page.text
    assert "₫50,000,000,000" not in page.text


def test_the_dashboard_asks_as_much_with_many_entries(
    manager: FlaskClient, session: Session, connection: Connection
) -> None:
    manager.get("/funds/Q1/dashboard")
    commit(session, "Q1", "P2", BILLION, today())
    session.commit()
    with counted(connection) as few:
        manager.get("/funds/Q1/dashboard")
    for _ in range(8):
        commit(session, "Q1", "P2", BILLION, today())
    session.commit()

    with counted(connection) as many:
        manager.get("/funds/Q1/dashboard")

    with counted(connection) as again:
        manager.get("/funds/Q1/dashboard")
    assert len(many) == len(few) > len(again)


def test_readers_see_and_do_not_enter(client: FlaskClient, session: Session) -> None:
    make_fund(session)
    sign_in(client, session, make_person(session, grants=[{"role": "auditor"}]))
    session.commit()
    client.set_cookie("language", "en")

    assert "Enter a valuation" not in open_page(client, "/funds/Q1/valuations").text
    assert client.post("/funds/Q1/valuations").status_code in (400, 403)
    assert client.get("/funds/Q9/results").status_code == 404

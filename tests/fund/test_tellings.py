"""Those who contribute are told of what they owe and get, and of a breach; nobody of what others do."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from foundation.database import as_of
from foundation.notices import Notice
from fund.jobs import settle_funds
from fund.models import Fund
from fund.operations.breaches import note_notice
from fund.operations.investors import link_organisation
from fund.operations.ledger import Voucher, call_capital, distribute, open_books, withdraw
from tests.accounts.factories import make_organisation, make_person
from tests.fund.funds import BILLION, FIRST_DAY, commit, make_fund, pay


@pytest.fixture
def investor(session: Session) -> Person:
    """Of the organisation that is P1: half of what is committed beside the city."""
    ensure_calendars(session, actor=SYSTEM)
    make_fund(session)
    for who, amount in (("P1", 510), ("P2", 100), ("city", 390)):
        commit(session, "Q1", who, amount * BILLION)
    organisation = make_organisation(session)
    link_organisation(session, "Q1", "P1", organisation.code, actor=SYSTEM)
    return make_person(session, organisation=organisation)


def told(session: Session, person: Person) -> list[tuple[str, object, str]]:
    chosen = select(Notice).where(Notice.person_id == person.id).order_by(Notice.id)
    return [
        (one.kind, one.facts.get("amount_vnd", one.facts.get("owed_vnd")), one.link) for one in session.scalars(chosen)
    ]


def test_a_contributor_is_told_of_calls_delay_and_distributions(session: Session, investor: Person) -> None:
    stranger = make_person(session, organisation=make_organisation(session))
    with as_of(datetime(2026, 1, 6, tzinfo=UTC)):
        due = Voucher("call", FIRST_DAY, due_on=date(2026, 2, 5))
        call_capital(session, open_books(session, "Q1", actor=SYSTEM), 100 * BILLION, voucher=due, actor=SYSTEM)
        pay(session, "Q1", "P1", 11 * BILLION)
    with as_of(datetime(2026, 2, 7, tzinfo=UTC)):
        settle_funds.work(session)
        books, voucher = open_books(session, "Q1", actor=SYSTEM), Voucher("distribution", FIRST_DAY)
        distribute(session, books, 2 * BILLION, is_recallable=False, voucher=voucher, actor=SYSTEM)

    account = "/investments/Q1/P1"
    assert told(session, investor) == [
        ("fund_capital_called", 51 * BILLION, account),
        ("fund_part_overdue", 40 * BILLION, account),
        ("fund_money_returned", 2 * BILLION, account),
    ]
    assert told(session, stranger) == []


def test_contributors_are_told_of_a_breach_when_they_are_notified(session: Session, investor: Person) -> None:
    books, leaving = open_books(session, "Q1", actor=SYSTEM), Voucher("withdrawal", FIRST_DAY)
    withdraw(session, books, "P1", 300 * BILLION, voucher=leaving, actor=SYSTEM)
    before = told(session, investor)

    note_notice(session, session.scalars(select(Fund)).one(), actor=SYSTEM)

    assert (before, told(session, investor)) == ([], [("fund_breach_notified", None, "/investments/Q1/P1")])

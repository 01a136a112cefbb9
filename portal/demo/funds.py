"""The fund of the demonstration: five invented years of commitments, calls and payments."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM, Actor
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import as_of, now
from foundation.workdays import local_date
from fund.capital import RECEIVABLE
from fund.operations.calls import Uses, issue_call, prepare_call
from fund.operations.founding import found_fund
from fund.operations.investors import link_organisation
from fund.operations.ledger import (
    Voucher,
    distribute,
    lines_of,
    note_withdrawal,
    open_books,
    post_commitment,
    record_payment,
    today,
    withdraw,
)
from fund.operations.valuations import StatedValue, enter_index, enter_valuation
from portal.demo.people import make_investor

FILE = Path(__file__).with_name("fund.yaml")
BEFORE_ITS_FIRST_DAY = timedelta(days=5)
POSTINGS = {"commitment": post_commitment, "notice": note_withdrawal, "withdrawal": withdraw}
KINDS = {"notice": "withdrawal_notice"}


def make_fund(session: Session, manager: Actor, issuer: Actor) -> None:
    """Found the fund and play its history, each event on its day; the second person issues the calls."""
    story = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    history = story["history"]
    founded = now() - timedelta(days=history[0]["ago"]) - BEFORE_ITS_FIRST_DAY
    with as_of(founded):
        terms = {"valid_from": local_date(founded), **story["terms"]}
        fund = found_fund(session, {**story["charter"], "terms": [terms]}, actor=SYSTEM)
        link_organisation(session, fund.code, story["investor"], make_investor(session).code, actor=SYSTEM)
    for event in history:
        with as_of(now() - timedelta(days=event["ago"])):
            _play(session, story["charter"]["code"], event, (manager, issuer))


def _play(session: Session, code: str, event: Mapping[str, Any], keepers: tuple[Actor, Actor]) -> None:
    manager = keepers[0]
    books = open_books(session, code, actor=manager)
    kind, reference = event["kind"], event.get("reference", "")
    if kind == "call":
        _call(session, code, event, keepers)
        return
    if kind == "distribution":
        voucher = Voucher(kind, today(), reference)
        recallable = event.get("is_recallable", False)
        distribute(session, books, event["amount"], is_recallable=recallable, voucher=voucher, actor=manager)
        return
    if kind == "value":
        _value(session, code, event, manager)
        return
    voucher = Voucher(KINDS.get(kind, kind), today(), reference)
    POSTINGS[kind](session, books, event["who"], event["amount"], voucher=voucher, actor=manager)


def _value(session: Session, code: str, event: Mapping[str, Any], manager: Actor) -> None:
    """What the fund was valued at, and what its index stood at on that day."""
    if "amount" in event:
        stated = StatedValue(event["amount"], today(), event["method"], event["source"])
        enter_valuation(session, code, stated, actor=manager)
    enter_index(session, code, event["index_code"], [(today(), Decimal(event["index"]))], actor=manager)


def _call(session: Session, code: str, event: Mapping[str, Any], keepers: tuple[Actor, Actor]) -> None:
    """A call and, on the day it is due, its payments: the city's comes last."""
    manager, issuer = keepers
    books = open_books(session, code, actor=manager)
    due = load_calendar(session, HANOI_CALENDAR).add_working_days(today(), books.terms.notice_working_days)
    voucher = Voucher("call", today(), event["reference"], due_on=due)
    uses = Uses(event["amount"] - event.get("fee", 0), event.get("fee", 0))
    prepared = prepare_call(session, books, uses, voucher=voucher, actor=manager)
    entry = issue_call(session, books, prepared, effective_on=today(), actor=issuer)
    called = [line for line in lines_of(session, books, entry.id) if line.account == RECEIVABLE]
    if "paid" in event:
        called = [line for line in called if line.contributor.code in event["paid"]]
    with as_of(now() + (timedelta(days=1) if "paid" in event else due - today())):
        for line in sorted(called, key=lambda line: line.contributor.is_city):
            books = open_books(session, code, actor=manager)
            paid = Voucher("payment", today(), event["reference"])
            record_payment(session, books, line.contributor.code, line.amount, voucher=paid, actor=manager)

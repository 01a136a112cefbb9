"""Endpoints of funds: their capital under its ceilings, postings, what-if and the ledger."""

from collections.abc import Callable
from datetime import date
from typing import Any

from foundation.access import access, current_actor, roles
from foundation.api import ApiBlueprint, commit_early, page_answer, reader_language, said
from foundation.database import db
from foundation.errors import Invalid
from foundation.reasons import sentence_of
from fund.books import Books, Moment, books_of, with_cash
from fund.capital import Contributor
from fund.models import LedgerEntry
from fund.operations import ledger
from fund.operations.calls import Uses
from fund.operations.funds import add_contributor
from fund.operations.ledger import Voucher, open_books
from fund.queries.funds import find_fund, readable_funds
from fund.queries.ledger import ledger_page
from fund.rules import FUND_MANAGER, READING_ROLES
from fund.scenario import Event, Outcome, play
from fund.schemas.funds import (
    CallStated,
    CapitalShape,
    ContributorStated,
    EntryShape,
    FundList,
    LedgerPage,
    LedgerQuery,
    MomentQuery,
    PostingStated,
    ReversalStated,
    ScenarioAnswer,
    ScenarioStated,
    WithdrawalStated,
)
from fund.statement import capital_facts, entry_facts

READERS, KEEPERS = roles(*READING_ROLES), roles(FUND_MANAGER)

blueprint = ApiBlueprint(
    "api_funds",
    __name__,
    tag="Funds",
    description="The capital of venture funds: commitments, calls and payments under the ceilings of public money.",
)


@blueprint.get("/funds")
@access(READERS)
@blueprint.response(200, FundList)
def list_funds() -> dict[str, Any]:
    """List the funds whose books the caller may read"""
    funds = readable_funds(db.session(), current_actor())
    return {
        "items": [
            {
                "code": fund.code,
                "name": said(fund.name),
                "legal_form": fund.legal_form,
                "state": fund.state,
                "is_demonstration": fund.is_demonstration,
            }
            for fund in funds
        ]
    }


@blueprint.get("/funds/<string:code>/capital")
@access(READERS)
@blueprint.arguments(MomentQuery, location="query")
@blueprint.response(200, CapitalShape)
def read_capital(asked: dict[str, Any], code: str) -> dict[str, Any]:
    """Read the capital of a fund: every base of the ceilings, the terms, each contributor

    Now, as of a day, or as it was known on a day.
    """
    fund = find_fund(db.session(), code, actor=current_actor())
    return capital_facts(books_of(db.session(), fund, _moment(asked)), reader_language())


def _moment(asked: dict[str, Any]) -> Moment:
    return Moment(as_of=asked.get("as_of"), known_on=asked.get("known_on"))


@blueprint.post("/funds/<string:code>/contributors")
@access(KEEPERS)
@blueprint.arguments(ContributorStated)
@blueprint.response(201, CapitalShape)
def add_fund_contributor(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Add one who will contribute

    Nothing is undertaken yet. A contributor of that code that is there already stays as it is.
    """
    session, actor = db.session(), current_actor()
    books = open_books(session, code, actor=actor)
    add_contributor(session, books.fund, sent["code"], sent["name"], is_city=sent["is_city"], actor=actor)
    return capital_facts(books_of(session, books.fund), reader_language())


@blueprint.post("/funds/<string:code>/commitments")
@access(KEEPERS)
@blueprint.arguments(PostingStated)
@blueprint.response(201, EntryShape)
def post_fund_commitment(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Post a commitment: charter capital of one contributor

    409 when the city would rise above a ceiling, with the most that is still allowed, or when there would be too many
    investors.
    """
    return posted(code, "commitment", sent, ledger.post_commitment)


@blueprint.post("/funds/<string:code>/payments")
@access(KEEPERS)
@blueprint.arguments(PostingStated)
@blueprint.response(201, EntryShape)
def post_fund_payment(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Post a payment on what was called

    409 when the city would pay ahead of the others, with the most it may pay now.
    """
    return posted(code, "payment", sent, ledger.record_payment)


@blueprint.post("/funds/<string:code>/withdrawals")
@access(KEEPERS)
@blueprint.arguments(WithdrawalStated)
@blueprint.response(201, EntryShape)
def post_fund_withdrawal(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Post a withdrawal or reduction, or announce it

    What is not called yet goes first. The city is passive: a breach may follow, which freezes calls of city money.
    """
    if sent["is_notice"]:
        return posted(code, "withdrawal_notice", sent, ledger.note_withdrawal)
    return posted(code, "withdrawal", sent, ledger.withdraw)


def posted(code: str, kind: str, sent: dict[str, Any], operation: Callable[..., LedgerEntry]) -> dict[str, Any]:
    session, actor = db.session(), current_actor()
    books = open_books(session, code, actor=actor)
    voucher = voucher_of(kind, sent)
    entry = operation(session, books, sent["contributor"], sent["amount"], voucher=voucher, actor=actor)
    commit_early()
    return told(books, entry)


def voucher_of(kind: str, sent: dict[str, Any]) -> Voucher:
    return Voucher(
        kind,
        _day(sent),
        sent["reference"],
        due_on=sent.get("due_on"),
        is_restated=sent["restated"],
    )


def _day(sent: dict[str, Any]) -> date:
    day: date = sent.get("effective_on") or ledger.today()
    return day


def told(books: Books, entry: LedgerEntry) -> dict[str, Any]:
    return entry_facts(entry, {one.id: one.code for one in books.contributors})


@blueprint.post("/funds/<string:code>/calls")
@access(KEEPERS)
@blueprint.arguments(CallStated)
@blueprint.response(201, EntryShape)
def post_fund_call(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Call capital from all who committed, in proportion

    The city's part is rounded down. The notice is as long as the terms ask for; no city money is called in a breach.
    """
    session, actor = db.session(), current_actor()
    books = open_books(session, code, actor=actor)
    stated, voucher = sent.get("uses"), voucher_of("call", sent)
    uses = Uses(stated["investment"], stated["fee"], stated["cost"]) if stated else None
    entry = ledger.call_capital(session, books, sent["amount"], voucher=voucher, actor=actor, uses=uses)
    return told(books, entry)


@blueprint.post("/funds/<string:code>/ledger/<int:entry>/reversal")
@access(KEEPERS)
@blueprint.arguments(ReversalStated)
@blueprint.response(201, EntryShape)
def reverse_fund_entry(sent: dict[str, Any], code: str, entry: int) -> dict[str, Any]:
    """Take an entry back by one with all signs turned

    Nothing is ever changed or removed; what takes its place is posted as restated.
    """
    session, actor = db.session(), current_actor()
    books = open_books(session, code, actor=actor)
    undone = ledger.reverse_entry(
        session, books, entry, effective_on=_day(sent), reference=sent["reference"], actor=actor
    )
    return told(books, undone)


@blueprint.get("/funds/<string:code>/ledger")
@access(READERS)
@blueprint.arguments(LedgerQuery, location="query")
@blueprint.response(200, LedgerPage, headers={"Link": {"schema": {"type": "string"}}})
def read_ledger(asked: dict[str, Any], code: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the entries of the ledger, the latest first"""
    session = db.session()
    fund = find_fund(session, code, actor=current_actor())
    page = ledger_page(session, fund, _moment(asked), after=asked.get("cursor"), size=asked["limit"])
    codes = {one.id: one.code for one in books_of(session, fund).contributors}
    return page_answer(page, [entry_facts(entry, codes) for entry in page.rows])


@blueprint.post("/funds/<string:code>/what-if")
@access(READERS)
@blueprint.arguments(ScenarioStated)
@blueprint.response(200, ScenarioAnswer)
def play_scenario(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Show the capital after events that may happen, beside today; nothing is written"""
    session, language = db.session(), reader_language()
    books = with_cash(session, books_of(session, find_fund(session, code, actor=current_actor())))
    outcome = play(books.book, [_event(books, row, number) for number, row in enumerate(sent["events"])])
    return {
        "now": capital_facts(books, language),
        "then": capital_facts(books, language, outcome.book),
        "refused": _refused(outcome),
    }


def _event(books: Books, row: dict[str, Any], number: int) -> Event:
    known = {one.code: Contributor(one.code, one.is_city) for one in books.contributors}
    for name in ("contributor", "taker"):
        if row.get(name) is not None and row[name] not in known:
            raise Invalid({f"events.{number}.{name}": ["does_not_exist"]})
    who, taker = known.get(row.get("contributor", "")), known.get(row.get("taker", ""))
    return Event(row["kind"], row.get("amount", 0), who, taker)


def _refused(outcome: Outcome) -> dict[str, Any] | None:
    if outcome.refused_at is None:
        return None
    reasons = [{"code": reason.code, "detail": sentence_of(reason)} for reason in outcome.reasons]
    return {"event": outcome.refused_at, "reasons": reasons}

"""Endpoints of what changes hands later: transfers, reductions, defaults, distributions; calls and breaches."""

from typing import Any

from foundation.access import access, current_actor, roles
from foundation.database import db
from fund.api.funds import blueprint, posted, told, voucher_of
from fund.models import CapitalCall, FundBreach
from fund.operations import ledger
from fund.operations.exits import StatedExit, exit_position
from fund.operations.ledger import open_books
from fund.queries.breaches import breaches_of
from fund.queries.calls import calls_of
from fund.queries.funds import find_fund
from fund.queries.ledger import find_entry
from fund.rules import FUND_MANAGER, READING_ROLES
from fund.schemas.changes import BreachList, CallList, DefaultStated, DistributionStated, TransferStated
from fund.schemas.exits import ExitStated
from fund.schemas.funds import EntryShape, PostingStated

READERS, KEEPERS = roles(*READING_ROLES), roles(FUND_MANAGER)


@blueprint.post("/funds/<string:code>/transfers")
@access(KEEPERS)
@blueprint.arguments(TransferStated)
@blueprint.response(201, EntryShape)
def post_fund_transfer(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Let a share pass from one contributor to another

    With what of it is uncalled, called and paid, in proportion. 409 when there would be too many investors, or the
    city above a ceiling.
    """
    session, actor = db.session(), current_actor()
    books = open_books(session, code, actor=actor)
    shift, voucher = (sent["contributor"], sent["taker"]), voucher_of("transfer", sent)
    return told(books, ledger.transfer_share(session, books, shift, sent["amount"], voucher=voucher, actor=actor))


@blueprint.post("/funds/<string:code>/reductions")
@access(KEEPERS)
@blueprint.arguments(PostingStated)
@blueprint.response(201, EntryShape)
def post_fund_reduction(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Give up part of what is not called yet"""
    return posted(code, "reduction", sent, ledger.reduce_commitment)


@blueprint.post("/funds/<string:code>/defaults")
@access(KEEPERS)
@blueprint.arguments(DefaultStated)
@blueprint.response(201, EntryShape)
def post_fund_default(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Note that a contributor will not pay what was called

    What is unpaid or uncalled leaves charter capital; a breach may follow.
    """
    session, actor = db.session(), current_actor()
    books = open_books(session, code, actor=actor)
    voucher = voucher_of("default", sent)
    return told(books, ledger.record_default(session, books, sent["contributor"], voucher=voucher, actor=actor))


@blueprint.post("/funds/<string:code>/distributions")
@access(KEEPERS)
@blueprint.arguments(DistributionStated)
@blueprint.response(201, EntryShape)
def post_fund_distribution(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Return money to all in proportion to what they paid in

    The city's part is rounded up. What is recallable counts as not called again.
    """
    session, actor = db.session(), current_actor()
    books = open_books(session, code, actor=actor)
    voucher, recallable = voucher_of("distribution", sent), sent["is_recallable"]
    entry = ledger.distribute(session, books, sent["amount"], is_recallable=recallable, voucher=voucher, actor=actor)
    return told(books, entry)


@blueprint.post("/funds/<string:code>/late-interest")
@access(KEEPERS)
@blueprint.arguments(PostingStated)
@blueprint.response(201, EntryShape)
def post_fund_interest(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Post interest received for paying late; it counts as no contribution"""
    return posted(code, "late_interest", sent, ledger.record_interest)


@blueprint.post("/funds/<string:code>/exits")
@access(KEEPERS)
@blueprint.arguments(ExitStated)
@blueprint.response(201, EntryShape)
def post_fund_exit(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Record an exit from a position, in part or whole, or a write-off

    Proceeds and the cost given up are one entry of the ledger; taking it back undoes the exit.
    """
    session, actor = db.session(), current_actor()
    books = open_books(session, code, actor=actor)
    names = ("kind", "way", "exited_on", "decision", "justification")
    stated = StatedExit(
        **{name: sent[name] for name in names}, proceeds_vnd=sent["proceeds"], cost_vnd=sent.get("cost")
    )
    ended = exit_position(session, books, sent["position"], stated, actor=actor)
    return told(books, find_entry(session, books.fund, ended.entry_id))


@blueprint.get("/funds/<string:code>/calls")
@access(READERS)
@blueprint.response(200, CallList)
def list_fund_calls(code: str) -> dict[str, Any]:
    """List the capital calls, the latest first, with their uses and state"""
    session = db.session()
    return {"items": [call_facts(one) for one in calls_of(session, find_fund(session, code, actor=current_actor()))]}


def call_facts(call: CapitalCall) -> dict[str, Any]:
    return {
        "number": call.number,
        "state": call.state,
        "amount": str(call.amount_vnd),
        "uses": {"investment": str(call.investment_vnd), "fee": str(call.fee_vnd), "cost": str(call.cost_vnd)},
        "issued_on": call.issued_on,
        "due_on": call.due_on,
        "reference": call.reference,
        "entry": call.entry_id,
    }


@blueprint.get("/funds/<string:code>/breaches")
@access(READERS)
@blueprint.response(200, BreachList)
def list_fund_breaches(code: str) -> dict[str, Any]:
    """List the breaches of ceilings with the clocks of their cure, the last first"""
    session = db.session()
    found = breaches_of(session, find_fund(session, code, actor=current_actor()))
    return {"items": [breach_facts(one) for one in found]}


def breach_facts(breach: FundBreach) -> dict[str, Any]:
    names = ("opened_at", "closed_at", "notice_due_on", "plan_due_on", "cure_due_on", "noticed_on", "plan_filed_on")
    return {name: getattr(breach, name) for name in names} | {"plan": breach.plan, "plan_way": breach.plan_way}

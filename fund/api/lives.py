"""Endpoints of calls before they are issued, of the stages of a fund, and of the cure of a breach."""

from typing import Any

from foundation.access import access, current_actor, roles
from foundation.database import db
from fund.api.changes import breach_facts, call_facts
from fund.api.funds import blueprint, told, voucher_of
from fund.operations.breaches import file_plan, note_notice
from fund.operations.calls import Uses, call_numbered, drop_call, issue_call, prepare_call
from fund.operations.ledger import open_books, today
from fund.operations.moves import lead_fund
from fund.rules import FUND_MANAGER
from fund.schemas.changes import BreachShape, CallShape
from fund.schemas.funds import CallStated, EntryShape
from fund.schemas.lives import DecisionStated, DropStated, PlanStated, StageShape, StageStated

KEEPERS = roles(FUND_MANAGER)


@blueprint.post("/funds/<string:code>/calls/drafts")
@access(KEEPERS)
@blueprint.arguments(CallStated)
@blueprint.response(201, CallShape)
def prepare_fund_call(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Prepare a capital call, which waits for the general meeting

    It is checked against notice and ceilings; nothing is owed until it is issued.
    """
    session, actor = db.session(), current_actor()
    stated = sent.get("uses")
    uses = Uses(stated["investment"], stated["fee"], stated["cost"]) if stated else Uses(sent["amount"])
    books = open_books(session, code, actor=actor)
    return call_facts(prepare_call(session, books, uses, voucher=voucher_of("call", sent), actor=actor))


@blueprint.post("/funds/<string:code>/calls/<int:number>/issue")
@access(KEEPERS)
@blueprint.arguments(DecisionStated)
@blueprint.response(201, EntryShape)
def issue_fund_call(sent: dict[str, Any], code: str, number: int) -> dict[str, Any]:
    """Issue a call that was prepared

    It is judged once more, on the capital of today.
    """
    session, actor = db.session(), current_actor()
    books = open_books(session, code, actor=actor)
    prepared = call_numbered(session, books, number)
    entry = issue_call(session, books, prepared, effective_on=today(), actor=actor, decision=sent["decision"])
    return told(books, entry)


@blueprint.post("/funds/<string:code>/calls/<int:number>/drop")
@access(KEEPERS)
@blueprint.arguments(DropStated)
@blueprint.response(200, CallShape)
def drop_fund_call(sent: dict[str, Any], code: str, number: int) -> dict[str, Any]:
    """Give up a call that was not issued"""
    session, actor = db.session(), current_actor()
    books = open_books(session, code, actor=actor)
    prepared = call_numbered(session, books, number)
    drop_call(session, books, prepared, reason=sent["reason"], actor=actor)
    return call_facts(prepared)


@blueprint.post("/funds/<string:code>/stages")
@access(KEEPERS)
@blueprint.arguments(StageStated)
@blueprint.response(201, StageShape)
def enter_fund_stage(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Enter another stage by a decision of the general meeting"""
    session, actor = db.session(), current_actor()
    fund = open_books(session, code, actor=actor).fund
    lead_fund(session, fund, sent["stage"], reason=sent["decision"], actor=actor)
    return {"state": fund.state}


@blueprint.post("/funds/<string:code>/breach/notice")
@access(KEEPERS)
@blueprint.response(201, BreachShape)
def note_fund_notice(code: str) -> dict[str, Any]:
    """Note that the contributors were notified of the breach today"""
    session, actor = db.session(), current_actor()
    return breach_facts(note_notice(session, open_books(session, code, actor=actor).fund, actor=actor))


@blueprint.post("/funds/<string:code>/breach/plan")
@access(KEEPERS)
@blueprint.arguments(PlanStated)
@blueprint.response(201, BreachShape)
def file_fund_plan(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Put the plan for the cure of the breach on file"""
    session, actor = db.session(), current_actor()
    fund = open_books(session, code, actor=actor).fund
    return breach_facts(file_plan(session, fund, sent["plan"], way=sent["way"], actor=actor))

"""Endpoints of deals: the pipeline, and a deal with its limits, votes, conditions and what stands against each step."""

from typing import Any

from applications.visibility import READING_ROLES
from foundation.access import access, current_actor, roles
from foundation.api import ApiBlueprint, page_answer
from foundation.database import db
from fund.limits import BREACH, COMPANY_SHARE, Finding, percent
from fund.queries.dealfile import DealFile, deal_file
from fund.queries.deals import deals_page, pipeline_of
from fund.rules import FUND_MANAGER
from fund.schemas.deals import DealPage, DealQuery, DealShape

DEAL_READERS = roles(FUND_MANAGER, *READING_ROLES)

blueprint = ApiBlueprint(
    "api_deals",
    __name__,
    tag="Deals",
    description="Investments under consideration by a fund. Apply and make steps at the endpoints of dossiers.",
)


@blueprint.get("/funds/<string:code>/deals")
@access(DEAL_READERS)
@blueprint.arguments(DealQuery, location="query")
@blueprint.response(200, DealPage, headers={"Link": {"schema": {"type": "string"}}})
def list_deals(asked: dict[str, Any], code: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the deals of a fund that the caller may see, the latest first"""
    session = db.session()
    pipeline = pipeline_of(session, code, actor=current_actor())
    narrowed = {name: str(asked[name]) for name in ("stage", "field", "origin", "q") if asked.get(name)}
    page = deals_page(session, pipeline, narrowed, after=asked.get("cursor"), size=asked["limit"])
    return page_answer(page, [_item(row) for row in page.rows])


def _item(row: Any) -> dict[str, Any]:
    return {
        "key": row.key,
        "code": row.code,
        "title": row.title,
        "company": row.company,
        "stage": row.state,
        "since": row.state_since,
        "due_at": row.due_at,
        "field": row.field,
        "origin": row.origin,
        "amount": str(row.sought_vnd),
    }


@blueprint.get("/funds/<string:code>/deals/<string:key>")
@access(DEAL_READERS)
@blueprint.response(200, DealShape)
def read_deal(code: str, key: str) -> dict[str, Any]:
    """Read a deal: terms, limits, diligence, votes, conditions, holding, and what stands against each next step"""
    session, actor = db.session(), current_actor()
    found = deal_file(session, pipeline_of(session, code, actor=actor), key)
    steps = [
        {"step": offer.step.key, "reasons": [reason.code for reason in offer.reasons]}
        for offer in found.offers(session, actor)
    ]
    return _facts(found) | {"steps": steps}


def _facts(found: DealFile) -> dict[str, Any]:
    deal, case, counted = found.deal, found.case, found.tally
    return {
        "key": case.key,
        "code": case.code,
        "title": case.title,
        "company": found.organisation.name_vi,
        "stage": case.state,
        "since": case.state_since,
        "due_at": case.due_at,
        "field": deal.field,
        "origin": deal.origin,
        "amount": str(deal.sought_vnd),
        "asked": str(deal.asked_vnd),
        "instrument": deal.instrument,
        "pre_money": None if deal.pre_money_vnd is None else str(deal.pre_money_vnd),
        "limits": [_limit(one) for one in found.limits],
        "diligence": list(found.diligence()),
        "votes": _votes(found),
        "tally": {
            "round": deal.round,
            "entitled": counted.entitled,
            "cast": counted.cast,
            "in_favour": counted.in_favour,
            "is_quorate": counted.is_quorate,
            "is_carried": counted.is_carried,
            "city_voted": counted.city_voted,
        },
        "conditions": [
            {"number": one.number, "condition": one.condition, "evidence": one.evidence, "met_at": one.met_at}
            for one in found.conditions
        ],
        "holding": _holding(found),
    }


def _limit(one: Finding) -> dict[str, Any]:
    if one.limit == BREACH:
        reached = most = None
    elif one.limit == COMPANY_SHARE:
        reached, most = (
            None if one.reached is None else percent(one.reached),
            None if one.most is None else percent(one.most),
        )
    else:
        reached, most = str(int(one.reached or 0)), None if one.most is None else str(int(one.most))
    return {"limit": one.limit, "reached": reached, "most": most, "is_kept": one.is_kept}


def _votes(found: DealFile) -> list[dict[str, Any]]:
    return [
        {
            "round": vote.round,
            "member": found.names[vote.person_id],
            "vote": vote.vote,
            "reason": vote.reason,
            "is_for_city": vote.is_for_city,
            "instruction_number": vote.instruction_number,
            "instruction": None if (paper := found.files.get(vote.instruction_id or 0)) is None else paper.sha256,
            "cast_at": vote.cast_at,
        }
        for vote in found.votes
    ]


def _holding(found: DealFile) -> dict[str, Any] | None:
    held = found.position
    return (
        None
        if held is None
        else {
            "holder_of_record": held.holder_of_record,
            "instrument": held.instrument,
            "paid": str(held.paid_vnd),
            "invested_on": held.invested_on,
            "entry": held.entry_id,
        }
    )

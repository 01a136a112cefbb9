"""Endpoints of rounds of allocation: what was published, applications, the proposal and why not, the decision."""

from typing import Any

from sqlalchemy import select

from accounts.models import Organisation
from foundation.access import EVERYONE, SIGNED_IN, access, current_actor, roles
from foundation.api import ApiBlueprint, PageQuery, page_answer, reader_language
from foundation.database import db
from foundation.errors import Invalid, NotAllowed
from foundation.wording import Trilingual
from parks.models import AllocationRound
from parks.operations import applying, offers, overrides, rounds
from parks.operations.applying import StatedApplication
from parks.operations.rounds import StatedRound
from parks.queries.rounds import find_round, rounds_page
from parks.roundfacts import Standings, standings
from parks.roundstatements import offer_facts, proposed_facts, round_facts, whole_round_facts
from parks.rules import PARK_ADMINISTRATOR, may_run
from parks.schemas.rounds import (
    AllocationRoundDetail,
    AllocationRoundPage,
    NewAllocationRoundShape,
    RoundAnswerShape,
    RoundApplicationShape,
    RoundAppliedShape,
    RoundDecisionShape,
    RoundOfferShape,
    RoundOverrideShape,
    RoundProposalShape,
    RoundScoreShape,
)

RUNNERS = roles(PARK_ADMINISTRATOR)
NEEDS = ("least_m2", "most_m2", "use", "power_kw", "water_m3_day", "floor_load_kg_m2")

blueprint = ApiBlueprint(
    "api_rounds",
    __name__,
    tag="Rounds of allocation",
    description="Spaces given by published criteria: nobody loses a space to a firm that ranks lower.",
)


@blueprint.get("/rounds")
@access(EVERYONE)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, AllocationRoundPage, headers={"Link": {"schema": {"type": "string"}}})
def list_rounds(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """List the rounds, the newest first"""
    page = rounds_page(db.session(), after=asked.get("cursor"), size=asked["limit"])
    return page_answer(page, [round_facts(row, reader_language()) for row in page.rows])


@blueprint.get("/rounds/<string:key>")
@access(EVERYONE)
@blueprint.response(200, AllocationRoundDetail)
def read_round(key: str) -> dict[str, Any]:
    """Read a round: criteria, quotas and spaces as published, and the list once it is decided"""
    return _whole(find_round(db.session(), key))


@blueprint.post("/parks/<string:code>/rounds")
@access(RUNNERS)
@blueprint.arguments(NewAllocationRoundShape)
@blueprint.response(201, AllocationRoundDetail)
def publish_round(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Publish a round for a park

    409 when one of its spaces is given, or in another round, on days of this one. From now on the round has its
    spaces first.
    """
    stated = StatedRound(
        _words(sent["title"]),
        [{**row, "title": _words(row["title"])} for row in sent["criteria"]],
        {row["code"]: row.get("kept_for") for row in sent["spaces"]},
        sent["closes_on"],
        sent["starts_on"],
        sent["ends_on"],
        sent["quotas"],
        sent["needs_admission"],
    )
    session = db.session()
    return _whole(find_round(session, rounds.publish_round(session, code, stated, actor=current_actor()).key))


def _words(sent: dict[str, str]) -> Trilingual:
    return {language: sent[language] for language in ("vi", "en", "fr")}


@blueprint.post("/rounds/<string:key>/applications")
@access(SIGNED_IN)
@blueprint.arguments(RoundApplicationShape)
@blueprint.response(201, RoundAppliedShape)
def apply(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Apply to a round in the name of one's organisation

    Sent again before the round closes, the later application counts, and its moment breaks ties.
    """
    session, actor = db.session(), current_actor()
    found = session.scalar(select(Organisation.id).where(Organisation.code == sent["organisation"]))
    if found is None:
        raise Invalid({"organisation": ["does_not_exist"]})
    need = {name: str(sent[name]) for name in NEEDS if name in sent}
    stated = StatedApplication(
        found, sent["size"], sent["sector"], sent["preferences"], need, admission=sent.get("admission", "")
    )
    firm = applying.apply(session, key, stated, actor=actor)
    return {"key": firm.key, "round": key, "preferences": firm.preferences, "complete_at": firm.complete_at}


@blueprint.get("/rounds/<string:key>/proposal")
@access(RUNNERS)
@blueprint.response(200, RoundProposalShape)
def read_proposal(key: str) -> dict[str, Any]:
    """Read the ranking, what each firm would get and why not what it wants more; for those who run the park"""
    contest = find_round(db.session(), key)
    if not may_run(current_actor(), contest.park.code):
        raise NotAllowed
    return _proposal(contest)


@blueprint.put("/rounds/<string:key>/firms/<string:firm>/points")
@access(RUNNERS)
@blueprint.arguments(RoundScoreShape)
@blueprint.response(200, RoundProposalShape)
def give_points(sent: dict[str, Any], key: str, firm: str) -> dict[str, Any]:
    """Give a firm its points by the published criteria; the proposal follows"""
    session = db.session()
    points = {row["code"]: row["points"] for row in sent["points"]}
    rounds.score_applicant(session, key, firm, points, actor=current_actor())
    return _proposal(find_round(session, key))


@blueprint.put("/rounds/<string:key>/firms/<string:firm>/override")
@access(RUNNERS)
@blueprint.arguments(RoundOverrideShape)
@blueprint.response(200, RoundProposalShape)
def override_placement(sent: dict[str, Any], key: str, firm: str) -> dict[str, Any]:
    """Decide otherwise for one firm, for a reason that is published

    The answer says who could then rightly complain. Published quotas and what fits bind this decision too.
    """
    session = db.session()
    overrides.override_placement(session, key, firm, sent.get("space"), reason=sent["reason"], actor=current_actor())
    return _proposal(find_round(session, key))


@blueprint.delete("/rounds/<string:key>/firms/<string:firm>/override")
@access(RUNNERS)
@blueprint.response(200, RoundProposalShape)
def withdraw_override(key: str, firm: str) -> dict[str, Any]:
    """Leave a firm to the ranking again"""
    session = db.session()
    overrides.withdraw_override(session, key, firm, actor=current_actor())
    return _proposal(find_round(session, key))


@blueprint.post("/rounds/<string:key>/decision")
@access(RUNNERS)
@blueprint.arguments(RoundDecisionShape)
@blueprint.response(200, AllocationRoundDetail)
def decide_round(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Decide a round and publish its list; each firm with a place is offered it

    `complaints_seen` is how many rightful complaints were looked at; 409 when the decision causes another number.
    """
    session = db.session()
    rounds.decide_round(session, key, actor=current_actor(), complaints_seen=sent["complaints_seen"])
    return _whole(find_round(session, key))


@blueprint.post("/offers/<string:key>/answer")
@access(SIGNED_IN)
@blueprint.arguments(RoundAnswerShape)
@blueprint.response(200, RoundOfferShape)
def answer_offer(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Accept or decline an offer; declined it goes to the next in line at once"""
    return offer_facts(offers.answer_offer(db.session(), key, accepts=sent["accepts"], actor=current_actor()))


def _whole(contest: AllocationRound) -> dict[str, Any]:
    found = standings(contest) if contest.decided_at else Standings((), {}, {}, {})
    return whole_round_facts(contest, found, reader_language())


def _proposal(contest: AllocationRound) -> dict[str, Any]:
    found = standings(contest)
    return {
        "firms": [proposed_facts(row, found) for row in found.rows],
        "complaints": [
            {
                "firm": found.names[one.applicant],
                "space": one.space,
                "holder": found.names[one.holder] if one.holder else None,
            }
            for one in overrides.breach_of(contest)
        ],
    }

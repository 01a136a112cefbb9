"""Endpoints of the calculators: no token needed, nothing is kept."""

from decimal import Decimal
from typing import Any

from foundation.access import EVERYONE, access
from foundation.api import ApiBlueprint, said
from foundation.database import now
from foundation.errors import Invalid
from foundation.workdays import local_date
from fund.answers import ceiling_facts, performance_facts, waterfall_facts
from fund.benchmark import compare
from fund.ceiling import examine
from fund.courses import Statement, course_of
from fund.division import Commitment, divide_call
from fund.returns import multiples, rate_of_course
from fund.schemas import (
    CallAnswer,
    CallQuestion,
    CeilingAnswer,
    CeilingQuestion,
    PerformanceAnswer,
    PerformanceQuestion,
    WaterfallAnswer,
    WaterfallQuestion,
)
from fund.statute import EnactedCeiling, ceiling_on
from fund.waterfall import Terms, pour

blueprint = ApiBlueprint(
    "api_calculators",
    __name__,
    tag="Calculators",
    description="Exact figures of venture funds. No token needed; nothing that is sent is kept.",
)


@blueprint.post("/calculators/ceiling")
@access(EVERYONE)
@blueprint.arguments(CeilingQuestion)
@blueprint.response(200, CeilingAnswer)
def calculate_ceiling(sent: dict[str, Any]) -> dict[str, Any]:
    """Test the city's money against the ceilings of public capital

    In whole đồng, exactly: amount and share of the whole, with the cure of a breach either way.
    """
    enacted = ceiling_on(local_date(now()))
    finding = examine(enacted.ceiling, sent["city"], sum(sent["private"]))
    return ceiling_facts(finding) | {"ceiling": _ceiling(enacted)}


def _ceiling(enacted: EnactedCeiling) -> dict[str, Any]:
    ceiling = enacted.ceiling
    return {
        "amount": None if ceiling.amount_vnd is None else str(ceiling.amount_vnd),
        "share": str(Decimal(ceiling.numerator) / Decimal(ceiling.denominator)),
        "valid_from": enacted.valid_from,
        "source": said(enacted.source),
    }


@blueprint.post("/calculators/call")
@access(EVERYONE)
@blueprint.arguments(CallQuestion)
@blueprint.response(200, CallAnswer)
def calculate_call(sent: dict[str, Any]) -> dict[str, Any]:
    """Divide a capital call among commitments

    To the đồng by largest remainder; public parts are always rounded down.
    """
    commitments = [Commitment(row["name"], row["amount"], row["public"]) for row in sent["commitments"]]
    total = sum(commitment.amount for commitment in commitments)
    if not total:
        raise Invalid({"commitments": ["nothing_committed"]})
    parts = divide_call(sent["amount"], commitments)
    return {
        "parts": [{"name": one.name, "amount": str(part)} for one, part in zip(commitments, parts, strict=True)],
        "within_commitments": sent["amount"] <= total,
    }


@blueprint.post("/calculators/waterfall")
@access(EVERYONE)
@blueprint.arguments(WaterfallQuestion)
@blueprint.response(200, WaterfallAnswer)
def calculate_waterfall(sent: dict[str, Any]) -> dict[str, Any]:
    """Share the proceeds of a whole fund between investors and manager

    Capital back, a preferred return compounding yearly, catch-up, carried interest.
    """
    terms = Terms(sent["hurdle"], sent["catch_up"], sent["carry"])
    tiers = pour(terms, contributed=sent["contributed"], years=sent["years"], proceeds=sent["proceeds"])
    return waterfall_facts(tiers)


@blueprint.post("/calculators/performance")
@access(EVERYONE)
@blueprint.arguments(PerformanceQuestion)
@blueprint.response(200, PerformanceAnswer)
def calculate_performance(sent: dict[str, Any]) -> dict[str, Any]:
    """Work out rate of return, multiples and market equivalents of flows

    Dated flows have an `xirr` (year of 365 days), flows without days an `irr` per period. Every rate at which they
    balance is searched between -99.9999 % and 10⁹; with none or several, the rate is null and its note says why.
    """
    stated = Statement(
        flows=sent["flows"],
        nav=sent.get("nav", Decimal(0)),
        nav_on=sent.get("nav_on"),
        index=sent.get("index", ()),
    )
    course = course_of(stated)
    return performance_facts(
        rate_of_course(course),
        multiples(course, sent.get("commitment")),
        compare(course) if stated.index else None,
        is_dated=stated.is_dated,
    )

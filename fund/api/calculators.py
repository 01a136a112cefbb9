"""Endpoints of the calculators: no token needed, nothing is kept."""

from datetime import date
from typing import Any

from foundation.access import EVERYONE, access
from foundation.api import ApiBlueprint, said
from foundation.database import now
from foundation.workdays import local_date
from fund.reckoning import answer_call, answer_ceiling, answer_performance, answer_waterfall
from fund.schemas.calculators import (
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

blueprint = ApiBlueprint(
    "api_calculators",
    __name__,
    tag="Calculators",
    description="Exact figures of venture funds. No token needed; nothing that is sent is kept.",
)


def _today() -> date:
    return local_date(now())


@blueprint.post("/calculators/ceiling")
@access(EVERYONE)
@blueprint.arguments(CeilingQuestion)
@blueprint.response(200, CeilingAnswer)
def calculate_ceiling(sent: dict[str, Any]) -> dict[str, Any]:
    """Test the city's money against the ceilings of public capital

    In whole đồng, exactly: amount and share of the whole, with the cure of a breach either way.
    """
    return answer_ceiling(sent, _today()) | {"ceiling": _ceiling(ceiling_on(_today()))}


def _ceiling(enacted: EnactedCeiling) -> dict[str, Any]:
    ceiling = enacted.ceiling
    return {
        "amount": None if ceiling.amount_vnd is None else str(ceiling.amount_vnd),
        "share": ceiling.share,
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
    return answer_call(sent, _today())


@blueprint.post("/calculators/waterfall")
@access(EVERYONE)
@blueprint.arguments(WaterfallQuestion)
@blueprint.response(200, WaterfallAnswer)
def calculate_waterfall(sent: dict[str, Any]) -> dict[str, Any]:
    """Share the proceeds of a whole fund between investors and manager

    Capital back, a preferred return compounding yearly, catch-up, carried interest.
    """
    return answer_waterfall(sent, _today())


@blueprint.post("/calculators/performance")
@access(EVERYONE)
@blueprint.arguments(PerformanceQuestion)
@blueprint.response(200, PerformanceAnswer)
def calculate_performance(sent: dict[str, Any]) -> dict[str, Any]:
    """Work out rate of return, multiples and market equivalents of flows

    Dated flows have an `xirr` (year of 365 days), flows without days an `irr` per period. Every rate at which they
    balance is searched between -99.9999 % and 10⁹; with none or several, the rate is null and its note says why.
    """
    return answer_performance(sent, _today())

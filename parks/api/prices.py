"""Endpoints of what operators state of their prices: frames registered with the board, values of the index."""

from typing import Any

from foundation.access import access, current_actor, roles
from foundation.api import ApiBlueprint
from foundation.database import db
from parks.leasefacts import frame_facts, index_facts
from parks.operations.frames import StatedFrame, find_operator, register_frame
from parks.operations.indices import enter_index_value
from parks.queries.indices import latest_values
from parks.rules import PARK_ADMINISTRATOR
from parks.schemas.prices import (
    FrameShape,
    FrameStated,
    OperatorQuery,
    PriceIndexList,
    PriceIndexShape,
    PriceIndexStated,
)

RUNNERS = roles(PARK_ADMINISTRATOR)
MOST = 100

blueprint = ApiBlueprint(
    "api_park_prices",
    __name__,
    tag="Prices of parks",
    description="Price frames that operators registered, and the price index that their rents follow.",
)


@blueprint.post("/parks/<string:code>/price-frames")
@access(RUNNERS)
@blueprint.arguments(FrameStated)
@blueprint.response(201, FrameShape)
def register_price_frame(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Register the price frame of an operator for one use of space"""
    session, actor = db.session(), current_actor()
    operator = find_operator(session, code, sent.pop("operator", None), actor=actor)
    return frame_facts(register_frame(session, operator, StatedFrame(**sent), actor=actor))


@blueprint.get("/parks/<string:code>/price-index")
@access(RUNNERS)
@blueprint.arguments(OperatorQuery, location="query")
@blueprint.response(200, PriceIndexList)
def read_price_index(asked: dict[str, Any], code: str) -> dict[str, Any]:
    """Read the values of the index that were entered, the latest first"""
    session = db.session()
    operator = find_operator(session, code, asked.get("operator"), actor=current_actor())
    return {"items": [index_facts(one) for one in latest_values(session, operator.id, MOST)]}


@blueprint.post("/parks/<string:code>/price-index")
@access(RUNNERS)
@blueprint.arguments(PriceIndexStated)
@blueprint.response(201, PriceIndexShape)
def enter_price_index(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Enter a value of the index with its source

    Rents that follow it change by it at their next step; what was asked for stays.
    """
    session, actor = db.session(), current_actor()
    operator = find_operator(session, code, sent.pop("operator", None), actor=actor)
    return index_facts(enter_index_value(session, operator, **sent, actor=actor))

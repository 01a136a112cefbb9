"""Endpoints of a fund's figures: valuations and index values entered, and the results that follow from them."""

from typing import Any

from foundation.access import access, current_actor
from foundation.api import ApiBlueprint, page_answer
from foundation.database import db
from fund.api.funds import KEEPERS, READERS
from fund.books import Moment
from fund.figures import fund_facts, valuation_facts
from fund.operations.ledger import today
from fund.operations.valuations import StatedValue, enter_index, enter_valuation
from fund.queries.funds import find_fund
from fund.queries.results import fund_results
from fund.queries.valuations import valuations_page
from fund.schemas.results import (
    FundResultsShape,
    IndexStated,
    IndexTaken,
    ResultsQuery,
    ValuationPage,
    ValuationQuery,
    ValuationShape,
    ValuationStated,
)

blueprint = ApiBlueprint(
    "api_fund_results",
    __name__,
    tag="Results of funds",
    description="Valuations, and what follows from them and the ledger: rates, multiples, comparison with an index.",
)


@blueprint.get("/funds/<string:code>/performance")
@access(READERS)
@blueprint.arguments(ResultsQuery, location="query")
@blueprint.response(200, FundResultsShape)
def read_performance(asked: dict[str, Any], code: str) -> dict[str, Any]:
    """Read the results of a fund: its rate, multiples, comparison with an index, and each quarter

    Now, as of a day, or as it was known on a day. Flows are the payments of contributors and what went back to them.
    """
    session = db.session()
    fund = find_fund(session, code, actor=current_actor())
    moment = Moment(as_of=asked.get("as_of"), known_on=asked.get("known_on"))
    return fund_facts(fund_results(session, fund, today(), moment, index=asked.get("index")), fund.code)


@blueprint.get("/funds/<string:code>/valuations")
@access(READERS)
@blueprint.arguments(ValuationQuery, location="query")
@blueprint.response(200, ValuationPage, headers={"Link": {"schema": {"type": "string"}}})
def list_valuations(asked: dict[str, Any], code: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the valuations of a fund and its positions, the one recorded last first"""
    session = db.session()
    fund = find_fund(session, code, actor=current_actor())
    moment = Moment(as_of=asked.get("as_of"), known_on=asked.get("known_on"))
    page = valuations_page(session, fund, moment, after=asked.get("cursor"), size=asked["limit"])
    return page_answer(page, [valuation_facts(one) for one in page.rows])


@blueprint.post("/funds/<string:code>/valuations")
@access(KEEPERS)
@blueprint.arguments(ValuationStated)
@blueprint.response(201, ValuationShape)
def post_valuation(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Enter a valuation of the fund or of a position

    Nothing is ever changed: a later valuation of the same day takes its place.
    """
    stated = StatedValue(**sent)
    return valuation_facts(enter_valuation(db.session(), code, stated, actor=current_actor()))


@blueprint.post("/funds/<string:code>/index-values")
@access(KEEPERS)
@blueprint.arguments(IndexStated)
@blueprint.response(201, IndexTaken)
def post_index_values(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Enter values of a public index with which the fund is compared"""
    values = [(row["on"], row["value"]) for row in sent["values"]]
    number = enter_index(db.session(), code, sent["index"], values, actor=current_actor())
    return {"index": sent["index"], "values": number}

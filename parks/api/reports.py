"""Endpoints of reports on parks: indicators on a day, and the rows behind them."""

from datetime import date
from typing import Any

from foundation.access import access, current_actor, roles
from foundation.api import ApiBlueprint, page_answer
from foundation.database import db, now
from foundation.workdays import local_date
from parks.indicatorrules import IndicatorRules, indicator_rules_on
from parks.indicators import Sight
from parks.queries.reports import sight_of
from parks.queries.reportsheets import Narrowing, Question, sheet_page
from parks.reportfacts import by_park, indicator_facts
from parks.rules import READING_ROLES
from parks.schemas.reports import (
    AllReportsShape,
    ArrearsQuery,
    AskedPage,
    ReportQuery,
    ReportShape,
    RollPage,
    RollQuery,
    SheetQuery,
    SpaceRowPage,
    SpacesQuery,
)

READERS = roles(*READING_ROLES)
LINKED = {"Link": {"schema": {"type": "string"}}}
"""A page names the next one in its head too."""

blueprint = ApiBlueprint(
    "api_park_reports",
    __name__,
    tag="Reports on parks",
    description="Occupancy, terms, rent and arrears of parks on a day; an operator sees its own tenants alone.",
)


@blueprint.get("/park-reports")
@access(READERS)
@blueprint.arguments(ReportQuery, location="query")
@blueprint.response(200, AllReportsShape)
def report_on_parks(asked: dict[str, Any]) -> dict[str, Any]:
    """Read the indicators of all parks that the caller sees, together and of each"""
    sight, rules = _seen(asked)
    return {**indicator_facts(sight, rules), "parks": by_park(sight, rules)}


def _seen(asked: dict[str, Any], park: str = "") -> tuple[Sight, IndicatorRules]:
    on = _day(asked)
    rules = indicator_rules_on(on)
    return sight_of(db.session(), current_actor(), on, rules, park=park), rules


def _day(asked: dict[str, Any]) -> date:
    day: date = asked.get("as_of") or local_date(now())
    return day


@blueprint.get("/parks/<string:code>/reports")
@access(READERS)
@blueprint.arguments(ReportQuery, location="query")
@blueprint.response(200, ReportShape)
def report_on_park(asked: dict[str, Any], code: str) -> dict[str, Any]:
    """Read the indicators of a park

    Occupancy is what is let of what can be let; the land-use rate the land leased of the land that can be leased.
    """
    return indicator_facts(*_seen(asked, code))


@blueprint.get("/parks/<string:code>/reports/rent-roll")
@access(READERS)
@blueprint.arguments(RollQuery, location="query")
@blueprint.response(200, RollPage, headers=LINKED)
def read_rent_roll(asked: dict[str, Any], code: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the leases that run on the day, or are over but not handed back"""
    return _sheet("rent-roll", asked, code)


@blueprint.get("/parks/<string:code>/reports/spaces")
@access(READERS)
@blueprint.arguments(SpacesQuery, location="query")
@blueprint.response(200, SpaceRowPage, headers=LINKED)
def read_spaces_to_let(asked: dict[str, Any], code: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the spaces behind the occupancy"""
    return _sheet("spaces", asked, code)


@blueprint.get("/parks/<string:code>/reports/land")
@access(READERS)
@blueprint.arguments(SpacesQuery, location="query")
@blueprint.response(200, SpaceRowPage, headers=LINKED)
def read_land(asked: dict[str, Any], code: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the plots behind the land-use rate"""
    return _sheet("land", asked, code)


@blueprint.get("/parks/<string:code>/reports/arrears")
@access(READERS)
@blueprint.arguments(ArrearsQuery, location="query")
@blueprint.response(200, AskedPage, headers=LINKED)
def read_arrears(asked: dict[str, Any], code: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the payment requests that are overdue"""
    return _sheet("arrears", asked, code)


@blueprint.get("/parks/<string:code>/reports/collection")
@access(READERS)
@blueprint.arguments(SheetQuery, location="query")
@blueprint.response(200, AskedPage, headers=LINKED)
def read_collection(asked: dict[str, Any], code: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the payment requests behind the collection rate"""
    return _sheet("collection", asked, code)


def _sheet(sheet: str, asked: dict[str, Any], code: str) -> tuple[dict[str, Any], dict[str, str]]:
    on = _day(asked)
    question = Question(current_actor(), on, indicator_rules_on(on), code)
    narrowing = Narrowing(**{name: asked[name] for name in ("ends", "state", "age", "use") if name in asked})
    found = sheet_page(db.session(), question, sheet, narrowing, after=asked.get("cursor"), size=asked["limit"])
    return page_answer(found.page, found.page.rows)

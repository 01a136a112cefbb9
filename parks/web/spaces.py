"""Parks and spaces as pages: the list, a park's table and map, a space with all that is known of it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Response, jsonify, render_template, request
from werkzeug.datastructures import MultiDict

from foundation.access import EVERYONE, access, current_actor
from foundation.database import db, now
from foundation.decimals import write_decimal
from foundation.errors import Invalid
from foundation.workdays import local_date
from parks.forms.spaces import ConditionForm, DepositForm, HoldForm
from parks.models import Park, Space
from parks.models.spaces import KINDS, USES
from parks.models.waiting import queue_of
from parks.queries.spacemap import View, drawn_spaces, parts_of, storeys_of, way_down_to
from parks.queries.spaces import (
    STATUSES,
    Sought,
    all_parks,
    allocations_of,
    changes_of,
    find_park,
    find_space,
    present,
    space_as_it_stands,
    spaces_page,
    tally,
)
from parks.rules import may_run, may_see_holders, scope_of_space
from parks.statements import ONE_DAY, allocation_facts, space_facts
from parks.web import names
from parks.web.blueprint import blueprint

ROWS = 25
WORDS = {
    "kinds": names.KIND_TITLES,
    "uses": names.USE_TITLES,
    "tenures": names.TENURE_TITLES,
    "statuses": names.STATUS_TITLES,
    "operators": names.OPERATOR_TITLES,
    "colourings": names.COLOURINGS,
    "expiries": names.EXPIRIES,
}
Page = str | tuple[str, int]


@blueprint.get("/parks")
@access(EVERYONE)
def parks() -> str:
    """All parks with what is free in each."""
    session = db.session()
    found = all_parks(session)
    counted = tally(session, [park.id for park in found], present())
    return render_template("parks/parks.html", parks=found, tally=counted, **WORDS)


@blueprint.get("/parks/<code>")
@access(EVERYONE)
def park(code: str) -> str:
    """A park: its spaces as a table, and the same on a map."""
    session, moment = db.session(), present()
    found = find_park(session, code)
    sought = sought_of(request.args)
    page = spaces_page(session, found, sought, moment, after=request.args.get("after"), size=ROWS)
    chosen = request.args.get("space", "")
    return render_template(
        "parks/park.html",
        park=found,
        page=page,
        rows=[space_facts(row) for row in page.rows],
        sought=sought,
        kept=_kept(sought),
        tally=tally(session, [found.id], moment)[found.id],
        chosen=chosen,
        may_plan=may_run(current_actor(), found.code),
        colouring=request.args.get("colour", "status"),
        **WORDS,
    )


def sought_of(asked: Mapping[str, str]) -> Sought:
    """What an address asks for; what it cannot mean is left out."""
    return Sought(
        status=asked["status"] if asked.get("status") in STATUSES else "",
        use=asked["use"] if asked.get("use") in USES else "",
        kind=asked["kind"] if asked.get("kind") in KINDS else "",
        min_m2=area_asked(asked.get("min_m2", "")),
    )


def area_asked(text: str) -> Decimal | None:
    try:
        area = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return area if area.is_finite() and 0 < area < 10**10 else None


def _kept(sought: Sought) -> dict[str, str]:
    """The search as it stands in addresses."""
    area = "" if sought.min_m2 is None else write_decimal(sought.min_m2)
    asked = {"status": sought.status, "use": sought.use, "kind": sought.kind, "min_m2": area}
    return {name: text for name, text in asked.items() if text}


@blueprint.get("/parks/<code>/map.json")
@access(EVERYONE)
def park_map(code: str) -> Response:
    """The spaces in a part of the map, as GeoJSON. Raises Invalid for a view that is none."""
    session, moment = db.session(), present()
    park = find_park(session, code)
    rows = drawn_spaces(session, park, _view(request.args), moment)
    features = [_outline(park), *(_feature(row) for row in rows)]
    answer = jsonify({"type": "FeatureCollection", "features": features})
    answer.headers["Cache-Control"] = "private, max-age=15"
    return answer


def _view(asked: MultiDict[str, str]) -> View:
    try:
        west, south, east, north = (float(part) for part in asked.get("box", "").split(","))
        level = int(asked.get("level", "1"))
    except ValueError as fault:
        raise Invalid({"box": ["not_a_number"]}) from fault
    kinds = tuple(kind for kind in asked.get("kinds", "").split(",") if kind in KINDS)
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90) or abs(level) > 999:
        raise Invalid({"box": ["not_a_number"]})
    return View((west, south, east, north), kinds, level)


def _outline(park: Park) -> dict[str, Any]:
    facts = {"code": park.code, "kind": "park", "name": "", "use": None, "status": None}
    return {"type": "Feature", "geometry": park.geometry, "properties": facts}


def _feature(row: Any) -> dict[str, Any]:
    space: Space = row.Space
    facts = {
        "code": space.code,
        "kind": space.kind,
        "name": space.name,
        "use": space.use,
        "status": row.status,
        "usable": None if space.usable_m2 is None else write_decimal(space.usable_m2),
        "free": None if row.free_m2 is None else write_decimal(row.free_m2),
        "until": row.until and (row.until - ONE_DAY).isoformat(),
    }
    return {"type": "Feature", "geometry": space.geometry, "properties": facts}


@blueprint.get("/spaces/<code>")
@access(EVERYONE)
def space(code: str) -> Page:
    """A space: where it stands, what it offers, what it holds, and for its operator who has it."""
    return space_page(code)


def space_page(code: str, *, hold: HoldForm | None = None, status: int = 200) -> Page:
    """The page of a space, with a form that was filled in wrongly if there is one."""
    session, moment, actor = db.session(), present(), current_actor()
    found = find_space(session, code)
    scope = scope_of_space(found)
    shown: dict[str, Any] = {}
    if may_see_holders(actor, scope):
        given = allocations_of(session, found)
        shown |= {"claims": [allocation_facts(row, code, at=now()) for row in given], "on": local_date(now())}
    if may_run(actor, scope):
        shown |= {
            "hold": hold or HoldForm(formdata=None),
            "queue": queue_of(session, found),
            "deposit": DepositForm(formdata=None),
            "condition": ConditionForm(formdata=None).offer(names.CONDITION_TITLES, found.condition),
        }
    page = render_template(
        "parks/space.html",
        space=found,
        facts=space_facts(space_as_it_stands(session, found, moment)),
        above=way_down_to(session, found),
        storeys=storeys_of(session, found, moment) if found.kind == "building" else [],
        parts_below=[] if found.kind == "building" else [space_facts(row) for row in parts_of(session, found, moment)],
        changes=changes_of(session, found),
        one_day=ONE_DAY,
        claim_titles=names.CLAIM_TITLES,
        release_titles=names.RELEASE_TITLES,
        **WORDS,
        **shown,
    )
    return (page, status) if status != 200 else page

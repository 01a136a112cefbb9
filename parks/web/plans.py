"""Plans brought for a park: sent, looked at with every fault at once, and taken over whole."""

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from foundation.access import accepts_files, access, current_actor, roles
from foundation.database import db, transaction
from foundation.downloads import list_file
from foundation.errors import Blocked, Invalid, NotFound
from foundation.exports import Column
from foundation.reasons import sentence_of
from parks.models import Park, Space
from parks.operations.plans import apply_plan, examine_plan, find_plan, keep_plan, kept_rows, read_plan
from parks.plans import COLUMNS, PlanRow, as_text, sound
from parks.queries.spaces import find_park, plan_rows
from parks.rules import PARK_ADMINISTRATOR, require_park_runner
from parks.web import names
from parks.web.blueprint import blueprint

RUNNERS = roles(PARK_ADMINISTRATOR)
MOST_SHOWN = 300
"""Rows on one page; of more the number is told."""

Page = str | tuple[str, int] | AnyResponse


def _park(code: str) -> Park:
    return require_park_runner(current_actor(), find_park(db.session(), code))


@blueprint.get("/parks/<code>/plan")
@access(RUNNERS)
def plan_start(code: str) -> Page:
    """Where a plan is sent."""
    return _start(_park(code))


def _start(park: Park, faults: list[str] | None = None, rows: list[PlanRow] | None = None) -> Page:
    wrong = [row for row in rows or () if row.faults]
    page = render_template(
        "parks/plan_start.html",
        park=park,
        columns=COLUMNS,
        faults=faults or [],
        wrong=wrong[:MOST_SHOWN],
        wrong_count=len(wrong),
        fault_count=sum(len(reasons) for row in wrong for reasons in row.faults.values()),
        most=MOST_SHOWN,
    )
    return (page, 422) if faults or wrong else page


@blueprint.post("/parks/<code>/plan")
@access(RUNNERS)
@accepts_files
def send_plan(code: str) -> Page:
    """Look at a plan: nothing is kept unless every row is sound."""
    park, file = _park(code), request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid({"file": ["required"]})
        rows = read_plan(cast(BinaryIO, file.stream), file.filename)
    except Invalid as refusal:
        return _start(park, [sentence_of(reason) for reasons in refusal.fields.values() for reason in reasons])
    examine_plan(db.session(), park, rows, actor=current_actor())
    if not sound(rows):
        return _start(park, rows=rows)
    with transaction(db.session()) as session:
        plan = keep_plan(session, park, rows, file.filename, actor=current_actor())
    return redirect(url_for("parks.plan", code=code, plan_id=plan.id), 303)


@blueprint.get("/parks/<code>/plan/<int:plan_id>")
@access(RUNNERS)
def plan(code: str, plan_id: int) -> Page:
    """What a sound plan would bring and change."""
    return _preview(code, plan_id, [])


@blueprint.post("/parks/<code>/plan/<int:plan_id>")
@access(RUNNERS)
def take_plan(code: str, plan_id: int) -> Page:
    """Take the plan over, all of it or nothing."""
    try:
        with transaction(db.session()) as session:
            count = apply_plan(session, _park(code), plan_id, actor=current_actor())
    except Blocked as refusal:
        return _preview(code, plan_id, [sentence_of(reason) for reason in refusal.reasons])
    flash(ngettext("%(num)s space was taken over.", "%(num)s spaces were taken over.", count), "success")
    return redirect(url_for("parks.park", code=code), 303)


def _preview(code: str, plan_id: int, faults: list[str]) -> Page:
    session, actor = db.session(), current_actor()
    park = _park(code)
    found = find_plan(session, park, plan_id, actor=actor)
    rows = kept_rows(found)
    nodes = examine_plan(session, park, rows, with_outlines=False, actor=actor)
    page = render_template(
        "parks/plan.html",
        park=park,
        plan=found,
        rows=[(row, nodes[row.code]) for row in rows[:MOST_SHOWN]],
        count=len(rows),
        new_count=sum(nodes[row.code].is_new for row in rows),
        is_sound=sound(rows),
        faults=faults,
        kinds=names.KIND_TITLES,
        uses=names.USE_TITLES,
    )
    return (page, 409) if faults else page


@blueprint.get("/parks/<code>/plan.<extension>")
@access(RUNNERS)
def plan_file(code: str, extension: str) -> AnyResponse:
    """The park as it stands, as a file that can be changed and sent again."""
    park = _park(code)
    rows = plan_rows(db.session(), park)
    if extension == "geojson":
        features = [
            {"type": "Feature", "geometry": space.geometry, "properties": _stated(space, parent, operator)}
            for space, parent, operator in rows
        ]
        answer = jsonify({"type": "FeatureCollection", "features": features})
        answer.headers["Content-Disposition"] = f'attachment; filename="{park.code}.geojson"'
        return answer
    if extension not in ("xlsx", "csv"):
        raise NotFound
    return list_file(extension, park.code, [Column(name, _reader(name)) for name in COLUMNS], _dictionaries(rows))


def _dictionaries(rows: Any) -> Iterator[dict[str, Any]]:
    return (_stated(space, parent, operator) for space, parent, operator in rows)


def _reader(name: str) -> Any:
    return lambda facts: facts[name]


def _stated(space: Space, parent: str | None, operator: str) -> dict[str, Any]:
    known = {name: as_text(getattr(space, name)) for name in COLUMNS if name not in ("parent", "operator")}
    known["is_divisible"] = "yes" if space.is_divisible else ""
    return known | {"parent": parent, "operator": operator}

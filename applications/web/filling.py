"""Filling a table of a draft from a spreadsheet: pasted or sent, looked at, then written or not."""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from applications.drafting import shown_values
from applications.forms.blanksheet import write_blank_sheet
from applications.forms.filling import (
    FilledRow,
    Matching,
    Plan,
    plan_of,
    propose_matching,
    read_rows,
    targets_of,
    unused_columns,
)
from applications.operations.filling import fill_table, undo_fill
from applications.packs.model import FieldSpec, Section
from applications.queries.drafts import DraftView, draft_view
from applications.revisions import edits_of, read_seen, seen_text
from applications.settings import setting_of
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, accepts_files, access, current_actor
from foundation.database import db, now, transaction
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound
from foundation.exports import MEDIA_TYPES
from foundation.reasons import sentence_of
from foundation.spreadsheets import MOST_COLUMNS, Grid, grid_of_file, grid_of_text

Answer = str | Response | tuple[str, int]
LARGEST_GRID = 3_000_000
"""Letters of a sheet that the page carries along while it is looked at."""


@dataclass(frozen=True, slots=True)
class Place:
    """The table that is filled: of which dossier and section."""

    view: DraftView
    section: Section
    table: FieldSpec

    @property
    def address(self) -> dict[str, str]:
        return {"key": self.view.application.key, "section": self.section.key, "table": self.table.key}

    @property
    def present_rows(self) -> list[Any]:
        rows = shown_values(self.view.application).get(self.table.key)
        return rows if isinstance(rows, list) else []

    @property
    def seen(self) -> str:
        """Which change of the table the writer has before their eyes."""
        edit = edits_of(self.view.application.edits).get(self.table.key)
        return seen_text(self.table.key, edit, shown_values(self.view.application).get(self.table.key))


@blueprint.get("/dossiers/<key>/draft/<section>/<table>/fill")
@access(SIGNED_IN)
def filling(key: str, section: str, table: str) -> str:
    """Where a spreadsheet is pasted or sent to fill a table."""
    return _start_page(_writable(key, section, table))


@blueprint.post("/dossiers/<key>/draft/<section>/<table>/fill")
@access(SIGNED_IN)
@accepts_files
def fill(key: str, section: str, table: str) -> Answer:
    """Show what the sheet would write, with all that is wrong in it; write it when that was asked for."""
    place = _writable(key, section, table)
    try:
        grid, is_new = _grid()
    except Invalid as refusal:
        return _start_page(place, [sentence_of(reason) for reason in refusal.fields["file"]]), 422
    matching = propose_matching(place.table, grid) if is_new else _chosen_matching(place.table, grid)
    is_added = request.form.get("mode", "add" if place.present_rows else "replace") == "add"
    plan = _plan(place, grid, matching, is_added=is_added)
    if plan.refusal and is_new:
        return _start_page(place, [sentence_of(plan.refusal)]), 422
    rows = _wanted(plan)
    if rows is None:
        return _preview(place, grid, matching, plan, is_added), 422 if "go" in request.form and not is_new else 200
    return _write(place, rows, is_added=is_added) or (_preview(place, grid, matching, plan, is_added, True), 409)


@blueprint.get("/dossiers/<key>/draft/<section>/<table>/sheet.xlsx")
@access(SIGNED_IN)
def blank_sheet(key: str, section: str, table: str) -> Response:
    """An empty sheet with the headings of the table, and its lists to choose from."""
    spec = _place(key, section, table).table
    target = BytesIO()
    write_blank_sheet(spec, language(), target)
    target.seek(0)
    return send_file(target, mimetype=MEDIA_TYPES["xlsx"], as_attachment=True, download_name=f"{table}.xlsx")


def undo(key: str, table: str) -> None:
    """Take the last filling back, where nobody has changed the table since; say what became of it."""
    try:
        with transaction(db.session()) as session:
            undo_fill(session, key, table, actor=current_actor())
        flash(_("The table is again as it was before it was filled."), "success")
    except Blocked as refusal:
        flash(" ".join(sentence_of(reason) for reason in refusal.reasons), "warning")


def _place(key: str, section: str, table: str) -> Place:
    view = draft_view(db.session(), key, actor=current_actor())
    part = view.section(section)
    spec = next((spec for spec in part.fields if spec.key == table and spec.type == "table"), None)
    if spec is None or not targets_of(spec):
        raise NotFound
    return Place(view, part, spec)


def _writable(key: str, section: str, table: str) -> Place:
    place = _place(key, section, table)
    if not place.view.can_edit or not place.view.opening.is_field_open(table):
        raise NotAllowed
    return place


def _grid() -> tuple[Grid, bool]:
    """The cells that arrived, and whether they arrived just now rather than with the page that shows them."""
    carried = request.form.get("grid")
    if carried is not None:
        return _carried_grid(carried), False
    file = request.files.get("file")
    if file is not None and file.filename:
        return grid_of_file(cast(Any, file.stream), file.filename), True
    text = request.form.get("text", "")
    if not text.strip():
        raise Invalid({"file": ["sheet_missing"]})
    return grid_of_text(text), True


def _carried_grid(text: str) -> Grid:
    try:
        grid = json.loads(text)
    except ValueError as error:
        raise Invalid({"file": ["sheet_unreadable"]}) from error
    is_grid = isinstance(grid, list) and all(isinstance(row, list) and len(row) <= MOST_COLUMNS for row in grid)
    if not is_grid or not all(isinstance(cell, str | int | float) for row in grid for cell in row):
        raise Invalid({"file": ["sheet_unreadable"]})
    return cast(Grid, grid)


def _chosen_matching(table: FieldSpec, grid: Grid) -> Matching:
    """Which column fills which, as the person chose; columns that the sheet does not have count for nothing."""
    widest = max((len(row) for row in grid), default=0)
    chosen = {target.name: request.form.get(f"match-{target.name}", type=int) for target in targets_of(table)}
    columns = {name: number for name, number in chosen.items() if number is not None and 0 <= number < widest}
    return Matching("header" in request.form, columns)


def _plan(place: Place, grid: Grid, matching: Matching, *, is_added: bool) -> Plan:
    rows = read_rows(place.table, grid, matching, language())
    values = {place.table.key: [row.answers for row in rows]}
    setting = setting_of(db.session(), [place.table], values, at=now(), case_id=place.view.application.id)
    return plan_of(place.table, rows, setting, before=len(place.present_rows) if is_added else 0)


def _wanted(plan: Plan) -> list[FilledRow] | None:
    """The rows to write; none while any row is wrong, unless the person chose to keep the sound ones."""
    go = request.form.get("go")
    if go == "fill" and plan.is_sound:
        return list(plan.rows)
    if go == "sound" and plan.can_be_thinned:
        return plan.sound_rows
    return None


def _write(place: Place, rows: list[FilledRow], *, is_added: bool) -> Response | None:
    """Fill the table and lead back to it; nothing when somebody else changed it meanwhile."""
    seen = read_seen(request.form.getlist("seen"))
    with transaction(db.session()) as session:
        answers = [row.answers for row in rows]
        key, table = place.view.application.key, place.table.key
        kept = fill_table(session, key, table, answers, seen=seen, is_added=is_added, actor=current_actor())
    if kept.conflicts:
        return None
    flash(ngettext("%(num)s row was filled in.", "%(num)s rows were filled in.", len(rows)), "success")
    section = url_for("applications.draft_section", key=key, section=place.section.key, _anchor=table)
    return redirect(section, 303)


def _start_page(place: Place, errors: list[str] | None = None) -> str:
    return render_template(
        "applications/fill_table.html",
        place=place,
        targets=targets_of(place.table),
        errors=errors or [],
        language=language(),
    )


def _preview(
    place: Place, grid: Grid, matching: Matching, plan: Plan, is_added: bool, is_outdated: bool = False
) -> str:
    carried = json.dumps(grid, ensure_ascii=False, separators=(",", ":"))
    if len(carried) > LARGEST_GRID:
        return _start_page(place, [_("The sheet holds too much text; fill the table in several steps.")])
    place = _writable(**place.address) if is_outdated else place
    return render_template(
        "applications/fill_preview.html",
        place=place,
        carried=carried,
        headings=grid[0] if grid and matching.has_heading else [],
        widest=max((len(row) for row in grid), default=0),
        matching=matching,
        unused=unused_columns(grid, matching),
        targets=targets_of(place.table),
        plan=plan,
        is_added=is_added,
        is_outdated=is_outdated,
        sentence_of=sentence_of,
        language=language(),
    )

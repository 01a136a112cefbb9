"""Taking over the dossiers of an older register: send its sheet, see everything that is wrong, then all or nothing."""

from io import BytesIO
from typing import Any, BinaryIO, cast

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from applications.forms.blanksheet import write_blank_sheet
from applications.forms.takeovers import SentSheet, arrived_sheet
from applications.models import TakeoverSheet
from applications.operations.takeovers import go_on, send_sheet
from applications.packs.catalogue import pack_of_version
from applications.queries.takeovers import (
    count_rows,
    dossiers_of_sheet,
    find_sheet,
    importable,
    importable_procedures,
    latest_sheets,
    registers_known,
)
from applications.takeover import column_of, lines_with_faults
from applications.takeovercolumns import MOST_ROWS, takeover_table
from applications.visibility import IMPORTING_ROLES
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import accepts_files, access, current_actor, roles
from foundation.database import db, transaction
from foundation.errors import Invalid, Reason
from foundation.exports import MEDIA_TYPES
from foundation.reasons import sentence_of
from foundation.spreadsheets import grid_of_file

IMPORTERS = roles(*IMPORTING_ROLES)
MOST_SHOWN = 500
"""Faults on one page; of more the number is told."""
Answer = str | Response | tuple[str, int]


@blueprint.get("/takeovers")
@access(IMPORTERS)
def takeovers() -> str:
    """Where the sheet of an older register is sent, and what became of those before."""
    return _start_page({})


@blueprint.get("/takeovers/<procedure>/sheet.xlsx")
@access(IMPORTERS)
def takeover_template(procedure: str) -> Response:
    """The empty sheet of a procedure: a column for each question, with the answers to choose from."""
    found, _unit = importable(db.session(), procedure, actor=current_actor())
    target = BytesIO()
    write_blank_sheet(takeover_table(found.pack), language(), target)
    target.seek(0)
    return send_file(target, mimetype=MEDIA_TYPES["xlsx"], as_attachment=True, download_name=f"{procedure}.xlsx")


@blueprint.post("/takeovers")
@access(IMPORTERS)
@accepts_files
def send_takeover() -> Answer:
    """Look at a sheet that arrives: what it would take over, or everything that is wrong in it."""
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise Invalid({"file": ["required"]})
        if not request.form.get("procedure"):
            raise Invalid({"procedure": ["required"]})
        db.session().rollback()  # no connection is held while the sheet is read
        grid = grid_of_file(cast(BinaryIO, file.stream), file.filename)
        with transaction(db.session()) as session:
            actor = current_actor()
            stated = SentSheet(request.form["procedure"], request.form.get("register", ""), file.filename)
            sheet, rows = arrived_sheet(session, grid, stated, language=language(), actor=actor)
            send_sheet(session, sheet, rows, actor=actor)
            sheet_id = sheet.id
    except Invalid as refusal:
        return _start_page(refusal.fields), 422
    return redirect(url_for("applications.takeover", sheet_id=sheet_id), 303)


@blueprint.get("/takeovers/<int:sheet_id>")
@access(IMPORTERS)
def takeover(sheet_id: int) -> str:
    """What a sheet would take over or took over, with every fault by row and column."""
    session = db.session()
    sheet = find_sheet(session, sheet_id, actor=current_actor())
    pack = pack_of_version(session, sheet.version_id)
    table = takeover_table(pack)
    faults = sheet.report.get("faults", [])
    return render_template(
        "applications/takeover.html",
        sheet=sheet,
        pack=pack,
        total=count_rows(session, sheet),
        faults=[_told(fault, table, sheet) for fault in faults[:MOST_SHOWN]],
        fault_count=len(faults),
        wrong_rows=lines_with_faults(sheet.report),
        failure=sentence_of(Reason(sheet.report["reason"])) if sheet.status == "failed" else "",
        written=dossiers_of_sheet(session, sheet) if sheet.status == "done" else [],
    )


@blueprint.post("/takeovers/<int:sheet_id>")
@access(IMPORTERS)
def go_on_with_takeover(sheet_id: int) -> Response:
    """Take over all dossiers of a sheet in which nothing is wrong; try again what failed."""
    with transaction(db.session()) as session:
        actor = current_actor()
        sheet = find_sheet(session, sheet_id, actor=actor)
        go_on(session, sheet, actor=actor)
        status = sheet.status
    if status == "done":
        flash(_("The dossiers were taken over."), "success")
    return redirect(url_for("applications.takeover", sheet_id=sheet_id), 303)


def _told(fault: dict[str, Any], table: Any, sheet: TakeoverSheet) -> dict[str, Any]:
    spec = column_of(table, fault["column"])
    value = fault["value"]
    return {
        "line": fault["line"],
        "letter": sheet.letters.get(fault["column"], ""),
        "title": spec.label if spec else {"vi": fault["column"]},
        "value": "" if value is None else str(value)[:120],
        "why": sentence_of(Reason(fault["code"], fault["facts"])),
    }


def _start_page(faults: dict[str, list[Any]]) -> str:
    session = db.session()
    procedures = importable_procedures(session, actor=current_actor())
    return render_template(
        "applications/takeovers.html",
        procedures=procedures,
        packs={found.version_id: found.pack for found, _unit in procedures},
        sheets=latest_sheets(session, procedures),
        registers=registers_known(session, procedures),
        pack_of=lambda version_id: pack_of_version(session, version_id),
        errors={name: [sentence_of(reason) for reason in reasons] for name, reasons in faults.items()},
        most=MOST_ROWS,
    )

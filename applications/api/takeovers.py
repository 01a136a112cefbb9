"""Endpoints of older registers: send a sheet, see everything that is wrong in it, then all rows or none."""

from typing import Any, BinaryIO, cast

from flask import url_for

from applications.forms.takeovers import SentSheet, arrived_sheet
from applications.models import TakeoverSheet
from applications.operations.takeovers import go_on, send_sheet
from applications.packs.catalogue import pack_of_version
from applications.queries.takeovers import count_rows, find_sheet, sheets_page
from applications.schemas.takeovers import NewSheet, SheetPage, SheetShape
from applications.takeover import column_of
from applications.takeovercolumns import takeover_table
from applications.visibility import IMPORTING_ROLES
from foundation.access import accepts_files, access, current_actor, roles
from foundation.api import ApiBlueprint, PageQuery, begin_execution, begins_itself, page_answer, reader_language, said
from foundation.database import db
from foundation.errors import Invalid, NotFound, Reason
from foundation.reasons import sentence_of
from foundation.spreadsheets import grid_of_file

IMPORTERS = roles(*IMPORTING_ROLES)
MOST_TOLD = 500
"""Faults in one answer; of more the number is told."""

blueprint = ApiBlueprint(
    "api_takeovers",
    __name__,
    tag="Older registers",
    description="Dossiers that ended before this system, taken over from sheets: looked at first, then all or none.",
)


@blueprint.get("/takeovers")
@access(IMPORTERS)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, SheetPage, headers={"Link": {"schema": {"type": "string"}}})
def list_sheets(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """List the sheets of the procedures for which the caller takes over dossiers, the newest first"""
    page = sheets_page(db.session(), actor=current_actor(), cursor=asked.get("cursor"), size=asked["limit"])
    return page_answer(page, [_line(row) for row in page.rows])


@blueprint.post("/takeovers")
@access(IMPORTERS)
@accepts_files
@blueprint.arguments(NewSheet, location="multipart")
@blueprint.response(201, SheetShape, headers={"Location": {"schema": {"type": "string"}}})
@begins_itself
def create_sheet(sent: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Send a sheet and have it looked at; nothing is written

    A large sheet is looked at by a job: its `status` is `looking` until then.
    """
    file = sent["file"]
    name = file.filename or "sheet"
    grid = grid_of_file(cast(BinaryIO, file.stream), name)
    begin_execution()
    session, actor = db.session(), current_actor()
    stated = SentSheet(sent["procedure"], sent["register"], name)
    try:
        sheet, rows = arrived_sheet(session, grid, stated, language=reader_language(), actor=actor)
    except NotFound as error:
        raise Invalid({"procedure": ["does_not_exist"]}) from error
    send_sheet(session, sheet, rows, actor=actor)
    return _whole(sheet), {"Location": url_for("api_takeovers.read_sheet", sheet_id=sheet.id)}


@blueprint.get("/takeovers/<int:sheet_id>")
@access(IMPORTERS)
@blueprint.response(200, SheetShape)
def read_sheet(sheet_id: int) -> dict[str, Any]:
    """Read what a sheet would take over or took over, with every fault by row and column"""
    return _whole(find_sheet(db.session(), sheet_id, actor=current_actor()))


@blueprint.post("/takeovers/<int:sheet_id>/run")
@access(IMPORTERS)
@blueprint.response(200, SheetShape)
def run_sheet(sheet_id: int) -> dict[str, Any]:
    """Take over all dossiers of a sheet in which nothing is wrong, or try again what failed"""
    session, actor = db.session(), current_actor()
    sheet = find_sheet(session, sheet_id, actor=actor)
    go_on(session, sheet, actor=actor)
    return _whole(sheet)


def _line(row: Any) -> dict[str, Any]:
    same = ("id", "register", "filename", "status", "sent_at", "done_at")
    pack = pack_of_version(db.session(), row.version_id)
    return {name: getattr(row, name) for name in same} | {"procedure": pack.code}


def _whole(sheet: TakeoverSheet) -> dict[str, Any]:
    session, report = db.session(), sheet.report
    table = takeover_table(pack_of_version(session, sheet.version_id))
    faults = report.get("faults", [])
    return {
        **_line(sheet),
        "rows": count_rows(session, sheet),
        "progress": sheet.progress,
        "new": report.get("new"),
        "known": [{name: row[name] for name in ("line", "number", "key")} for row in report.get("known", [])],
        "faults": [_told(fault, table, sheet) for fault in faults[:MOST_TOLD]],
        "fault_count": len(faults),
        "failure": sentence_of(Reason(report["reason"])) if sheet.status == "failed" else None,
    }


def _told(fault: dict[str, Any], table: Any, sheet: TakeoverSheet) -> dict[str, Any]:
    spec, value = column_of(table, fault["column"]), fault["value"]
    return {
        "line": fault["line"],
        "column": sheet.letters.get(fault["column"], ""),
        "question": said(spec.label) if spec else fault["column"],
        "code": fault["code"],
        "detail": sentence_of(Reason(fault["code"], fault["facts"])),
        "value": "" if value is None else str(value),
    }

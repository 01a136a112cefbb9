"""A long list as a file: asked for, watched while it is written, cancelled or fetched by who asked."""

from typing import Any, cast
from uuid import UUID, uuid4

from flask import redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from applications.exporting import Wanted, ask_export, cancel_export, note_download
from applications.models import ListExport
from applications.models.exports import READY, UNDER_WAY
from applications.queries.exports import latest_exports, own_export, still_reaches
from applications.web.blueprint import blueprint
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction
from foundation.errors import Blocked, NotFound, Reason
from foundation.exports import FORMATS, MEDIA_TYPES, Format
from foundation.listkinds import Asking, list_kind
from foundation.passingfiles import open_file
from foundation.reasons import sentence_of
from foundation.workdays import local_date


@blueprint.get("/exports")
@access(SIGNED_IN)
def exports() -> str:
    """Where the list of the address is asked for under its filters, and what was asked for last."""
    session, actor = db.session(), current_actor()
    kind = list_kind(request.args["list"]) if request.args.get("list") else None
    asked = kind.named(request.args) if kind else {}
    if kind:
        kind.listed(Asking(session, actor, asked))
    latest = latest_exports(session, actor=actor)
    return render_template(
        "applications/exports.html",
        kind=kind,
        asked=asked,
        exports=[(export, list_kind(export.kind)) for export in latest],
        export_id=uuid4(),
    )


@blueprint.post("/exports")
@access(SIGNED_IN)
def ask_list_export() -> Response:
    """Have it written."""
    try:
        export_id = UUID(request.form.get("export", ""))
    except ValueError:
        raise NotFound from None
    if request.form.get("extension") not in FORMATS:
        raise NotFound
    wanted = Wanted(request.form.get("list", ""), cast(Format, request.form["extension"]), request.form)
    with transaction(db.session()) as session:
        ask_export(session, export_id, wanted, actor=current_actor())
    return redirect(url_for("applications.list_export", export_id=export_id), 303)


@blueprint.get("/exports/<uuid:export_id>")
@access(SIGNED_IN)
def list_export(export_id: UUID) -> str:
    """How far it is; then the file."""
    session, actor = db.session(), current_actor()
    export = own_export(session, export_id, actor=actor)
    return render_template(
        "applications/export.html",
        export=export,
        kind=list_kind(export.kind),
        is_under_way=export.status in UNDER_WAY,
        may_fetch=still_reaches(list_kind(export.kind), export, actor=actor),
        failure=sentence_of(Reason(export.reason)) if export.reason else "",
    )


@blueprint.post("/exports/<uuid:export_id>/cancel")
@access(SIGNED_IN)
def cancel_list_export(export_id: UUID) -> Response:
    """Give it up."""
    with transaction(db.session()) as session:
        cancel_export(session, export_id, actor=current_actor())
    return redirect(url_for("applications.list_export", export_id=export_id), 303)


@blueprint.post("/exports/<uuid:export_id>/file")
@access(SIGNED_IN)
def list_export_file(export_id: UUID) -> Response:
    """The file, to keep; by a button, for the trail says who fetched it.

    Raises:
        NotFound: not the reader's, not ready or no longer kept.
        Blocked: the reader's roles reach less than when it was written.
    """
    with transaction(db.session()) as session:
        actor = current_actor()
        export = own_export(session, export_id, actor=actor)
        if export.status != READY or export.file is None:
            raise NotFound
        if not still_reaches(list_kind(export.kind), export, actor=actor):
            raise Blocked("roles_have_changed")
        note_download(session, export, actor=actor)
        session.flush()
        session.expunge(export)
    return _handed_out(export)


def _handed_out(export: ListExport) -> Response:
    day = local_date(cast(Any, export.done_at)).isoformat()
    answer = send_file(
        open_file(export.file or ""),
        mimetype=MEDIA_TYPES[export.extension],
        as_attachment=True,
        download_name=f"{list_kind(export.kind).stem}-{day}.{export.extension}",
    )
    answer.content_length = export.size or 0
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

"""The whole queue as a file: asked for, watched while it is written, cancelled or fetched by who asked."""

from typing import Any, cast
from uuid import UUID, uuid4

from flask import redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from applications.exporting import ask_export, cancel_export, note_download
from applications.models import ListExport
from applications.models.exports import READY, UNDER_WAY
from applications.queries.exports import latest_exports, own_export, still_reaches
from applications.queries.queue import filters_from, queue_choices
from applications.web.blueprint import blueprint
from applications.web.queue import STAFF_WITH_CASES, asked_for
from foundation.access import access, current_actor
from foundation.database import db, transaction
from foundation.errors import Blocked, NotFound, Reason
from foundation.exports import FORMATS, MEDIA_TYPES, Format
from foundation.passingfiles import open_file
from foundation.reasons import sentence_of
from foundation.workdays import local_date


@blueprint.get("/queue/exports")
@access(STAFF_WITH_CASES)
def queue_exports() -> str:
    """Where the queue under the filters of the address is asked for, and what was asked for last."""
    session, actor, asked = db.session(), current_actor(), asked_for()
    filters_from(asked, queue_choices(session, actor=actor))
    return render_template(
        "applications/queue_exports.html",
        asked={name: value for name, value in asked.items() if value},
        exports=latest_exports(session, actor=actor),
        formats=FORMATS,
        export_id=uuid4(),
    )


@blueprint.post("/queue/exports")
@access(STAFF_WITH_CASES)
def ask_queue_export() -> Response:
    """Have it written."""
    try:
        export_id = UUID(request.form.get("export", ""))
    except ValueError:
        raise NotFound from None
    if request.form.get("extension") not in FORMATS:
        raise NotFound
    extension = cast(Format, request.form["extension"])
    with transaction(db.session()) as session:
        ask_export(session, export_id, extension, asked_for(request.form), actor=current_actor())
    return redirect(url_for("applications.queue_export", export_id=export_id), 303)


@blueprint.get("/queue/exports/<uuid:export_id>")
@access(STAFF_WITH_CASES)
def queue_export(export_id: UUID) -> str:
    """How far it is; then the file."""
    session, actor = db.session(), current_actor()
    export = own_export(session, export_id, actor=actor)
    return render_template(
        "applications/queue_export.html",
        export=export,
        is_under_way=export.status in UNDER_WAY,
        may_fetch=still_reaches(export, actor=actor),
        failure=sentence_of(Reason(export.reason)) if export.reason else "",
    )


@blueprint.post("/queue/exports/<uuid:export_id>/cancel")
@access(STAFF_WITH_CASES)
def cancel_queue_export(export_id: UUID) -> Response:
    """Give it up."""
    with transaction(db.session()) as session:
        cancel_export(session, export_id, actor=current_actor())
    return redirect(url_for("applications.queue_export", export_id=export_id), 303)


@blueprint.post("/queue/exports/<uuid:export_id>/file")
@access(STAFF_WITH_CASES)
def queue_export_file(export_id: UUID) -> Response:
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
        if not still_reaches(export, actor=actor):
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
        download_name=f"{_('dossiers')}-{day}.{export.extension}",
    )
    answer.content_length = export.size or 0
    answer.headers["Cache-Control"] = "private, no-store"
    return answer

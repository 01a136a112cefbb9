"""The documents of a draft: sent one by one, replaced, taken out again."""

from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from applications.corrections import require_open_document
from applications.models import Document
from applications.operations.documents import add_document, receive_file, remove_document
from applications.operations.drafts import require_drafting
from applications.packs.catalogue import pack_of_version
from applications.packs.model import DocumentSpec
from applications.queries.drafts import DraftView, draft_view, find_draft
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, accepts_files, access, current_actor
from foundation.database import db, transaction
from foundation.errors import Invalid, NotFound, Reason
from foundation.reasons import sentence_of

Answer = str | Response | tuple[str, int]


@blueprint.get("/dossiers/<key>/documents")
@access(SIGNED_IN)
def documents(key: str) -> str:
    """The documents that are asked for, with what is there."""
    return _page(draft_view(db.session(), key, actor=current_actor()))


@blueprint.post("/dossiers/<key>/documents")
@access(SIGNED_IN)
@accepts_files
def upload(key: str) -> Answer:
    """Keep a file for one of the documents; where there is no more room, it replaces the last one."""
    actor, slot = current_actor(), request.form.get("slot", "")
    spec = _slot(key, slot)
    try:
        arrival = receive_file(*_arrived(), accept=spec.accept, max_mb=spec.max_mb)
    except Invalid as refusal:
        view = draft_view(db.session(), key, actor=actor)
        return _page(view, slot=slot, reasons=refusal.fields["file"]), 422
    with transaction(db.session()) as session:
        add_document(session, find_draft(session, key, actor=actor), slot, arrival, actor=actor)
    flash(_("“%(filename)s” was stored.", filename=arrival.filename), "success")
    return redirect(url_for("applications.documents", key=key, _anchor=slot), 303)


def _slot(key: str, slot: str) -> DocumentSpec:
    """The document that the file is for; afterwards no database connection is held while the file is looked at."""
    session, actor = db.session(), current_actor()
    application = find_draft(session, key, actor=actor)
    pack = pack_of_version(session, application.version_id)
    require_drafting(application, pack, actor)
    if slot not in pack.document_by_key:
        raise NotFound
    require_open_document(session, pack, application, slot)
    session.rollback()
    return pack.document_by_key[slot]


def _arrived() -> tuple[BinaryIO, str, str]:
    """The file that was sent, its name and the type that the browser declares."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid({"file": ["file_missing"]})
    return cast(BinaryIO, file.stream), file.filename, file.mimetype


@blueprint.get("/dossiers/<key>/documents/<int:document_id>/remove")
@access(SIGNED_IN)
def confirm_removal(key: str, document_id: int) -> str:
    """Ask before a document is taken out."""
    view = draft_view(db.session(), key, actor=current_actor())
    require_drafting(view.application, view.pack, current_actor())
    return render_template(
        "applications/document_removal.html", view=view, document=_current(view, document_id), language=language()
    )


@blueprint.post("/dossiers/<key>/documents/<int:document_id>/remove")
@access(SIGNED_IN)
def remove(key: str, document_id: int) -> Response:
    """Take a document out of the dossier."""
    actor = current_actor()
    with transaction(db.session()) as session:
        remove_document(session, find_draft(session, key, actor=actor), document_id, actor=actor)
    flash(_("The document was removed."), "success")
    return redirect(url_for("applications.documents", key=key), 303)


def _current(view: DraftView, document_id: int) -> Document:
    for row in view.documents:
        if row.id == document_id and row.removed_at is None:
            return row
    raise NotFound


def _page(view: DraftView, *, slot: str = "", reasons: list[Reason] | None = None) -> str:
    return render_template(
        "applications/documents.html",
        view=view,
        language=language(),
        wrong_slot=slot,
        errors=[sentence_of(reason) for reason in reasons or ()],
    )

"""The documents of a draft: sent one by one, replaced, taken out again."""

from collections.abc import Sequence
from typing import BinaryIO, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from applications.corrections import require_open_document
from applications.models import Document
from applications.operations.documents import (
    Arrival,
    add_document,
    plain_name,
    receive_file,
    remove_document,
    replace_document,
)
from applications.operations.drafts import require_drafting
from applications.packs.catalogue import pack_of_version
from applications.packs.model import DocumentSpec
from applications.queries.drafts import DraftView, draft_view, find_draft, unfinished_uploads
from applications.reuse import file_offers, is_offered_to
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, accepts_files, access, current_actor
from foundation.database import db, transaction
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.reasons import sentence_of

Answer = str | Response | tuple[str, int]


@blueprint.get("/dossiers/<key>/documents")
@access(SIGNED_IN)
def documents(key: str) -> str:
    """The documents that are asked for, with what is there."""
    return _page(key)


@blueprint.post("/dossiers/<key>/documents")
@access(SIGNED_IN)
@accepts_files
def upload(key: str) -> Answer:
    """Keep files for one of the documents; what is refused is told, the others are kept."""
    slot = request.form.get("slot", "")
    spec = drafted_slot(key, slot)
    refused = [sentence for file in _arrived() for sentence in _keep(key, spec, file)]
    if refused:
        return _page(key, slot=slot, errors=refused), 422
    return redirect(url_for("applications.documents", key=key, _anchor=slot), 303)


def _keep(key: str, spec: DocumentSpec, file: FileStorage) -> list[str]:
    """Look at one file and make a document of it; otherwise, in words, why not."""
    actor, replaced = current_actor(), request.form.get("replaces", type=int)
    try:
        arrival = _received(file, spec)
        with transaction(db.session()) as session:
            application = find_draft(session, key, actor=actor)
            if replaced is None:
                add_document(session, application, spec.key, arrival, actor=actor)
            else:
                replace_document(session, application, replaced, arrival, actor=actor)
    except Invalid as refusal:
        return [_named(file, reason) for reason in refusal.fields["file"]]
    except Blocked as refusal:
        return [_named(file, reason) for reason in refusal.reasons]
    flash(_("“%(filename)s” was stored.", filename=arrival.filename), "success")
    return []


def _received(file: FileStorage, spec: DocumentSpec) -> Arrival:
    if not file.filename:
        raise Invalid({"file": ["file_missing"]})
    stream = cast(BinaryIO, file.stream)
    return receive_file(stream, file.filename, file.mimetype, accept=spec.accept, max_mb=spec.max_mb)


def _named(file: FileStorage, reason: Reason) -> str:
    """The sentence of a refusal, with the name of its file where several were sent."""
    sentence = sentence_of(reason)
    return f"{plain_name(file.filename or '')}: {sentence}" if len(_arrived()) > 1 else sentence


def drafted_slot(key: str, slot: str) -> DocumentSpec:
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


def _arrived() -> list[FileStorage]:
    """The files that were sent; one without a name where none was chosen."""
    return request.files.getlist("file") or [FileStorage()]


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


def _page(key: str, *, slot: str = "", errors: Sequence[str] = ()) -> str:
    session, actor = db.session(), current_actor()
    view = draft_view(session, key, actor=actor)
    is_own = view.can_edit and is_offered_to(view.application, actor)
    return render_template(
        "applications/documents.html",
        view=view,
        offers=file_offers(session, view.application, [slot.spec for slot in view.slots]) if is_own else {},
        uploads=unfinished_uploads(session, view.application, actor=actor),
        language=language(),
        wrong_slot=slot,
        errors=errors,
    )

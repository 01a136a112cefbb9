"""Documents that a script sends in pieces, so that a broken connection or a reloaded page costs no more than one."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from applications.models import Upload
from applications.operations.documents import Arrival, file_limits, plain_name, receive_file
from applications.operations.uploads import (
    Promise,
    append_piece,
    begin_upload,
    find_upload,
    finish_upload,
    give_up_upload,
    require_next,
)
from applications.packs.model import DocumentSpec
from applications.queries.drafts import find_draft
from applications.web.blueprint import blueprint
from applications.web.documents import drafted_slot
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction
from foundation.errors import Blocked, Invalid
from foundation.inspection import MEDIA_TYPES
from foundation.pieces import PIECE, discard_pieces, keep_piece, whole_file
from foundation.reasons import register_reasons

LARGEST_NUMBER = 2**53


@blueprint.post("/dossiers/<key>/uploads")
@access(SIGNED_IN)
def begin(key: str) -> tuple[dict[str, Any], int]:
    """Open an upload, or go on with the unfinished one of the same file."""
    actor, promise = current_actor(), _promise()
    with transaction(db.session()) as session:
        upload = begin_upload(session, find_draft(session, key, actor=actor), promise, actor=actor)
    return _standing(key, upload), 201


def _promise() -> Promise:
    media_type = request.form.get("media_type", "")
    return Promise(
        slot=request.form.get("slot", ""),
        filename=plain_name(request.form.get("filename", "")),
        media_type=media_type if media_type in MEDIA_TYPES else "",
        size=_number("size"),
        modified=_number("modified"),
        replaces_id=_number("replaces") or None,
    )


def _number(name: str) -> int:
    value = request.form.get(name, 0, type=int)
    return value if 0 <= value < LARGEST_NUMBER else 0


@blueprint.get("/dossiers/<key>/uploads/<folder>")
@access(SIGNED_IN)
def upload_standing(key: str, folder: str) -> dict[str, Any]:
    """How much of a file has arrived."""
    return _standing(key, _upload(key, folder))


@blueprint.patch("/dossiers/<key>/uploads/<folder>")
@access(SIGNED_IN)
def continue_upload(key: str, folder: str) -> dict[str, Any]:
    """Take the next piece, which begins at ``?offset=``; no connection is held while it is stored."""
    upload, content = _upload(key, folder), request.get_data()
    offset = request.args.get("offset", -1, type=int)
    require_next(upload, offset, len(content))
    db.session().rollback()
    name = keep_piece(upload.folder, content)
    with transaction(db.session()) as session:
        received = append_piece(session, upload, offset, name, len(content))
    return {"received": received}


@blueprint.post("/dossiers/<key>/uploads/<folder>/finish")
@access(SIGNED_IN)
def finish(key: str, folder: str) -> dict[str, Any]:
    """Look at the whole file and make a document of it; a file that is refused is forgotten."""
    actor, upload = current_actor(), _upload(key, folder)
    if not upload.is_whole:
        raise Blocked("upload_unfinished")
    if upload.document_id is None:
        arrival = _received(upload, drafted_slot(key, upload.slot))
        with transaction(db.session()) as session:
            finish_upload(session, find_draft(session, key, actor=actor), upload, arrival, actor=actor)
    return {"filename": upload.filename}


def _received(upload: Upload, spec: DocumentSpec) -> Arrival:
    """The whole file, looked at and stored; no connection is held meanwhile."""
    accept, max_mb = file_limits(spec)
    try:
        with whole_file(upload.folder, upload.pieces) as stream:
            return receive_file(stream, upload.filename, upload.media_type, accept=accept, max_mb=max_mb)
    except Invalid:
        _forget(upload)
        raise


@blueprint.post("/dossiers/<key>/uploads/<folder>/discard")
@access(SIGNED_IN)
def discard(key: str, folder: str) -> Response:
    """Give up a file that has not arrived in full."""
    upload = _upload(key, folder)
    _forget(upload)
    return redirect(url_for("applications.documents", key=key, _anchor=upload.slot), 303)


def _forget(upload: Upload) -> None:
    with transaction(db.session()) as session:
        give_up_upload(session, upload)
    discard_pieces(upload.folder)


def _upload(key: str, folder: str) -> Upload:
    session, actor = db.session(), current_actor()
    return find_upload(session, find_draft(session, key, actor=actor), folder, actor=actor)


def _standing(key: str, upload: Upload) -> dict[str, Any]:
    return {
        "received": upload.received,
        "piece": PIECE,
        "address": url_for("applications.upload_standing", key=key, folder=upload.folder),
    }


register_reasons({"upload_unfinished": lazy_gettext("The file has not arrived in full yet.")})

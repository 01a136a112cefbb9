"""Endpoints of documents: uploads for the dossier or for a step, and downloads."""

import hashlib
from io import BytesIO
from typing import Any

from flask import current_app, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from applications.api.facts import document_facts
from applications.contagion import require_harmless
from applications.letterfiles import letter_file
from applications.models import Application
from applications.operations.documents import (
    Arrival,
    add_document,
    add_step_file,
    file_limits,
    receive_file,
    remove_document,
)
from applications.packs.catalogue import pack_of_version
from applications.packs.model import DocumentSpec, FieldSpec
from applications.queries.cases import find_application
from applications.queries.dossier import visible_document, visible_letter
from applications.schemas.documents import DocumentShape, NewDocument
from foundation.access import SIGNED_IN, accepts_files, access, current_actor
from foundation.api import ApiBlueprint, begin_execution, begins_itself, reader_language
from foundation.database import db
from foundation.errors import Invalid
from foundation.storage import content_digest, open_blob

blueprint = ApiBlueprint(
    "api_documents",
    __name__,
    tag="Documents",
    description="Files of a dossier. Each is looked at on arrival and kept under the digest of its content.",
)

DOWNLOAD = {
    "Content-Disposition": {"schema": {"type": "string"}},
    "Content-Digest": {"schema": {"type": "string"}, "description": "SHA-256 of the content (RFC 9530)"},
}


@blueprint.post("/applications/<string:key>/documents")
@access(SIGNED_IN)
@accepts_files
@blueprint.arguments(NewDocument, location="multipart")
@blueprint.response(201, DocumentShape, headers={"Location": {"schema": {"type": "string"}}})
@begins_itself
def create_document(sent: dict[str, Any], key: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Upload a file

    For a demanded document (`slot`), or for a `file` question of a step (`step` and `field`): then the `id` is the
    answer to that question.
    """
    session, actor = db.session(), current_actor()
    question = _question(find_application(session, key, actor=actor), sent)
    session.rollback()  # looking at a file takes time: no connection is held meanwhile
    arrival = _received(sent["file"], question)
    begin_execution()
    application = find_application(session, key, actor=actor)
    if isinstance(question, FieldSpec):
        document = add_step_file(session, application, sent["step"], question, arrival, actor=actor)
    else:
        document = add_document(session, application, question.key, arrival, actor=actor)
    address = url_for("api_documents.read_document", key=key, document_id=document.id)
    return document_facts(document), {"Location": address}


def _question(application: Application, sent: dict[str, Any]) -> FieldSpec | DocumentSpec:
    """What the file answers: a demanded document, or a question of a step."""
    pack = pack_of_version(db.session(), application.version_id)
    if "slot" in sent:
        document = pack.document_by_key.get(sent["slot"])
        if document is None:
            raise Invalid({"slot": ["does_not_exist"]})
        return document
    step = pack.step_by_key.get(sent["step"])
    if step is None:
        raise Invalid({"step": ["does_not_exist"]})
    asked = next((spec for spec in step.asks if spec.key == sent["field"] and spec.type == "file"), None)
    if asked is None:
        raise Invalid({"field": ["does_not_exist"]})
    return asked


def _received(file: FileStorage, question: FieldSpec | DocumentSpec) -> Arrival:
    accept, max_mb = file_limits(question)
    return receive_file(file.stream, file.filename or "", file.mimetype, accept=accept, max_mb=max_mb)  # type: ignore[arg-type]  # a binary stream


@blueprint.get("/applications/<string:key>/documents/<int:document_id>")
@access(SIGNED_IN)
@blueprint.response(
    200, {"type": "string", "format": "binary"}, content_type="application/octet-stream", headers=DOWNLOAD
)
def read_document(key: str, document_id: int) -> Response:
    """Download a file"""
    document = visible_document(db.session(), key, document_id, actor=current_actor())
    require_harmless(document)
    response = send_file(
        open_blob(document.sha256),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=document.filename,
        conditional=False,
        etag=False,
    )
    response.content_length = document.size
    response.headers["Content-Digest"] = content_digest(document.sha256)
    return response


@blueprint.get("/applications/<string:key>/letters/<int:letter_id>")
@access(SIGNED_IN)
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf", headers=DOWNLOAD)
def read_letter(key: str, letter_id: int) -> Response:
    """Download a letter as PDF, in the language of the request"""
    session = db.session()
    letter = visible_letter(session, key, letter_id, actor=current_actor())
    session.rollback()
    content = letter_file(db.engine, letter, reader_language(), site=current_app.config["KHUEVAN"].public_url)
    name = f"{letter.facts.get('code') or letter.facts['key']}-{letter.letter}.pdf"
    response = send_file(BytesIO(content), mimetype="application/pdf", as_attachment=True, download_name=name)
    response.headers["Content-Digest"] = content_digest(hashlib.sha256(content).hexdigest())
    return response


@blueprint.delete("/applications/<string:key>/documents/<int:document_id>")
@access(SIGNED_IN)
@blueprint.response(204)
def delete_document(key: str, document_id: int) -> None:
    """Take a file out of a draft; its record stays in the trail"""
    session, actor = db.session(), current_actor()
    remove_document(session, find_application(session, key, actor=actor), document_id, actor=actor)

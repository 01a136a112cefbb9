"""Endpoints of the messages between the applicant and the unit."""

from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from applications.contagion import require_harmless
from applications.models import Message
from applications.operations.messages import send_message
from applications.packs.catalogue import pack_of_version
from applications.queries.cases import find_application
from applications.queries.messages import files_of_messages, message_page, visible_message_file
from applications.schemas.messages import MessagePage, MessageShape, NewMessage
from applications.visibility import reader_of
from foundation.access import SIGNED_IN, access, current_actor
from foundation.actors import Actor
from foundation.api import ApiBlueprint, PageQuery, page_answer
from foundation.database import db
from foundation.errors import NotAllowed
from foundation.storage import open_blob

blueprint = ApiBlueprint(
    "api_messages",
    __name__,
    tag="Messages",
    description="Messages between the applicant and the unit. Reviewers have no part in them.",
)


@blueprint.get("/applications/<string:key>/messages")
@access(SIGNED_IN)
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, MessagePage, headers={"Link": {"schema": {"type": "string"}}})
def list_messages(asked: dict[str, Any], key: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the messages of a dossier, oldest first"""
    session, actor = db.session(), current_actor()
    application = find_application(session, key, actor=actor)
    pack = pack_of_version(session, application.version_id)
    if reader_of(application, pack.code, actor).is_reviewer:
        raise NotAllowed
    page = message_page(session, application.id, cursor=asked.get("cursor"), size=asked["limit"])
    files = files_of_messages(session, application)
    return page_answer(page, [{**row._mapping, "files": files.get(row.id, [])} for row in page.rows])


@blueprint.get("/applications/<string:key>/messages/files/<int:file_id>")
@access(SIGNED_IN)
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def read_message_file(key: str, file_id: int) -> Response:
    """Download a file that came with a message"""
    file = visible_message_file(db.session(), key, file_id, actor=current_actor())
    require_harmless(file)
    response = send_file(
        open_blob(file.sha256),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=file.filename,
        conditional=False,
        etag=False,
    )
    response.content_length = file.size
    return response


@blueprint.post("/applications/<string:key>/messages")
@access(SIGNED_IN)
@blueprint.arguments(NewMessage)
@blueprint.response(201, MessageShape)
def create_message(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Write to the other side"""
    session, actor = db.session(), current_actor()
    application = find_application(session, key, actor=actor)
    return _message(send_message(session, application, sent["text"], actor=actor), actor)


def _message(message: Message, author: Actor) -> dict[str, Any]:
    same = ("id", "text", "is_from_applicant", "sent_at")
    return {**{name: getattr(message, name) for name in same}, "author": author.name, "files": []}

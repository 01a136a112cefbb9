"""Files of messages: taken with a message, and given to whoever may read it."""

from typing import BinaryIO, cast

from flask import request, send_file
from werkzeug.wrappers import Response

from applications.contagion import require_harmless
from applications.operations.documents import Arrival, receive_file
from applications.operations.messages import KINDS, LARGEST_MB, MOST_FILES
from applications.queries.messages import visible_message_file
from applications.visibility import find_case
from applications.web.blueprint import blueprint
from applications.web.previews import SEALED
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db
from foundation.errors import Invalid, Reason
from foundation.storage import open_blob


def message_files(key: str) -> list[Arrival]:
    """The files that came with a message, checked and stored; no connection is held meanwhile.

    Raises NotFound before anything is stored for somebody else's dossier, Invalid for what is not accepted.
    """
    sent = [file for file in request.files.getlist("files") if file.filename]
    if not sent:
        return []
    if len(sent) > MOST_FILES:
        raise Invalid({"files": [Reason("too_many_files", {"limit": MOST_FILES})]})
    session = db.session()
    find_case(session, key, actor=current_actor())
    session.rollback()
    return [
        receive_file(cast(BinaryIO, file.stream), file.filename or "", file.mimetype, accept=KINDS, max_mb=LARGEST_MB)
        for file in sent
    ]


@blueprint.get("/dossiers/<key>/messages/files/<int:file_id>")
@access(SIGNED_IN)
def message_file(key: str, file_id: int) -> Response:
    """A file of a message, only ever to keep."""
    session = db.session()
    found = visible_message_file(session, key, file_id, actor=current_actor())
    require_harmless(found)
    session.expunge(found)
    session.rollback()
    response = send_file(
        open_blob(found.sha256), mimetype=found.media_type, as_attachment=True, download_name=found.filename
    )
    response.headers["Content-Security-Policy"] = SEALED
    response.headers["Cache-Control"] = "private, no-cache"
    return response

"""Endpoints of the messages between the applicant and the unit."""

from typing import Any

from applications.models import Message
from applications.operations.messages import send_message
from applications.packs.catalogue import pack_of_version
from applications.queries.cases import find_application
from applications.queries.messages import message_page
from applications.schemas.messages import MessagePage, MessageShape, NewMessage
from applications.visibility import reader_of
from foundation.access import SIGNED_IN, access, current_actor
from foundation.actors import Actor
from foundation.api import ApiBlueprint, PageQuery, page_answer
from foundation.database import db
from foundation.errors import NotAllowed

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
    return page_answer(page, [row._mapping for row in page.rows])


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
    return {**{name: getattr(message, name) for name in same}, "author": author.name}

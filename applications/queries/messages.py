"""The messages of one dossier, a page at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.models import Case, Message, MessageFile
from applications.packs.catalogue import pack_of_version
from applications.visibility import find_case, reader_of
from foundation.actors import Actor
from foundation.errors import NotFound
from foundation.paging import Order, Page, page_of_columns

IN_ORDER = Order((Message.id,))


def message_page(session: Session, case_id: int, *, cursor: str | None, size: int) -> Page[Any]:
    """The messages of a case, oldest first, each with its author."""
    columns = (Message.id, Message.text, Message.is_from_applicant, Message.sent_at, Person.full_name.label("author"))
    query: Any = select(*columns).join(Person, Person.id == Message.author_id).where(Message.case_id == case_id)
    return page_of_columns(session, query, IN_ORDER, after=cursor, size=size)


def files_of_messages(session: Session, case: Case) -> Mapping[int, Sequence[MessageFile]]:
    """The files that came with the messages of a case, by message."""
    found: dict[int, list[MessageFile]] = {}
    query = select(MessageFile).where(MessageFile.case_id == case.id).order_by(MessageFile.id)
    for file in session.scalars(query):
        found.setdefault(file.message_id, []).append(file)
    return found


def visible_message_file(session: Session, key: str, file_id: int, *, actor: Actor) -> MessageFile:
    """A file of a message that the actor may read. Raises NotFound; reviewers have no part in messages."""
    case = find_case(session, key, actor=actor)
    reader = reader_of(case, pack_of_version(session, case.version_id).code, actor)
    query = select(MessageFile).where(MessageFile.id == file_id, MessageFile.case_id == case.id)
    file = None if reader.is_reviewer else session.scalar(query)
    if file is None:
        raise NotFound
    return file

"""The messages of one dossier, a page at a time."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.models import Message
from foundation.paging import Order, Page, page_of_columns

IN_ORDER = Order((Message.id,))


def message_page(session: Session, case_id: int, *, cursor: str | None, size: int) -> Page[Any]:
    """The messages of a case, oldest first, each with its author."""
    columns = (Message.id, Message.text, Message.is_from_applicant, Message.sent_at, Person.full_name.label("author"))
    query: Any = select(*columns).join(Person, Person.id == Message.author_id).where(Message.case_id == case_id)
    return page_of_columns(session, query, IN_ORDER, after=cursor, size=size)

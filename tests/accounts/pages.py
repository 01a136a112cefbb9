"""What tests of pages share: reading pages and mails, and counting questions to the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from foundation.mails import MailMessage

PASSWORD = "con trâu đi trước"
"""The password of whoever the fixture ``lan`` makes."""


def text_of(html: str) -> str:
    """What a reader sees, without the markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def secret_in_mail(session: Session, to: str) -> str:
    """The secret in the link of the latest mail to an address."""
    query = select(MailMessage).where(MailMessage.to_address == to).order_by(MailMessage.id.desc()).limit(1)
    return str(session.scalars(query).one().facts["link"]).rsplit("/", 1)[1]


@contextmanager
def counted(connection: Connection) -> Iterator[list[str]]:
    """Collects the statements sent on a connection, savepoints apart."""
    asked: list[str] = []

    def note(*details: object) -> None:
        if not str(details[2]).startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            asked.append(str(details[2]))

    event.listen(connection, "before_cursor_execute", note)
    yield asked
    event.remove(connection, "before_cursor_execute", note)

"""Notices: who is told that something happened; written with it, worded when read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.actors import Actor
from foundation.database import Code, Facts, Instant, Key, Model, now
from foundation.facts import plain
from foundation.jobs import task
from foundation.mails import MailMessage, deliver_later
from foundation.noticekinds import NoticeKind, kind_of, register_notice, registered_notices, require_facts
from foundation.paging import Order, Page, page_of

__all__ = ["Notice", "NoticeKind", "Recipient", "notify", "register_notice", "registered_notices"]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a person's mail goes, and in which language."""

    person_id: int
    email: str
    language: str


MAILED_AT_ONCE = 500
MOST_UNREAD = 100
"""Unread notices are counted up to here."""

AddressBook = Callable[[Session, Sequence[int]], Iterable[Recipient]]
"""Finds the people among some ids to whom mail may be sent."""

_address_books: list[AddressBook] = []


class Notice(Model):
    """One person is told of one thing; unread until ``read_at``."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_person_id", "person_id", "id"),
        Index("ix_notices_unmailed", "id", postgresql_where=text("mailed_at IS NULL")),
        Index("ix_notices_unread", "person_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notices_case_id", "case_id", postgresql_where=text("case_id IS NOT NULL")),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[Code]
    facts: Mapped[Facts]
    link: Mapped[str]
    case_id: Mapped[int | None]
    created_at: Mapped[Instant]
    read_at: Mapped[datetime | None]
    mailed_at: Mapped[datetime | None]

    def in_language(self, session: Session, language: str) -> tuple[str, str]:
        """Subject and body for a reader."""
        return kind_of(self.kind).in_language(session, self.facts, language)


NEWEST_FIRST = Order((Notice.id,), is_descending=True)


def register_address_book(book: AddressBook) -> AddressBook:
    """Decorator: have ``book`` asked where notices are mailed to."""
    _address_books.append(book)
    return book


def notify(
    session: Session,
    people: Iterable[int],
    kind: NoticeKind,
    *,
    facts: Mapping[str, Any],
    link: str,
    case_id: int | None = None,
    exclude: Actor | None = None,
) -> None:
    """Tell people of something in the caller's transaction, on their desk and by mail; never who did it.

    ``link`` is a path of the product.

    Raises:
        ValueError: the wording needs a fact that is not given.
    """
    require_facts(kind, facts)
    told = sorted(set(people) - {exclude.person_id if exclude else None})
    if not told:
        return
    shared = {"kind": kind.key, "facts": plain(facts), "link": link, "case_id": case_id, "created_at": now()}
    rows = [{"person_id": person_id, **shared} for person_id in told]
    session.execute(insert(Notice), rows)


@task("foundation:notice:mail", queue="mail", every="* * * * * */10")
def mail_notices(session: Session) -> None:
    """Write the mails of the notices that have none yet, and have them delivered; many at a time, none twice."""
    while notices := _unmailed(session):
        recipients = _recipients(session, [notice.person_id for notice in notices])
        rows = [_mail_row(notice, recipients[notice.person_id]) for notice in notices if notice.person_id in recipients]
        written = upsert(MailMessage).values(rows).on_conflict_do_nothing().returning(MailMessage.id) if rows else None
        mails = session.scalars(written).all() if written is not None else []
        session.execute(update(Notice).where(Notice.id.in_([row.id for row in notices])).values(mailed_at=now()))
        deliver_later(session, mails)
        session.commit()


def _unmailed(session: Session) -> Sequence[Notice]:
    """The oldest notices without mails; those that another worker has in its hands are left to it."""
    query = select(Notice).where(Notice.mailed_at.is_(None)).order_by(Notice.id).limit(MAILED_AT_ONCE)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def _recipients(session: Session, people: Sequence[int]) -> dict[int, Recipient]:
    return {known.person_id: known for book in _address_books for known in book(session, people)}


def _mail_row(notice: Notice, recipient: Recipient) -> dict[str, Any]:
    return {
        "to_address": recipient.email,
        "language": recipient.language,
        "kind": notice.kind,
        "facts": notice.facts,
        "link": notice.link,
        "notice_id": notice.id,
    }


def notices_of(session: Session, person_id: int, *, after: str | None = None, size: int = 30) -> Page[Notice]:
    """A page of what a person was told, newest first."""
    query = select(Notice).where(Notice.person_id == person_id)
    return page_of(session, query, NEWEST_FIRST, after=after, size=size)


def unread_count(session: Session, person_id: int, *, at_most: int = MOST_UNREAD) -> int:
    """How many notices the person has not read, counted up to ``at_most``."""
    unread = select(Notice.id).where(Notice.person_id == person_id, Notice.read_at.is_(None)).limit(at_most)
    return session.scalar(select(func.count()).select_from(unread.subquery())) or 0


def mark_read(session: Session, person_id: int, notice_ids: Sequence[int] | None = None) -> None:
    """Note that the person has read some of their own notices, or all of them."""
    statement = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    if notice_ids is not None:
        statement = statement.where(Notice.id.in_(notice_ids))
    session.execute(statement.values(read_at=now()))

"""Notices: who is told that something happened; written with it, worded when read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Index, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.actors import Actor
from foundation.database import Code, Facts, Instant, Key, Model, now
from foundation.facts import plain
from foundation.noticechoices import refusing
from foundation.noticekinds import Channel, NoticeKind, kind_of, register_notice, registered_notices, require_facts
from foundation.paging import Order, Page, page_of
from foundation.prepared import prepare

__all__ = ["Notice", "NoticeKind", "Telling", "notify", "notify_each", "register_notice", "registered_notices"]

MOST_UNREAD = 100
"""Unread notices are counted up to here."""


class Notice(Model):
    """One person is told of one thing; unread until ``read_at``.

    ``mailed_at`` is when it was settled how the person is told: by mail, by the next digest, or on the site alone.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_person_id", "person_id", "id"),
        Index("ix_notices_unmailed", "id", postgresql_where=text("mailed_at IS NULL")),
        Index("ix_notices_digest", "person_id", "id", postgresql_where=text("waits_for_digest")),
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
    waits_for_digest: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    def in_language(self, session: Session, language: str) -> tuple[str, str]:
        """Subject and body for a reader."""
        return kind_of(self.kind).in_language(session, self.facts, language)


TELL = prepare(
    text(
        "INSERT INTO notices (person_id, kind, facts, link, case_id, created_at) "
        "SELECT told, :kind, CAST(:facts AS jsonb), :link, CAST(:case_id AS bigint), :at "
        "FROM unnest(CAST(:people AS bigint[])) told"
    )
)
TELL_EACH = prepare(
    text(
        "INSERT INTO notices (person_id, kind, facts, link, case_id, created_at) "
        "SELECT told, :kind, facts, link, case_id, :at FROM jsonb_to_recordset(CAST(:tellings AS jsonb))"
        " AS telling (people bigint[], facts jsonb, link text, case_id bigint), unnest(people) AS told"
    )
)
NEWEST_FIRST = Order((Notice.id,), is_descending=True)


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
    """Tell people of something in the caller's transaction, in the way that they chose; never who did it.

    ``link`` is a path of the product.

    Raises:
        ValueError: the wording needs a fact that is not given.
    """
    require_facts(kind, facts)
    told = willing(session, set(people) - {exclude.person_id if exclude else None}, kind)
    if not told:
        return
    said = orjson.dumps(plain(facts)).decode()
    TELL.run(session, people=told, kind=kind.key, facts=said, link=link, case_id=case_id, at=now())


def willing(session: Session, people: Iterable[int | None], kind: NoticeKind) -> list[int]:
    """Those of these people who want to hear of it, or have to."""
    told = sorted(person for person in people if person is not None)
    if kind.topic is None or Channel.NONE not in kind.topic.channels:
        return told
    unwilling = refusing(session, told, kind.topic.key)
    return [person_id for person_id in told if person_id not in unwilling]


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told of what, among many who are told of things of one kind."""

    people: Iterable[int]
    facts: Mapping[str, Any]
    link: str
    case_id: int | None = None


def notify_each(session: Session, kind: NoticeKind, tellings: Iterable[Telling]) -> None:
    """As :func:`notify`, for many things at once, in two statements.

    Raises:
        ValueError: the wording needs a fact that is not given.
    """
    told = [(telling, sorted(set(telling.people))) for telling in tellings]
    for telling, _ in told:
        require_facts(kind, telling.facts)
    if kind.topic is not None and Channel.NONE in kind.topic.channels:
        unwilling = refusing(session, sorted({person for _, people in told for person in people}), kind.topic.key)
        told = [(telling, [person for person in people if person not in unwilling]) for telling, people in told]
    said = [_said(telling, people) for telling, people in told if people]
    if said:
        TELL_EACH.run(session, kind=kind.key, at=now(), tellings=orjson.dumps(said).decode())


def _said(telling: Telling, people: Sequence[int]) -> dict[str, Any]:
    return {"people": people, "facts": plain(telling.facts), "link": telling.link, "case_id": telling.case_id}


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

"""Notices: what a person is told of, written in the transaction that caused it, worded when it is read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel.speaklater import LazyString
from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.actors import Actor
from foundation.database import Code, Facts, Instant, Key, Model, now

Words = Callable[[Session, Mapping[str, Any], str], tuple[str, str]]
"""Subject and body of a notice from its facts, in a language."""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """What a notice is about, by a key in the past tense.

    Its words are either a translated ``subject`` and ``body`` with ``%(name)s`` for the facts, or come from
    ``words``, for texts that are data themselves.
    """

    key: str
    subject: LazyString | None = None
    body: LazyString | None = None
    words: Words | None = None


KINDS: dict[str, NoticeKind] = {}


class Notice(Model):
    """One notice for one person."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_person_id", "person_id", "id"),
        Index("ix_notices_unread", "person_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notices_case_id", "case_id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[Code]
    facts: Mapped[Facts]
    link: Mapped[str]
    case_id: Mapped[int | None]
    created_at: Mapped[Instant] = mapped_column(default=now)
    read_at: Mapped[datetime | None]


def register_notice(kind: NoticeKind) -> NoticeKind:
    """Make a kind known. Raises ValueError when its key is taken."""
    if kind.key in KINDS:
        raise ValueError(f"notice {kind.key!r} is registered twice")
    KINDS[kind.key] = kind
    return kind


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
    """Tell these people, but never the one who acted, in the caller's transaction."""
    acted = exclude.person_id if exclude else None
    session.add_all(
        Notice(person_id=person, kind=kind.key, facts=dict(facts), link=link, case_id=case_id)
        for person in sorted(set(people))
        if person != acted
    )

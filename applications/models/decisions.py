"""Decisions, the letters that steps cause, and messages on a case."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from applications.models.cases import CaseEvent
from foundation.database import Code, Instant, Key, Model, Words, now


class Decision(Model):
    """What was decided on a case, by whom, under which number; recorded with its signed original."""

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("number", "decided_on"),
        CheckConstraint("outcome IN ('granted', 'refused')", name="outcome"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), unique=True)
    outcome: Mapped[Code]
    number: Mapped[Words]
    decided_on: Mapped[date]
    signatory: Mapped[Words]
    signatory_title: Mapped[Words]
    reasons: Mapped[Words] = mapped_column(default="")
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[Instant] = mapped_column(default=now)


class Letter(Model):
    """A letter that a step caused: its facts are frozen here, the PDF is made when somebody fetches it.

    ``number`` stands on it; by ``code``, which nobody can guess, anybody who holds it can check it.
    """

    __tablename__ = "letters"
    __table_args__ = (Index("ix_letters_case", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("case_events.id"))
    letter: Mapped[Code]
    number: Mapped[Words]
    code: Mapped[Code] = mapped_column(unique=True)
    template: Mapped[Code]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[Instant] = mapped_column(default=now)

    event: Mapped[CaseEvent] = relationship(lazy="raise")


class LetterFile(Model):
    """The PDF of a letter in one language, as it was first fetched and stays: its digest names the stored file.

    ``address`` is the page for checking that stands on it.
    """

    __tablename__ = "letter_files"
    __table_args__ = (
        UniqueConstraint("letter_id", "language"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    )

    id: Mapped[Key]
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"))
    language: Mapped[Code]
    sha256: Mapped[Code] = mapped_column(index=True)
    size: Mapped[int]
    address: Mapped[Words]
    rendered_at: Mapped[Instant] = mapped_column(default=now)


class MessageFile(Model):
    """A file that came with a message; the bytes stand once in the store under their digest."""

    __tablename__ = "message_files"
    __table_args__ = (
        Index("ix_message_files_case", "case_id", "message_id"),
        Index("ix_message_files_sha256", "sha256"),
    )

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    filename: Mapped[Words]
    media_type: Mapped[Code]
    scanned_at: Mapped[datetime | None]
    infection: Mapped[str | None]


class Message(Model):
    """A message on a case, between the applicant and the unit."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_case", "case_id", "id"),
        CheckConstraint("length(text) BETWEEN 1 AND 5000", name="length"),
    )

    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    is_from_applicant: Mapped[bool]
    text: Mapped[Words]
    sent_at: Mapped[Instant] = mapped_column(default=now)

"""Long lists that somebody asked for as a file, and what became of each."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Model, now

WAITING, WRITING, READY, CANCELLED, FAILED, EXPIRED = "waiting", "writing", "ready", "cancelled", "failed", "expired"
STATUSES = (WAITING, WRITING, READY, CANCELLED, FAILED, EXPIRED)
UNDER_WAY = (WAITING, WRITING)


class ListExport(Model):
    """A list as a file for one person, in one language. Its id comes with the form, so that a form sent twice is one.

    ``kind`` names the list; ``asked`` are its filters as the address names them. ``total`` is known when the list was
    measured or is written; ``progress`` counts the rows written. A file that is ready has its name in the store, its
    size, and the scopes in which it was read.
    """

    __tablename__ = "list_exports"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("extension IN ('csv', 'xlsx')", name="extension"),
        CheckConstraint("(status = 'ready') = (file IS NOT NULL)", name="file"),
        Index("ix_list_exports_person", "person_id", "asked_at"),
        Index("ix_list_exports_file", "file", unique=True, postgresql_where=text("file IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[Code]
    extension: Mapped[Code]
    language: Mapped[Code]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[Code] = mapped_column(default=WAITING)
    total: Mapped[int | None]
    progress: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    scopes: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    file: Mapped[str | None]
    size: Mapped[int | None]
    asked_at: Mapped[Instant] = mapped_column(default=now)
    done_at: Mapped[datetime | None]
    keep_until: Mapped[datetime | None]

"""Decision files that are too large to be made while somebody waits, and how far each is."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Key, Model, now

WAITING, WRITING, READY, FAILED = "waiting", "writing", "ready", "failed"
STATUSES = (WAITING, WRITING, READY, FAILED)
UNDER_WAY = (WAITING, WRITING)


class DecisionFile(Model):
    """A file for one person in one language; ``progress`` of ``total`` documents are attached so far."""

    __tablename__ = "decision_files"
    __table_args__ = (
        CheckConstraint(f"status IN {STATUSES}", name="status"),
        CheckConstraint("(status = 'ready') = (file IS NOT NULL)", name="file"),
        Index("ix_decision_files_deal", "deal_id", "person_id", "id"),
    )

    id: Mapped[Key]
    deal_id: Mapped[int] = mapped_column(ForeignKey("deals.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    language: Mapped[Code]
    status: Mapped[Code] = mapped_column(default=WAITING)
    total: Mapped[int] = mapped_column(default=0)
    progress: Mapped[int] = mapped_column(default=0)
    file: Mapped[str | None]
    size: Mapped[int | None]
    asked_at: Mapped[Instant] = mapped_column(default=now)
    done_at: Mapped[datetime | None]

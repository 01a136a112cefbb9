"""Batches: one step tried and made on many dossiers by one press, each with what became of it."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from foundation.database import Code, Instant, Model, now

UNTRIED, POSSIBLE, IMPOSSIBLE = "untried", "possible", "impossible"
"""On trial: not tried yet, can be made, cannot."""
WAITING, MADE, REFUSED = "waiting", "made", "refused"
LEFT = "left"
"""Left as it was, because the batch was cancelled before its turn."""
OUTCOMES = (UNTRIED, POSSIBLE, IMPOSSIBLE, WAITING, MADE, REFUSED, LEFT)


class Batch(Model):
    """What one person asked for at once. Its id comes with the form, so that a form sent twice is one batch."""

    __tablename__ = "batches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    step: Mapped[Code]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    asked_at: Mapped[Instant] = mapped_column(default=now)


class BatchItem(Model):
    """One dossier of a batch, as it stood when it was looked at; ``reasons`` say why not: ``{code, facts}`` each."""

    __tablename__ = "batch_items"
    __table_args__ = (CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True, autoincrement=False)
    place: Mapped[int]
    revision: Mapped[int]
    outcome: Mapped[Code] = mapped_column(default=WAITING)
    reasons: Mapped[list[Any]] = mapped_column(JSONB, default=list)

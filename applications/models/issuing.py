"""Rounds of issuing: decisions that one person issues together, each with what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Instant, Key, Model, now

OUTCOMES = ("waiting", "issued", "refused")


class IssuingRound(Model):
    """Several decisions issued together by one person."""

    __tablename__ = "issuing_rounds"
    __table_args__ = (Index("ix_issuing_rounds_person", "person_id", "id"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[Instant] = mapped_column(default=now)

    items: Mapped[list["IssuingItem"]] = relationship(order_by="IssuingItem.place", lazy="raise", cascade="all")


class IssuingItem(Model):
    """One decision of a round: the step to be made with its answers, on the dossier as it stood, and the outcome.

    ``reasons`` say why it was refused: ``{code, facts, field}`` each.
    """

    __tablename__ = "issuing_items"
    __table_args__ = (
        UniqueConstraint("round_id", "place"),
        UniqueConstraint("round_id", "case_id"),
        CheckConstraint(f"outcome IN {OUTCOMES}", name="outcome"),
        CheckConstraint("(outcome = 'waiting') = (done_at IS NULL)", name="done"),
        CheckConstraint("(outcome = 'issued') = (event_id IS NOT NULL)", name="issued"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("issuing_rounds.id"))
    place: Mapped[int]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    revision: Mapped[int]
    step: Mapped[Code]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    outcome: Mapped[Code] = mapped_column(default="waiting")
    reasons: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("case_events.id"))
    done_at: Mapped[datetime | None]

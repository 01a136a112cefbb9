"""A plan that somebody brought for a park: its rows as they were read, and whether they were taken over."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Instant, Key, Model, Words, now
from parks.models.parks import Park


class SpacePlan(Model):
    """Rows that were found sound when they came; they are checked again when they are taken over."""

    __tablename__ = "space_plans"
    __table_args__ = (Index("ix_space_plans_park_id", "park_id", "id"),)

    id: Mapped[Key]
    park_id: Mapped[int] = mapped_column(ForeignKey("parks.id"))
    filename: Mapped[Words]
    rows: Mapped[list[Any]] = mapped_column(JSONB)
    made_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    applied_at: Mapped[datetime | None]

    park: Mapped[Park] = relationship(lazy="raise")

"""Spaces merged into one, or one split into several: what closed, what opened in its place, why."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Instant, Key, Model, Words, append_only, now
from parks.models.spaces import Space


@append_only
class SpaceChange(Model):
    """A merge or a split that holds from a day on."""

    __tablename__ = "space_changes"
    __table_args__ = (
        CheckConstraint("kind IN ('merge', 'split')", name="kind"),
        Index("ix_space_changes_park_id", "park_id", "id"),
    )

    id: Mapped[Key]
    park_id: Mapped[int] = mapped_column(ForeignKey("parks.id"))
    kind: Mapped[Code]
    holds_from: Mapped[date]
    reason: Mapped[Words]
    made_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)

    parts: Mapped[list["SpaceChangePart"]] = relationship(lazy="raise", order_by="SpaceChangePart.space_id")


@append_only
class SpaceChangePart(Model):
    """A space that a change closed (``is_before``) or opened."""

    __tablename__ = "space_change_parts"

    change_id: Mapped[int] = mapped_column(ForeignKey("space_changes.id"), primary_key=True, autoincrement=False)
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), primary_key=True, autoincrement=False, index=True)
    is_before: Mapped[bool]

    space: Mapped[Space] = relationship(lazy="raise")

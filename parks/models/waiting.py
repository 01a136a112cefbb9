"""Who waits for a space that somebody else has: in order of coming, each with what they want of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, select, text
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from foundation.database import Instant, Key, Model, Words, now
from parks.models.parks import SquareMetres
from parks.models.spaces import Space


class SpaceWaiter(Model):
    """Somebody in the queue of a space until ``left_at``; ``allocation_id`` is the hold that the queue gave them."""

    __tablename__ = "space_waiters"
    __table_args__ = (
        CheckConstraint("area_m2 > 0", name="area"),
        CheckConstraint("NOT (isempty(period) OR lower_inf(period) OR upper_inf(period))", name="period"),
        CheckConstraint("allocation_id IS NULL OR left_at IS NOT NULL", name="served"),
        Index("ix_space_waiters_queue", "space_id", "id", postgresql_where=text("left_at IS NULL")),
    )

    id: Mapped[Key]
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    period: Mapped[Range[date]] = mapped_column(DATERANGE)
    area_m2: Mapped[SquareMetres | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    admission_id: Mapped[int | None] = mapped_column(ForeignKey("park_admissions.id"), index=True)
    holder: Mapped[Words]
    since: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    left_at: Mapped[datetime | None]
    allocation_id: Mapped[int | None] = mapped_column(ForeignKey("space_allocations.id"), unique=True)

    space: Mapped[Space] = relationship(lazy="raise")


def queue_of(session: Session, space: Space) -> list[SpaceWaiter]:
    """Who waits for a space, the longest first."""
    waiting = select(SpaceWaiter).where(SpaceWaiter.space_id == space.id, SpaceWaiter.left_at.is_(None))
    return list(session.scalars(waiting.order_by(SpaceWaiter.id)))

"""Who has which space, or how much of it, from when to when: on hold, reserved or let."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ColumnElement, Computed, ForeignKey, Index, and_, func, or_, text
from sqlalchemy.dialects.postgresql import DATERANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Instant, Key, Model, Vnd, Words, now
from parks.models.parks import SquareMetres
from parks.models.spaces import Space

KINDS = ("hold", "reservation", "lease")
RELEASES = ("lapsed", "withdrawn", "refused", "ended")


class SpaceAllocation(Model):
    """An area of a space for a period; a hold or reservation counts until ``expires_at``, a lease to its last day.

    What is released stays on record and never counts again. ``is_whole`` is written by the database, and so is
    ``released_at`` of what lapsed when somebody else comes to the space.
    """

    __tablename__ = "space_allocations"
    __table_args__ = (
        CheckConstraint("kind IN ('hold', 'reservation', 'lease')", name="kind"),
        CheckConstraint("(kind = 'lease') = (expires_at IS NULL)", name="expiry"),
        CheckConstraint("kind <> 'reservation' OR deposit_vnd > 0", name="deposit"),
        CheckConstraint("area_m2 > 0", name="area"),
        CheckConstraint("NOT (isempty(period) OR lower_inf(period) OR upper_inf(period))", name="period"),
        CheckConstraint("release_reason IN ('lapsed', 'withdrawn', 'refused', 'ended')", name="release_reason"),
        CheckConstraint("(released_at IS NULL) = (release_reason IS NULL)", name="release"),
        Index("ix_space_allocations_live", "space_id", postgresql_where=text("released_at IS NULL")),
        Index("ix_space_allocations_expiry", "expires_at", postgresql_where=text("released_at IS NULL")),
        Index(
            "ix_space_allocations_untold",
            "id",
            postgresql_where=text("release_reason = 'lapsed' AND told_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    key: Mapped[Code] = mapped_column(
        Computed("'GC-'::text || lpad(id::text, greatest(6, length(id::text)), '0'::text)", persisted=True), unique=True
    )
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"), index=True)
    kind: Mapped[Code]
    period: Mapped[Range[date]] = mapped_column(DATERANGE)
    area_m2: Mapped[SquareMetres]
    is_whole: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    admission_id: Mapped[int | None] = mapped_column(ForeignKey("park_admissions.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("allocation_rounds.id"), index=True)
    holder: Mapped[Words]
    deposit_vnd: Mapped[Vnd | None]
    expires_at: Mapped[datetime | None]
    made_at: Mapped[Instant] = mapped_column(default=now)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="RESTRICT"), index=True)
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str | None]
    told_at: Mapped[datetime | None]

    space: Mapped[Space] = relationship(lazy="raise")


SpaceAllocation.__table__.append_constraint(  # type: ignore[attr-defined]  # a Table, declared as FromClause
    ExcludeConstraint(
        (func.int8range(SpaceAllocation.space_id, SpaceAllocation.space_id, text("'[]'")), "&&"),
        (SpaceAllocation.period, "&&"),
        where=text("released_at IS NULL AND is_whole"),
        name="ex_space_allocations_whole",
        using="gist",
    )
)


def is_live(at: datetime) -> ColumnElement[bool]:
    """What counts of all that was ever given."""
    lapses = SpaceAllocation.expires_at
    return and_(SpaceAllocation.released_at.is_(None), or_(lapses.is_(None), lapses > at))

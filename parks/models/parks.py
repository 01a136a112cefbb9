"""A park, those who operate it, and the areas that were announced for it, each with its day and source."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from sqlalchemy import CheckConstraint, Double, ForeignKey, Index, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Facts, Instant, Key, Model, append_only, now

OPERATOR_KINDS = ("public_board", "private_owner", "company")
KNOWN_KINDS = ", ".join(f"'{kind}'" for kind in OPERATOR_KINDS)

SquareMetres = Annotated[Decimal, mapped_column(Numeric(14, 2))]
"""Areas to the square decimetre, up to a million hectares."""

Degrees = Annotated[float | None, mapped_column(Double)]
"""A side of the box, in WGS 84, around what is drawn."""

Shape = Annotated[dict[str, Any] | None, mapped_column(JSONB(none_as_null=True))]
"""A Polygon or MultiPolygon of GeoJSON."""


class ParkOperator(Model):
    """A management board, an infrastructure owner or a company; its tenants, prices and access are its own.

    How long it holds a space for somebody without, and how long with a deposit, is its own rule too.
    """

    __tablename__ = "park_operators"
    __table_args__ = (
        CheckConstraint(f"kind IN ({KNOWN_KINDS})", name="kind"),
        CheckConstraint("hold_working_days > 0 AND reservation_days > 0", name="terms"),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Facts]
    kind: Mapped[Code]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    hold_working_days: Mapped[int] = mapped_column(default=10, server_default="10")
    reservation_days: Mapped[int] = mapped_column(default=30, server_default="30")
    is_demonstration: Mapped[bool] = mapped_column(default=False)


class Park(Model):
    """A park; ``operator`` runs all its spaces that name no other.

    From ``admission_from`` on a place is given only to who was admitted; without a day the operator is free.
    """

    __tablename__ = "parks"
    __table_args__ = (
        CheckConstraint("gross_m2 > 0", name="gross"),
        CheckConstraint("leasable_m2 > 0 AND leasable_m2 <= gross_m2", name="leasable"),
        CheckConstraint("num_nulls(geometry, west, south, east, north) IN (0, 5)", name="drawn"),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Facts]
    place: Mapped[Facts]
    operator_id: Mapped[int] = mapped_column(ForeignKey("park_operators.id"), index=True)
    gross_m2: Mapped[SquareMetres]
    leasable_m2: Mapped[SquareMetres | None]
    geometry: Mapped[Shape]
    west: Mapped[Degrees]
    south: Mapped[Degrees]
    east: Mapped[Degrees]
    north: Mapped[Degrees]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    admission_from: Mapped[date | None]
    created_at: Mapped[Instant] = mapped_column(default=now)

    operator: Mapped[ParkOperator] = relationship(lazy="raise")
    announced: Mapped[list["AnnouncedArea"]] = relationship(lazy="raise", order_by="AnnouncedArea.announced_on")


@append_only
class AnnouncedArea(Model):
    """An area as somebody announced it on a day; announcements differ, and none replaces another."""

    __tablename__ = "park_announced_areas"
    __table_args__ = (
        CheckConstraint("area_m2 > 0", name="area"),
        Index("ix_park_announced_areas_park_id", "park_id", "announced_on"),
    )

    id: Mapped[Key]
    park_id: Mapped[int] = mapped_column(ForeignKey("parks.id"))
    announced_on: Mapped[date]
    area_m2: Mapped[SquareMetres]
    what: Mapped[Facts]
    source: Mapped[str]
    url: Mapped[str | None]

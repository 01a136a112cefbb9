"""The tree of a park: zone, plot, building, floor, unit, desk; each may be drawn, let, or both."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, FetchedValue, ForeignKey, Index, Numeric, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from foundation.database import Code, Instant, Key, Model, now
from parks.models.parks import Degrees, Park, ParkOperator, Shape, SquareMetres

KINDS = ("zone", "plot", "building", "floor", "unit", "desk")
USES = ("research", "production", "incubator", "training", "service", "housing", "technical", "green")
TENURES = ("land_lease", "sublease", "office_lease", "licence")
CONDITIONS = ("planned", "ready", "refurbishing", "blocked")


def _known(column: str, codes: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


class Space(Model):
    """A part of a park, which exists from ``opened_on`` until ``closed_on`` (the day after its last).

    It is let only where ``usable_m2`` says how much of it can be, and nothing above or below it is let as well;
    a divisible one by parts. ``path`` holds the ids from the top down; ``claims`` is the lock of what is let.
    """

    __tablename__ = "spaces"
    __table_args__ = (
        CheckConstraint(_known("kind", KINDS), name="kind"),
        CheckConstraint(_known("use", USES), name="use"),
        CheckConstraint(_known("tenure", TENURES), name="tenure"),
        CheckConstraint(_known("condition", CONDITIONS), name="condition"),
        CheckConstraint("code <> ''", name="code"),
        CheckConstraint("least(gross_m2, leasable_m2, gfa_m2, net_m2, usable_m2) > 0", name="areas"),
        CheckConstraint("usable_m2 IS NOT NULL OR NOT is_divisible", name="divisible"),
        CheckConstraint("kind = 'zone' OR parent_id IS NOT NULL", name="parent"),
        CheckConstraint("closed_on > opened_on", name="life"),
        CheckConstraint("least(power_kw, water_m3_day, floor_load_kg_m2) >= 0", name="supplies"),
        CheckConstraint("num_nulls(geometry, west, south, east, north) IN (0, 5)", name="drawn"),
        Index("ix_spaces_in_park", "park_id", "code"),
        Index("ix_spaces_lettable", "park_id", "code", postgresql_where=text("usable_m2 IS NOT NULL")),
        Index("ix_spaces_path", "path", postgresql_ops={"path": "text_pattern_ops"}),
        # each claim changes its space's row: with room on the page no index has to follow
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: Mapped[Key]
    park_id: Mapped[int] = mapped_column(ForeignKey("parks.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("spaces.id"), index=True)
    path: Mapped[str] = mapped_column(server_default=FetchedValue())
    code: Mapped[Code] = mapped_column(unique=True)
    kind: Mapped[Code]
    name: Mapped[str]
    level: Mapped[int | None]
    use: Mapped[Code]
    tenure: Mapped[str | None]
    operator_id: Mapped[int] = mapped_column(ForeignKey("park_operators.id"), index=True)
    gross_m2: Mapped[SquareMetres | None]
    leasable_m2: Mapped[SquareMetres | None]
    gfa_m2: Mapped[SquareMetres | None]
    net_m2: Mapped[SquareMetres | None]
    usable_m2: Mapped[SquareMetres | None]
    is_divisible: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    condition: Mapped[Code] = mapped_column(default="ready", server_default="ready")
    power_kw: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    water_m3_day: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    floor_load_kg_m2: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    geometry: Mapped[Shape]
    west: Mapped[Degrees]
    south: Mapped[Degrees]
    east: Mapped[Degrees]
    north: Mapped[Degrees]
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    claims: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[Instant] = mapped_column(default=now)

    park: Mapped[Park] = relationship(lazy="raise")
    operator: Mapped[ParkOperator] = relationship(lazy="raise")
    parent: Mapped["Space | None"] = relationship(lazy="raise", remote_side="Space.id")


Index(
    "ix_spaces_box",
    func.box(func.point(Space.west, Space.south), func.point(Space.east, Space.north)),
    postgresql_using="gist",
)

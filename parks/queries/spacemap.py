"""Spaces for drawing: what lies in a part of the map, and what stands in a building, floor by floor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from parks.models import Park, Space
from parks.models.spaces import KINDS
from parks.outlines import Box
from parks.queries.spaces import Moment, spaces_as_they_stand

MOST_DRAWN = 5_000


@dataclass(frozen=True, slots=True)
class View:
    """A part of the map, the kinds of space that it shows, and of units the floor."""

    box: Box
    kinds: tuple[str, ...]
    level: int = 1


def drawn_spaces(session: Session, park: Park, view: View, moment: Moment) -> list[Any]:
    """Rows with outline of the spaces in view, the largest kinds first; no more than :data:`MOST_DRAWN`."""
    rows = spaces_as_they_stand(moment, with_outlines=True).where(
        Space.park_id == park.id,
        Space.kind.in_(view.kinds),
        Space.geometry.is_not(None),
        func.box(func.point(Space.west, Space.south), func.point(Space.east, Space.north)).op("&&")(
            func.box(func.point(*view.box[:2]), func.point(*view.box[2:]))
        ),
    )
    if "unit" in view.kinds or "desk" in view.kinds:
        rows = rows.where(Space.kind.not_in(("unit", "desk")) | (Space.level == view.level) | Space.level.is_(None))
    rank = func.array_position(list(KINDS), Space.kind)
    return list(session.execute(rows.order_by(rank, Space.code).limit(MOST_DRAWN)))


@dataclass(frozen=True, slots=True)
class Storey:
    """A floor of a building with its units, each with the desks inside it."""

    floor: Any
    units: Sequence[tuple[Any, Sequence[Any]]]


def storeys_of(session: Session, building: Space, moment: Moment) -> list[Storey]:
    """The floors of a building from the top down, each with its units by code."""
    rows = list(
        session.execute(spaces_as_they_stand(moment).where(Space.path.startswith(building.path)).order_by(Space.code))
    )
    below: dict[int | None, list[Any]] = {}
    for row in rows:
        below.setdefault(row.Space.parent_id, []).append(row)
    floors = [row for row in rows if row.Space.kind == "floor"]
    floors.sort(key=lambda row: (row.Space.level or 0, row.Space.code), reverse=True)
    return [
        Storey(floor, [(unit, below.get(unit.Space.id, ())) for unit in below.get(floor.Space.id, ())])
        for floor in floors
    ]


def parts_of(session: Session, space: Space, moment: Moment) -> list[Any]:
    """What a space directly holds, as it stands, by code."""
    return list(session.execute(spaces_as_they_stand(moment).where(Space.parent_id == space.id).order_by(Space.code)))


def way_down_to(session: Session, space: Space) -> list[Space]:
    """What the space stands in, from the zone down."""
    ids = [int(part) for part in space.path.strip("/").split("/")][:-1]
    found = {one.id: one for one in session.scalars(select(Space).where(Space.id.in_(ids)))} if ids else {}
    return [found[key] for key in ids]

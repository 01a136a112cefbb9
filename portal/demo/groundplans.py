"""Ground plans of the demonstration: outlines in metres around a centre, turned and laid onto the map."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, radians, sin, sqrt
from typing import Any

from parks.operations.spaces import StatedSpace

METRES_PER_DEGREE = 111_320
Box = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a plan lies: its centre in degrees, and by how many degrees it is turned."""

    centre: Point
    turn: float

    def outline(self, points: Sequence[Point]) -> dict[str, Any]:
        """A Polygon of GeoJSON."""
        ring = [self._laid(point) for point in (*points, points[0])]
        return {"type": "Polygon", "coordinates": [ring]}

    def rectangle(self, box: Box) -> dict[str, Any]:
        west, south, east, north = box
        return self.outline([(west, south), (east, south), (east, north), (west, north)])

    def _laid(self, point: Point) -> list[float]:
        turn, (x, y), (longitude, latitude) = radians(self.turn), point, self.centre
        east, north = x * cos(turn) - y * sin(turn), x * sin(turn) + y * cos(turn)
        width = METRES_PER_DEGREE * cos(radians(latitude))
        return [round(longitude + east / width, 7), round(latitude + north / METRES_PER_DEGREE, 7)]


def scaled(points: Sequence[Point], area: float) -> list[Point]:
    """The same outline, as large as is said."""
    sides = zip(points, [*points[1:], points[0]], strict=True)
    drawn = abs(sum(x * v - u * y for (x, y), (u, v) in sides)) / 2
    factor = sqrt(area / drawn)
    return [(x * factor, y * factor) for x, y in points]


def area_of(box: Box) -> Decimal:
    return Decimal(round((box[2] - box[0]) * (box[3] - box[1])))


def cells(box: Box, columns: int, rows: int, *, gap: float) -> Iterator[Box]:
    """The cells of a grid in a box, from the northwest, with streets between and around them."""
    west, south, east, north = box
    width, height = (east - west) / columns, (north - south) / rows
    for row in range(rows):
        for column in range(columns):
            left, top = west + column * width, north - row * height
            yield left + gap, top - height + gap, left + width - gap, top - gap


def spaces_of(park: str, zone: dict[str, Any], ground: Ground) -> Iterator[StatedSpace]:
    """A zone, its plots, and on some of them buildings with all that is in them."""
    box, code = tuple(zone["at"]), f"{park}-{zone['code']}"
    yield StatedSpace(
        code,
        "zone",
        name=zone["name"],
        use=zone["use"],
        tenure=zone["tenure"],
        gross_m2=area_of(box),
        geometry=ground.rectangle(box),
    )
    columns, rows = zone["plots"]
    gap = 0.02 * (box[2] - box[0]) / columns
    for number, plot in enumerate(cells(box, columns, rows, gap=gap), start=1):
        size = zone.get("halls", {}).get(number)
        yield _plot(zone, f"{code}{number:02d}", code, plot, ground=ground, is_let=size is None)
        if size:
            yield from _building(f"{code}{number:02d}-N", f"{code}{number:02d}", plot, ground, (size, zone))


def _plot(zone: dict[str, Any], code: str, parent: str, box: Box, *, ground: Ground, is_let: bool) -> StatedSpace:
    area = area_of(box)
    return StatedSpace(
        code,
        "plot",
        parent,
        name=f"Lô {code.split('-', 1)[1]}",
        tenure=zone["tenure"],
        gross_m2=area,
        leasable_m2=area,
        usable_m2=area if is_let else None,
        is_divisible=is_let and bool(zone.get("divisible")),
        condition="planned" if zone.get("planned") else "ready",
        power_kw=area / 20,
        water_m3_day=area / 200,
        geometry=ground.rectangle(box),
    )


def _building(
    code: str, plot: str, box: Box, ground: Ground, plan: tuple[Sequence[int], dict[str, Any]]
) -> Iterator[StatedSpace]:
    (floors, units), zone = plan
    (foot,) = cells(box, 1, 1, gap=min(box[2] - box[0], box[3] - box[1]) * 0.25)
    if foot[2] - foot[0] > 120:
        foot = (foot[0], foot[1], foot[0] + 120, min(foot[3], foot[1] + 60))
    area, outline = area_of(foot), ground.rectangle(foot)
    yield StatedSpace(code, "building", plot, name=f"Nhà {code[:-2]}", gfa_m2=area * floors, geometry=outline)
    for level in range(1, floors + 1):
        floor = f"{code}{level}"
        yield StatedSpace(floor, "floor", code, name=f"Tầng {level}", level=level, gfa_m2=area, geometry=outline)
        for number, unit in enumerate(cells(foot, units // 2, 2, gap=0.5), start=1):
            yield from _unit(f"{floor}{number:02d}", floor, unit, ground, (level, level in zone.get("desks", ())))


def _unit(code: str, floor: str, box: Box, ground: Ground, kind: tuple[int, bool]) -> Iterator[StatedSpace]:
    (level, has_desks), area = kind, area_of(box)
    yield StatedSpace(
        code,
        "unit",
        floor,
        name=f"Phòng {code.rsplit('-N', 1)[1]}",
        level=level,
        tenure="licence" if has_desks else "office_lease",
        net_m2=area,
        usable_m2=None if has_desks else area,
        power_kw=area / 10,
        floor_load_kg_m2=Decimal(750 if level == 1 else 400),
        geometry=ground.rectangle(box),
    )
    if has_desks:
        for number, desk in enumerate(cells(box, 2, 2, gap=0.3), start=1):
            yield StatedSpace(
                f"{code}-{number}",
                "desk",
                code,
                name=f"Bàn {number}",
                level=level,
                tenure="licence",
                net_m2=area_of(desk),
                usable_m2=area_of(desk),
                geometry=ground.rectangle(desk),
            )

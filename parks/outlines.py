"""Outlines as GeoJSON writes them: the box around one, without any library."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Box = tuple[float, float, float, float]
"""West, south, east and north, in degrees of WGS 84."""


def box_of(geometry: Mapping[str, Any]) -> Box:
    """The box around a Polygon or MultiPolygon."""
    points = list(_points(geometry["coordinates"]))
    easts, norths = [point[0] for point in points], [point[1] for point in points]
    return min(easts), min(norths), max(easts), max(norths)


def _points(nested: Any) -> Iterator[Any]:
    if isinstance(nested[0], int | float):
        yield nested
        return
    for part in nested:
        yield from _points(part)


def joined(geometries: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """One outline around several."""
    from shapely.geometry import mapping, shape  # noqa: PLC0415 - takes 30 MB, which few requests ever need
    from shapely.ops import unary_union  # noqa: PLC0415 - the same

    whole: Mapping[str, Any] = mapping(unary_union([shape(dict(geometry)) for geometry in geometries]))
    return whole

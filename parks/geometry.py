"""Outlines measured and compared: what is no outline, reaches out of its parent, or lies on its neighbour.

Imported only where outlines are checked: the library takes 30 MB.
"""

from collections.abc import Mapping, Sequence
from math import cos, radians
from typing import Any

from shapely import STRtree, make_valid
from shapely.affinity import scale
from shapely.errors import GEOSException
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

METRES_PER_DEGREE = 111_320.0
SLACK_M2, SLACK_SHARE = 1.0, 0.001
"""What two outlines may share, or one reach out, by the way it was drawn: a square metre, or a thousandth."""


class NoOutline(ValueError):  # noqa: N818 - what was sent, not what went wrong here
    """Not a sound outline; ``why`` says what the library found, and is empty where it cannot be read at all."""

    def __init__(self, why: str = "") -> None:
        self.why = why
        super().__init__(why)


def read_outline(geometry: Mapping[str, Any]) -> BaseGeometry:
    """The outline in metres, flattened at its own latitude's scale near Hanoi. Raises NoOutline."""
    try:
        outline = shape(dict(geometry))
    except (GEOSException, ValueError, TypeError, AttributeError, KeyError, IndexError) as fault:
        raise NoOutline from fault
    if outline.is_empty or not _is_on_earth(outline):
        raise NoOutline
    if not outline.is_valid:
        raise NoOutline(explain_validity(outline))
    return flattened(outline)


def _is_on_earth(outline: BaseGeometry) -> bool:
    west, south, east, north = outline.bounds
    return bool(-180 <= west <= east <= 180 and -90 < south <= north < 90)


def flattened(outline: BaseGeometry) -> BaseGeometry:
    """Degrees as metres around the zero meridian, at the scale of Hanoi's latitude, one for all outlines."""
    width = METRES_PER_DEGREE * cos(radians(21.0))
    flat: BaseGeometry = scale(outline, xfact=width, yfact=METRES_PER_DEGREE, origin=(0, 0))
    return flat


def reaches_out(inner: BaseGeometry, outer: BaseGeometry) -> bool:
    return _is_more_than_slack(make_valid(inner).difference(outer).area, inner)


def overlaps(outlines: Sequence[BaseGeometry]) -> list[tuple[int, int]]:
    """Pairs, by place in the list, that share more than a line."""
    tree = STRtree(list(outlines))
    pairs = []
    for first, outline in enumerate(outlines):
        for second in tree.query(outline):
            other = int(second)
            if other > first and _is_more_than_slack(outline.intersection(outlines[other]).area, outline):
                pairs.append((first, other))
    return pairs


def _is_more_than_slack(area: float, outline: BaseGeometry) -> bool:
    return area > max(SLACK_M2, SLACK_SHARE * float(outline.area))

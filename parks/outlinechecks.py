"""The outlines of a plan: sound, inside their parents, beside their siblings, as large as stated.

Imported only where outlines are checked, for the library beneath it takes 30 MB.
"""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal

from shapely.geometry.base import BaseGeometry

from foundation.errors import Reason
from parks.geometry import NoOutline, overlaps, reaches_out, read_outline
from parks.planchecks import DRAWN_MEASURE, DRAWN_TOLERANCE, Ground, Node

Outlines = dict[str, BaseGeometry]


def check_outlines(nodes: Mapping[str, Node], ground: Ground) -> None:
    """Blame the rows of the plan for what is wrong with what they draw."""
    outlines = _read_all(nodes)
    park = read_outline(ground.geometry) if ground.geometry is not None else None
    for code, outline in outlines.items():
        node = nodes[code]
        if node.row is None:
            continue
        outer = outlines.get(node.parent) if node.parent else park
        if outer is not None and reaches_out(outline, outer):
            node.row.blame("geometry", Reason("outline_outside", {"parent": node.parent or ground.code}))
        _compare_area(node, outline)
    _check_siblings(nodes, outlines)


def _read_all(nodes: Mapping[str, Node]) -> Outlines:
    outlines: Outlines = {}
    for code, node in nodes.items():
        if node.geometry is None:
            continue
        try:
            outlines[code] = read_outline(node.geometry)
        except NoOutline as fault:
            if node.row is not None:
                reason = Reason("outline_unsound", {"why": fault.why}) if fault.why else "outline_not_polygon"
                node.row.blame("geometry", reason)
    return outlines


def _compare_area(node: Node, outline: BaseGeometry) -> None:
    stated = node.values.get(DRAWN_MEASURE.get(node.values.get("kind", ""), ""))
    drawn = Decimal(round(outline.area))
    if node.row is not None and stated is not None and abs(drawn - stated) > DRAWN_TOLERANCE * stated:
        facts = {"drawn_m2": str(drawn), "stated_m2": str(stated)}
        node.row.blame("geometry", Reason("outline_area", facts))


def _check_siblings(nodes: Mapping[str, Node], outlines: Outlines) -> None:
    """Floors lie above one another and are left out."""
    groups: dict[str | None, list[str]] = defaultdict(list)
    for code in outlines:
        if nodes[code].values.get("kind") != "floor":
            groups[nodes[code].parent].append(code)
    for codes in groups.values():
        if all(nodes[code].row is None for code in codes):
            continue
        for first, second in overlaps([outlines[code] for code in codes]):
            for one, other in ((codes[first], codes[second]), (codes[second], codes[first])):
                row = nodes[one].row
                if row is not None:
                    row.blame("geometry", Reason("outline_overlaps", {"other": other}))

"""A plan held against itself and against the park as it stands: tree, areas, outlines; every fault is told at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from foundation.errors import Reason
from parks.models.spaces import KINDS
from parks.plans import PlanRow

MEASURE = {
    "zone": "gross_m2",
    "plot": "gross_m2",
    "building": "gfa_m2",
    "floor": "gfa_m2",
    "unit": "net_m2",
    "desk": "net_m2",
}
"""The area by which the parts of a space are added up."""

DRAWN_MEASURE = {"zone": "gross_m2", "plot": "gross_m2", "floor": "gfa_m2", "unit": "net_m2", "desk": "net_m2"}
"""The stated area that an outline has to come to; of a building the outline is its footprint."""

DRAWN_TOLERANCE = Decimal("0.05")


@dataclass(slots=True)
class Node:
    """A space as it will stand: what the park knows of it, and above that what the plan says."""

    values: dict[str, Any]
    geometry: Mapping[str, Any] | None
    row: PlanRow | None = None
    is_new: bool = False
    is_claimed: bool = False

    @property
    def code(self) -> str:
        return str(self.values["code"])

    @property
    def parent(self) -> str | None:
        return self.values.get("parent")


@dataclass(frozen=True, slots=True)
class Ground:
    """The park that the plan is for: its area and outline, its spaces, and codes that others have."""

    code: str
    gross_m2: Decimal
    geometry: Mapping[str, Any] | None
    known: Mapping[str, Node]
    taken_elsewhere: frozenset[str]
    operators: frozenset[str]


def check_plan(rows: list[PlanRow], ground: Ground, *, with_outlines: bool = True) -> dict[str, Node]:
    """Blame each row for what is wrong with it; the park as it would stand, by code."""
    nodes = dict(ground.known)
    seen: set[str] = set()
    for row in rows:
        if not row.code:
            continue
        if row.code in seen:
            row.blame("code", "plan_code_twice")
            continue
        seen.add(row.code)
        nodes[row.code] = _standing(row, ground)
    touched = [node for node in nodes.values() if node.row is not None]
    for node in touched:
        _check_place(node, nodes, ground)
    _check_let_once(nodes)
    _check_areas(nodes, ground)
    if with_outlines:
        _check_outlines(nodes, ground)
    return nodes


def _standing(row: PlanRow, ground: Ground) -> Node:
    known = ground.known.get(row.code)
    if known is None:
        if row.code in ground.taken_elsewhere:
            row.blame("code", "space_code_taken")
        if "kind" not in row.values and "kind" not in row.faults:
            row.blame("kind", "required")
        return Node(dict(row.values), row.geometry, row, is_new=True)
    for fixed in ("kind", "parent"):
        if fixed in row.values and row.values[fixed] != known.values.get(fixed):
            row.blame(fixed, "plan_fixed")
    changes_room = any(
        name in row.values and row.values[name] != known.values.get(name) for name in ("usable_m2", "is_divisible")
    )
    if known.is_claimed and changes_room:
        row.blame("usable_m2", "space_claimed")
    return Node({**known.values, **row.values}, row.geometry or known.geometry, row, is_claimed=known.is_claimed)


def _check_place(node: Node, nodes: Mapping[str, Node], ground: Ground) -> None:
    row, kind = node.row, node.values.get("kind")
    assert row is not None  # noqa: S101 - only spaces of the plan are checked
    operator = row.values.get("operator")
    if operator and operator not in ground.operators:
        row.blame("operator", "does_not_exist")
    if node.values.get("is_divisible") and node.values.get("usable_m2") is None:
        row.blame("usable_m2", "required")
    if node.parent is None:
        if kind not in (None, "zone"):
            row.blame("parent", "required")
        return
    parent = nodes.get(node.parent)
    if parent is None:
        row.blame("parent", "does_not_exist")
    elif kind and parent.values.get("kind") and KINDS.index(parent.values["kind"]) >= KINDS.index(kind):
        row.blame("parent", "plan_parent_kind")


def _above(node: Node, nodes: Mapping[str, Node]) -> Iterable[Node]:
    """The spaces that hold a space, nearest first; no more than there are kinds."""
    for _ in KINDS:
        found = nodes.get(node.parent) if node.parent else None
        if found is None:
            return
        yield found
        node = found


def _check_let_once(nodes: Mapping[str, Node]) -> None:
    for node in nodes.values():
        if node.values.get("usable_m2") is None:
            continue
        for above in _above(node, nodes):
            blamed = node.row or above.row
            if above.values.get("usable_m2") is not None and blamed is not None:
                blamed.blame("usable_m2", Reason("plan_let_twice", {"other": above.code if node.row else node.code}))


def _check_areas(nodes: Mapping[str, Node], ground: Ground) -> None:
    sums: dict[str | None, Decimal] = defaultdict(Decimal)
    for node in nodes.values():
        kind = node.values.get("kind")
        area = node.values.get(MEASURE.get(kind or "", ""))
        usable = node.values.get("usable_m2")
        if node.row is not None and area is not None and usable is not None and usable > area:
            node.row.blame("usable_m2", Reason("space_smaller", {"usable_m2": str(area)}))
        if area is not None and kind != "building":
            sums[node.parent] += area
    for node in nodes.values():
        limit = ground.gross_m2 if node.parent is None else _measure_of(nodes.get(node.parent))
        if node.row is None or limit is None or node.values.get("kind") == "building":
            continue
        if sums[node.parent] > limit:
            facts = {"parent": node.parent or ground.code, "sum_m2": str(sums[node.parent]), "limit_m2": str(limit)}
            node.row.blame(MEASURE.get(node.values.get("kind", ""), "gross_m2"), Reason("plan_area_above", facts))


def _measure_of(node: Node | None) -> Decimal | None:
    return None if node is None else node.values.get(MEASURE.get(node.values.get("kind", ""), ""))


def _check_outlines(nodes: Mapping[str, Node], ground: Ground) -> None:
    if not any(node.row is not None and node.row.geometry is not None for node in nodes.values()):
        return
    from parks.outlinechecks import check_outlines  # noqa: PLC0415 - brings a library of 30 MB

    check_outlines(nodes, ground)

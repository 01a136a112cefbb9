"""A plan of a park as it arrives, as a table or as GeoJSON: its rows, and what cannot be read in each of them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from foundation.decimals import NotADecimal, parse_decimal
from foundation.errors import Invalid, Reason
from foundation.searchtext import fold
from foundation.spreadsheets import Grid
from parks.models.spaces import CONDITIONS, KINDS, TENURES, USES

AREAS = ("gross_m2", "leasable_m2", "gfa_m2", "net_m2", "usable_m2")
SUPPLIES = ("power_kw", "water_m3_day", "floor_load_kg_m2")
TEXTS = ("code", "parent", "name", "operator")
CHOICES = {"kind": KINDS, "use": USES, "tenure": TENURES, "condition": CONDITIONS}
COLUMNS = (*TEXTS, *CHOICES, "level", "is_divisible", *AREAS, *SUPPLIES)
LONGEST_CODE, LONGEST_NAME = 120, 300
MOST_ROWS = 20_000
YES = frozenset({"1", "x", "yes", "true", "co", "oui"})
NO = frozenset({"", "0", "no", "false", "khong", "non"})


@dataclass(slots=True)
class PlanRow:
    """A row with its number as people count them; ``values`` holds only what it states and what could be read."""

    number: int
    values: dict[str, Any]
    geometry: Mapping[str, Any] | None = None
    faults: dict[str, list[Reason]] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return str(self.values.get("code", ""))

    def blame(self, column: str, reason: Reason | str) -> None:
        self.faults.setdefault(column, []).append(Reason(reason) if isinstance(reason, str) else reason)


def rows_of_grid(grid: Grid) -> list[PlanRow]:
    """The rows below the head, which names the columns. Raises Invalid (``file``) when there are none."""
    lines = [(number, line) for number, line in enumerate(grid, start=1) if any(cell != "" for cell in line)]
    if len(lines) < 2:
        raise Invalid({"file": ["plan_empty"]})
    head = [fold(str(cell)).strip().replace(" ", "_") for cell in lines[0][1]]
    unknown = sorted({name for name in head if name and name not in COLUMNS})
    if unknown or "code" not in head:
        raise Invalid({"file": [Reason("plan_columns", {"unknown": ", ".join(unknown) or "–"})]})
    return [_row(number, _stated(head, line)) for number, line in lines[1:]]


def _stated(head: Sequence[str], line: Sequence[Any]) -> dict[str, str]:
    cells = {name: _text(cell) for name, cell in zip(head, line, strict=False) if name}
    return {name: text for name, text in cells.items() if text}


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return repr(cell) if isinstance(cell, float) else str(cell).strip()


def rows_of_geojson(content: bytes) -> list[PlanRow]:
    """The features of a FeatureCollection, their properties named as columns are. Raises Invalid (``file``)."""
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as fault:
        raise Invalid({"file": ["plan_unreadable"]}) from fault
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise Invalid({"file": ["plan_unreadable"]})
    if not features or len(features) > MOST_ROWS:
        raise Invalid({"file": ["plan_empty" if not features else "plan_too_long"]})
    return [_row_of_feature(number, feature) for number, feature in enumerate(features, start=1)]


def _row_of_feature(number: int, feature: Mapping[str, Any]) -> PlanRow:
    stated = feature.get("properties")
    known = stated.items() if isinstance(stated, dict) else ()
    texts = {name: _text(value) for name, value in known if name in COLUMNS and value is not None}
    row = _row(number, {name: text for name, text in texts.items() if text})
    geometry = feature.get("geometry")
    if geometry is not None:
        if isinstance(geometry, dict) and geometry.get("type") in ("Polygon", "MultiPolygon"):
            row.geometry = {"type": geometry["type"], "coordinates": geometry.get("coordinates")}
        else:
            row.blame("geometry", "outline_not_polygon")
    return row


def _row(number: int, texts: Mapping[str, str]) -> PlanRow:
    row = PlanRow(number, {})
    for name, text in texts.items():
        _read(row, name, text)
    if "code" not in texts:
        row.blame("code", "required")
    return row


def _read(row: PlanRow, name: str, text: str) -> None:
    if name in TEXTS:
        longest = LONGEST_NAME if name == "name" else LONGEST_CODE
        if len(text) > longest or "\x00" in text or (name == "code" and "/" in text):
            row.blame(name, Reason("too_long", {"limit": longest}) if len(text) > longest else "not_this_form")
        row.values[name] = text[:longest].replace("\x00", "")
    elif name in CHOICES:
        if text not in CHOICES[name]:
            row.blame(name, "not_a_choice")
            return
        row.values[name] = text
    elif name == "is_divisible":
        folded = fold(text)
        if folded not in YES | NO:
            row.blame(name, "not_yes_or_no")
        row.values[name] = folded in YES
    else:
        _read_number(row, name, text)


def _read_number(row: PlanRow, name: str, text: str) -> None:
    try:
        number = parse_decimal(text.removesuffix(".0"), places=0 if name == "level" else 2)
    except NotADecimal:
        row.blame(name, "not_a_number")
        return
    if (name in AREAS and not 0 < number < 10**10) or (name in SUPPLIES and not 0 <= number < 10**9):
        row.blame(name, "area_not_positive")
        return
    row.values[name] = int(number) if name == "level" else number


def sound(rows: Iterable[PlanRow]) -> bool:
    return not any(row.faults for row in rows)


def as_text(value: Any) -> Any:
    """A value of a row as JSON keeps it."""
    return str(value) if isinstance(value, Decimal) else value

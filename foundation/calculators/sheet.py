"""A calculator's form: single fields and tables whose rows are typed or pasted, held in the address when short."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from foundation.calculators.numbers import (
    is_day,
    plain_amount,
    plain_day,
    plain_number,
    plain_percent,
    spoken_number,
    spoken_percent,
)
from foundation.errors import Reason

BETWEEN_CELLS = "~"
"""Between the cells of a row in an address."""

SPARE_ROWS, MORE_ROWS, MOST_PASTED = 2, 10, 200_000
CHOSEN = ("choice", "option")
CELLS = re.compile(r"[\t;|]+| {2,}")
DAY_THEN_REST = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4})[,\s]+(.*)")


@dataclass(frozen=True, slots=True)
class Column:
    """A question: ``kind`` is amount (whole đồng), number, percent, day, text, count, choice or option;
    its title is lazy.

    A choice between two is sent as yes or no, an option as its code. A dot in the name of a field or a table puts
    it into an object of the interface (``escalation.rate``).
    """

    name: str
    title: Any
    kind: str
    hint: Any = ""
    choices: Sequence[tuple[str, Any]] = ()
    default: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of the same columns; the interface knows a row of one column as its bare value."""

    name: str
    title: Any
    columns: Sequence[Column]
    hint: Any = ""
    rows: int = 4
    is_plain: bool = False


@dataclass(slots=True)
class Sheet:
    """What stands in a form, as plain text; ``faults`` by path of the cell (``flows.0.amount``)."""

    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    faults: dict[str, list[Reason]] = field(default_factory=dict)
    shown_rows: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(self.values.values()) and not any(self.rows.values())


@dataclass(frozen=True, slots=True)
class Questions:
    """The fields and tables of one calculator."""

    fields: Sequence[Column]
    tables: Sequence[Table]

    def typed(self, form: MultiDict[str, str], language: str) -> Sheet:
        """What somebody typed, chose and pasted."""
        sheet = Sheet(values={one.name: plain(one, form.get(one.name, ""), language) for one in self.fields})
        for table in self.tables:
            names = [f"{table.name}-{column.name}" for column in table.columns]
            typed = zip(*(form.getlist(name) for name in names), strict=False)
            rows = [*typed, *pasted_rows(form.get(f"{table.name}-pasted", ""), table)]
            sheet.rows[table.name] = [_row(table, cells, language) for cells in rows if _is_filled(table, cells)]
            more = MORE_ROWS if form.get("more") == table.name else SPARE_ROWS
            sheet.shown_rows[table.name] = len(sheet.rows[table.name]) + more
        return sheet

    def linked(self, arguments: MultiDict[str, str]) -> Sheet:
        """What an address holds."""
        sheet = Sheet(values={one.name: arguments.get(one.name, "").strip() for one in self.fields})
        for table in self.tables:
            names = [column.name for column in table.columns]
            rows = [text.split(BETWEEN_CELLS) for text in arguments.getlist(table.name)]
            sheet.rows[table.name] = [dict(zip(names, [*cells, *[""] * len(names)], strict=False)) for cells in rows]
            sheet.shown_rows[table.name] = len(rows) + SPARE_ROWS
        return sheet

    def address(self, sheet: Sheet) -> dict[str, Any]:
        """The arguments of an address that holds the sheet."""
        linked: dict[str, Any] = {name: text for name, text in sheet.values.items() if text}
        for table in self.tables:
            rows = sheet.rows[table.name]
            linked[table.name] = [BETWEEN_CELLS.join(row[column.name] for column in table.columns) for row in rows]
        return linked

    def body(self, sheet: Sheet) -> dict[str, Any]:
        """The sheet as a program would send it."""
        sent: dict[str, Any] = {}
        for one in self.fields:
            text = sheet.values[one.name] or one.default
            if text or not one.is_optional:
                _put(sent, one.name, int(text) if one.kind == "count" and text.isdecimal() else text)
        for table in self.tables:
            rows = [_sent_row(table, row) for row in sheet.rows[table.name]]
            _put(sent, table.name, [row[table.columns[0].name] for row in rows] if table.is_plain else rows)
        return sent

    def place(self, faults: Mapping[str, Sequence[Reason]]) -> dict[str, list[Reason]]:
        """Faults by the path of the cell: the interface leaves out the name of a lone column."""
        plain_tables = {table.name: table.columns[0].name for table in self.tables if table.is_plain}
        placed = {}
        for path, reasons in faults.items():
            table, _, rest = path.partition(".")
            ending = f".{plain_tables[table]}" if rest and table in plain_tables else ""
            placed[path + ending] = list(reasons)
        return placed


def _put(sent: dict[str, Any], name: str, value: Any) -> None:
    """Into the object that the name's first part tells."""
    group, dot, inner = name.rpartition(".")
    if dot:
        sent.setdefault(group, {})[inner] = value
    else:
        sent[name] = value


def _is_filled(table: Table, cells: Sequence[str]) -> bool:
    pairs = zip(table.columns, cells, strict=False)
    return any(text.strip() for column, text in pairs if column.kind not in CHOSEN)


def _row(table: Table, cells: Sequence[str], language: str) -> dict[str, str]:
    texts = [*cells, *[""] * len(table.columns)]
    return {
        column.name: plain(column, text or column.default, language)
        for column, text in zip(table.columns, texts, strict=False)
    }


def _sent_row(table: Table, row: Mapping[str, str]) -> dict[str, Any]:
    sent: dict[str, Any] = {}
    for column in table.columns:
        text = row[column.name]
        if column.kind == "choice":
            sent[column.name] = text == column.choices[-1][0]
        elif text or not column.is_optional:
            sent[column.name] = text
    return sent


def plain(column: Column, text: str, language: str) -> str:
    """A typed answer in its plain form."""
    if not text.strip():
        return ""
    match column.kind:
        case "amount":
            return plain_amount(text)
        case "number" | "count":
            return plain_number(text, language)
        case "percent":
            return plain_percent(text, language)
        case "day":
            return plain_day(text)
    return text.strip()


def shown(column: Column, text: str, language: str) -> str:
    """A plain answer as it stands in its field."""
    if column.kind in ("amount", "number"):
        return spoken_number(text, language)
    return spoken_percent(text, language) if column.kind == "percent" else text


def input_type(column: Column, text: str) -> str:
    """A day that cannot be shown as such stays readable as text."""
    return "date" if column.kind == "day" and (not text or is_day(text)) else "text"


def pasted_rows(text: str, table: Table) -> list[list[str]]:
    """The rows of pasted text, a line each; lines of words alone are headings. Tab, semicolon or spaces part cells."""
    lines = text[:MOST_PASTED].splitlines()
    return [_cells(line.strip(), table) for line in lines if any(mark.isdigit() for mark in line)]


def _cells(line: str, table: Table) -> list[str]:
    has_day = table.columns[0].kind == "day"
    found = DAY_THEN_REST.fullmatch(line) if has_day else None
    cells = (
        [found[1], found[2].strip("\t;| ")] if found else [cell.strip() for cell in CELLS.split(line) if cell.strip()]
    )
    return ["", *cells] if has_day and len(cells) == 1 else cells

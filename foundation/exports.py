"""Lists as files for spreadsheets: CSV and XLSX, in which no cell is ever run as a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Literal

from foundation.workdays import HANOI

FORMATS = ("csv", "xlsx")
Format = Literal["csv", "xlsx"]
MEDIA_TYPES: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS = 50_000
"""Rows of a file for who is not signed in; a longer list is narrowed first."""

BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDEST = 60
ROWS_OF_SHEET = 1_048_576
"""What a sheet of a workbook holds, its line of titles included."""
LONGEST_CELL = 32_767


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: its title, and what it shows of a row (text, number, day, instant or nothing)."""

    title: str
    value: Callable[[Any], Any]


def write(format_: Format, columns: Sequence[Column], rows: Iterable[Any], target: IO[bytes]) -> None:
    """Write the rows, with a line of titles, to ``target``."""
    if format_ == "csv":
        _write_csv(columns, rows, target)
    else:
        _write_xlsx(columns, rows, target)


def _write_csv(columns: Sequence[Column], rows: Iterable[Any], target: IO[bytes]) -> None:
    """UTF-8 with a byte order mark, which spreadsheets need to read Vietnamese."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text)
    lines.writerow([_harmless(column.title) for column in columns])
    for row in rows:
        lines.writerow([_in_csv(column.value(row)) for column in columns])
    text.detach()


def _in_csv(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(HANOI).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date | int | Decimal):
        return str(value)
    return _harmless(str(value))


def _harmless(text: str) -> str:
    """Text that a spreadsheet would take for a formula, marked as text."""
    return f"'{text}" if text.startswith(BEGINS_FORMULA) else text


def _write_xlsx(columns: Sequence[Column], rows: Iterable[Any], target: IO[bytes]) -> None:
    """A sheet that is full is followed by another with the same titles."""
    import xlsxwriter  # noqa: PLC0415 - most processes write no workbook

    book = xlsxwriter.Workbook(target, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"})
    instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    sheet = _begin_sheet(book, columns)
    for place, row in enumerate(rows):
        line = place % (ROWS_OF_SHEET - 1) + 1
        if place and line == 1:
            sheet = _begin_sheet(book, columns)
        for number, column in enumerate(columns):
            _write_cell(sheet, line, number, column.value(row), instant)
    book.close()


def _begin_sheet(book: Any, columns: Sequence[Column]) -> Any:
    sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
    for number, column in enumerate(columns):
        sheet.set_column(number, number, min(max(len(column.title) + 2, 14), WIDEST))
        sheet.write_string(0, number, column.title, bold)
    sheet.freeze_panes(1, 0)
    return sheet


def _write_cell(sheet: Any, line: int, number: int, value: Any, instant: Any) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(line, number, value.astimezone(HANOI).replace(tzinfo=None), instant)
    elif isinstance(value, date):
        sheet.write_datetime(line, number, value)
    elif isinstance(value, int | Decimal):
        sheet.write_number(line, number, value)
    else:
        sheet.write_string(line, number, str(value)[:LONGEST_CELL])

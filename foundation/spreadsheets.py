"""A spreadsheet as it arrives: the cells of a pasted text, of a CSV file, of an XLSX workbook; nothing in it is run."""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO

from flask_babel import lazy_gettext

from foundation.errors import Invalid, Reason
from foundation.inspection import TORN, inspect
from foundation.lettering import LettersLost, refuse_lost_letters, text_of
from foundation.reasons import register_reasons

Cell = str | int | float | bool
Grid = list[list[Cell]]

MEGABYTE = 1024 * 1024
LARGEST_FILE = 5 * MEGABYTE
MOST_UNPACKED = 40 * MEGABYTE
MOST_LINES = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 32_767
"""Characters of a cell: what spreadsheet programs allow."""


def grid_of_text(text: str) -> Grid:
    """The cells of a text copied from a spreadsheet: columns by tabs, else by semicolons, else by commas.

    Raises Invalid (``file``) when it cannot be read, or letters were lost.
    """
    try:
        refuse_lost_letters(text)
    except LettersLost as fault:
        raise _lost(fault) from fault
    return _grid_of_lines(text)


def _grid_of_lines(text: str) -> Grid:
    if "\x00" in text:
        raise _refused("sheet_unreadable")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    declared, lines = _declared_separator(lines)
    separator = declared or _separator(lines)
    csv.field_size_limit(LONGEST_CELL + 1)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=separator, strict=False)
    try:
        return _tidy([unicodedata.normalize("NFC", cell) for cell in row] for row in reader)
    except csv.Error as error:
        raise _refused("sheet_unreadable") from error


def grid_of_file(stream: BinaryIO, filename: str) -> Grid:
    """The cells of the first sheet of an XLSX file, or of a CSV file in UTF-8, UTF-16, Windows-1258 or TCVN3.

    Raises Invalid (``file``): empty, too large, damaged, locked, with macros, without its letters, or none of these.
    """
    stream.seek(0)
    content = stream.read(LARGEST_FILE + 1)
    if not content.strip():
        raise _refused("file_empty")
    if len(content) > LARGEST_FILE:
        raise _refused("sheet_too_large", limit=LARGEST_FILE // MEGABYTE)
    if content[:2] == b"PK" or content[:4] == b"\xd0\xcf\x11\xe0" or not _is_text(filename):
        return _grid_of_workbook(io.BytesIO(content))
    try:
        return _grid_of_lines(text_of(content))
    except LettersLost as fault:
        raise _lost(fault) from fault


def _refused(code: str, **facts: Any) -> Invalid:
    return Invalid({"file": [Reason(code, facts)]})


def _is_text(filename: str) -> bool:
    return filename.lower().endswith((".csv", ".txt", ".tsv"))


def _lost(fault: LettersLost) -> Invalid:
    return _refused("sheet_letters_lost", line=fault.line) if fault.line else _refused("sheet_lettering")


def _declared_separator(text: str) -> tuple[str, str]:
    """The separator that a first line ``sep=;`` names, and the text below it."""
    first, _, below = text.partition("\n")
    is_said = first.lower().startswith("sep=") and len(first.strip()) == len("sep=;")
    return (first.strip()[-1], below) if is_said else ("", text)


def _separator(text: str) -> str:
    beginning = "\n".join(islice((line for line in text.split("\n") if line.strip()), 5))
    return next((mark for mark in "\t;," if mark in beginning), "\t")


def _grid_of_workbook(stream: BinaryIO) -> Grid:
    found = inspect(stream, "", accept=frozenset({"xlsx"}))
    if found.faults:
        raise Invalid({"file": list(found.faults)})
    try:
        with zipfile.ZipFile(stream) as package:
            if sum(entry.file_size for entry in package.infolist()) > MOST_UNPACKED:
                raise _refused("file_unpacks_too_large")
        return _tidy(_rows_of_workbook(stream))
    except (*TORN, KeyError, AttributeError, TypeError) as error:
        raise _refused("file_broken") from error


def _rows_of_workbook(stream: BinaryIO) -> Iterator[list[Cell]]:
    """The rows of the sheet that comes first; a formula gives what it last came to, or else itself as text."""
    from openpyxl import load_workbook  # noqa: PLC0415 - takes 25 MB, which few processes ever need

    results, formulas = (load_workbook(stream, read_only=True, data_only=flag) for flag in (True, False))
    sheets = [book.worksheets[0] for book in (results, formulas)]
    for sheet in sheets:
        sheet.reset_dimensions()
    pairs = zip(*(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True) for sheet in sheets), strict=True)
    for values, written in pairs:
        yield [_cell(text if value is None else value) for value, text in zip(values, written, strict=True)]


def _cell(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return (value.date() if value.time() == datetime.min.time() else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, bool | int | float) else unicodedata.normalize("NFC", str(value))


def _tidy(rows: Iterable[list[Cell]]) -> Grid:
    """The rows down to the last that holds anything, none wider than needed; blank ones between stay where they are."""
    kept: Grid = []
    for number, row in enumerate(rows):
        if number >= MOST_LINES:
            raise _refused("sheet_too_long", limit=MOST_LINES)
        cells = [cell.strip() if isinstance(cell, str) else cell for cell in row[:MOST_COLUMNS]]
        while cells and cells[-1] == "":
            cells.pop()
        kept.append(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


register_reasons(
    {
        "sheet_unreadable": lazy_gettext("This cannot be read as a table. Save it as XLSX, or as CSV in UTF-8."),
        "sheet_lettering": lazy_gettext(
            "The letters of this file cannot be read: it is in none of the encodings UTF-8, UTF-16, Windows-1258 and "
            "TCVN3. Save it as XLSX, or as “CSV UTF-8”."
        ),
        "sheet_letters_lost": lazy_gettext(
            "Letters were lost when this table was saved: from line %(line)s on other signs, such as “?”, stand in "
            "their place. Save the original as XLSX, or as “CSV UTF-8”, and send it again."
        ),
        "sheet_too_large": lazy_gettext("The file is larger than %(limit)s MB; keep only the rows of this table."),
        "sheet_too_long": lazy_gettext("There are more than %(limit)s lines; keep only the rows of this table."),
    }
)

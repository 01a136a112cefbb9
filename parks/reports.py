"""The report on parks as a workbook: indicators, the rows behind them, and what ends when by use.

Runs as a program of its own (lines of JSON on its input, the workbook on its output) and imports nothing of the
product: pandas takes more memory than a process that serves may have. Rows are written as they come.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import pandas

SHAPES = {"vnd": "#,##0", "m2": "#,##0.00"}
WIDTHS = {"vnd": 18.0, "m2": 16.0, "day": 12.0, "space": 18.0, "lease": 14.0, "request": 14.0, "word": 20.0}
WIDE = 36.0
LONGEST_TITLE = 31

Row = Sequence[Any]
Columns = Sequence[dict[str, Any]]
Ending = list[tuple[str, str, float]]


def write_workbook(lines: Iterable[bytes], path: str) -> None:
    """Write the sheets; their titles and those of their columns are in the reader's language.

    What is text stays text: no cell is ever run as a formula or opened as a link. Rows are read when it is saved, sheet
    after sheet.
    """
    from rustpy_xlsxwriter import FastExcel  # noqa: PLC0415 - only this program of its own needs it

    coming = Coming(map(json.loads, lines))
    facts, ending = next(coming.rows), Ending()
    titles, roll = facts["titles"], facts["roll"]
    book = FastExcel(path).format(bold_headers=True).freeze(row=1)
    _add(book, titles["indicators"], [{"title": titles["indicator"]}, {"title": titles["value"]}], facts["indicators"])
    for number, sheet in enumerate(facts["sheets"]):
        rows = _spoken(coming.of(number), sheet["columns"])
        _add(book, sheet["title"], sheet["columns"], _noted(rows, roll, ending) if number == roll["sheet"] else rows)
    book.sheet(titles["expiries"][:LONGEST_TITLE], _expiry_rows(ending, titles), column_width=WIDTHS["m2"])
    book.save()


class Coming:
    """Rows that begin with the number of their sheet, one sheet after the other."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self.rows, self.first = rows, list[Any]()

    def of(self, number: int) -> Iterator[list[Any]]:
        """Those of a sheet; the first of the next waits until it is asked for."""
        for row in chain(self.first, self.rows):
            if row[0] != number:
                self.first = [row]
                return
            yield row[1:]
        self.first = []


def _spoken(rows: Iterable[list[Any]], columns: Columns) -> Iterator[Row]:
    """Codes as the reader calls them."""
    words = [(place, column["words"]) for place, column in enumerate(columns) if "words" in column]
    for row in rows:
        for place, spoken in words:
            row[place] = spoken.get(row[place])
        yield row


def _noted(rows: Iterable[Row], roll: dict[str, int], ending: Ending) -> Iterator[Row]:
    """The rent roll, of which is noted what its expiries by use are made of."""
    for row in rows:
        ending.append((row[roll["use"]], row[roll["ends_on"]][:4], row[roll["area_m2"]]))
        yield row


def _add(book: Any, title: str, columns: Columns, rows: Iterable[Row]) -> None:
    from rustpy_xlsxwriter import Format  # noqa: PLC0415 - see above

    shapes = {column["title"]: SHAPES.get(column.get("kind", "")) for column in columns}
    widths = {column["title"]: WIDTHS.get(column.get("kind", ""), WIDE) for column in columns}
    book.sheet(
        title[:LONGEST_TITLE],
        _named(rows, list(shapes)),
        column_widths={name: max(width, len(name) + 2.0) for name, width in widths.items()},
        column_formats={name: Format().set_num_format(shape) for name, shape in shapes.items() if shape},
    )


def _named(rows: Iterable[Row], names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Each row by its titles; where there is none, an empty one, so that the titles stand all the same."""
    rows = iter(rows)
    for row in chain([next(rows, [None] * len(names))], rows):
        yield dict(zip(names, row, strict=True))


def _expiry_rows(ending: Ending, titles: dict[str, str]) -> Iterator[dict[str, Any]]:
    table = expiries(ending, titles)
    yield from _named(table.values.tolist(), [str(one) for one in table.columns])


def expiries(ending: Ending, titles: dict[str, str]) -> "pandas.DataFrame":
    """The area that ends in each year by use, with the sums."""
    import pandas  # noqa: PLC0415 - see above

    frame = pandas.DataFrame(ending, columns=[titles["use"], "year", "area"])
    if frame.empty:
        return frame
    table = frame.pivot_table(index=titles["use"], columns="year", values="area", aggfunc="sum", fill_value=0)
    table[titles["all"]] = table.sum(axis="columns")
    table.loc[titles["all"]] = table.sum(axis="index")
    return table.reset_index()


def main() -> None:
    """Facts in, workbook out."""
    with TemporaryDirectory() as folder:
        path = f"{folder}/report.xlsx"
        write_workbook(sys.stdin.buffer, path)
        with open(path, "rb") as done:
            _copy(done, sys.stdout.buffer)


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    while part := source.read(1 << 20):
        target.write(part)


if __name__ == "__main__":
    main()

"""The report on parks as a workbook: indicators, the rows behind them, and what ends when by use.

Runs as a program of its own (lines of JSON on its input, the workbook on its output) and imports nothing of the
product: pandas takes more memory than a process that serves may have. Rows are written as they come.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import pandas

WIDEST, MEASURED = 48, 200
WHOLE, BROKEN = "#,##0;[Red]-#,##0", "#,##0.##"


class Sheet:
    """A worksheet that grows by rows, its columns as wide as their first cells."""

    def __init__(self, book: Any, title: str, columns: Sequence[str]) -> None:
        self.shapes = {int: book.add_format({"num_format": WHOLE}), float: book.add_format({"num_format": BROKEN})}
        self.sheet, self.widths, self.count = book.add_worksheet(title[:31]), [0] * len(columns), 0
        self.sheet.freeze_panes(1, 0)
        self.add(columns, book.add_format({"bold": True}))

    def add(self, cells: Iterable[Any], shape: Any = None) -> None:
        for place, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            self.sheet.write(self.count, place, cell, shape or self.shapes.get(type(cell)))
            if self.count < MEASURED:
                room = len(str(cell)) + (6 if isinstance(cell, (int, float)) else 2)
                self.widths[place] = min(max(self.widths[place], room), WIDEST)
        self.count += 1

    def close(self) -> None:
        for place, width in enumerate(self.widths):
            self.sheet.set_column(place, place, max(width, 10))


def write_workbook(lines: Iterable[bytes], target: BinaryIO) -> None:
    """Write the sheets; their titles and those of their columns are in the reader's language."""
    import xlsxwriter  # noqa: PLC0415 - only this program of its own needs it

    # what is text stays text: no cell is ever run as a formula or opened as a link
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    rows = (json.loads(line) for line in lines)
    facts = next(rows)
    titles, roll, ending = facts["titles"], facts["roll"], []
    with xlsxwriter.Workbook(target, plain) as book:
        written = [_filled(book, titles["indicators"], [titles["indicator"], titles["value"]], facts["indicators"])]
        sheets = [Sheet(book, title, columns) for title, columns in facts["sheets"]]
        for number, *cells in rows:
            sheets[number].add(cells)
            if number == roll["sheet"]:
                ending.append((cells[roll["use"]], cells[roll["ends_on"]][:4], cells[roll["area_m2"]]))
        table = expiries(ending, titles)
        written.append(_filled(book, titles["expiries"], [str(one) for one in table.columns], table.values.tolist()))
        for sheet in (*sheets, *written):
            sheet.close()


def _filled(book: Any, title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Sheet:
    sheet = Sheet(book, title, columns)
    for row in rows:
        sheet.add(row)
    return sheet


def expiries(ending: list[tuple[str, str, float]], titles: dict[str, str]) -> "pandas.DataFrame":
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
    target = BytesIO()
    write_workbook(sys.stdin.buffer, target)
    sys.stdout.buffer.write(target.getvalue())


if __name__ == "__main__":
    main()

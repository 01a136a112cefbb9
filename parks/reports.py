"""The report on parks as a workbook: indicators, the rows behind them, and what ends when by use.

Runs as a program of its own (facts as JSON on its input, the workbook on its output) and imports nothing of the
product: pandas takes more memory than a process that serves may have.
"""

import json
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    import pandas

WIDEST = 48
FORMATS = {"i": "#,##0;[Red]-#,##0", "u": "#,##0", "f": "#,##0.##"}


def write_workbook(facts: dict[str, Any], target: BinaryIO) -> None:
    """Write the sheets of ``facts``; their titles and those of their columns are in the reader's language."""
    import pandas  # noqa: PLC0415 - only this program of its own needs it

    titles = facts["titles"]
    columns = [titles["indicator"], titles["value"]]
    sheets = {titles["indicators"]: pandas.DataFrame(facts["indicators"], columns=columns)}
    for title, sheet in facts["sheets"].items():
        sheets[title] = pandas.DataFrame(sheet["rows"], columns=sheet["columns"])
    sheets[titles["expiries"]] = expiries(facts["sheets"][titles["rent_roll"]]["rows"], titles)
    # what is text stays text: no cell is ever run as a formula or opened as a link
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pandas.ExcelWriter(target, engine="xlsxwriter", engine_kwargs=options) as writer:
        for title, frame in sheets.items():
            frame.to_excel(writer, sheet_name=title[:31], index=False, freeze_panes=(1, 0))
            _lay_out(writer, title[:31], frame)


def expiries(rows: list[dict[str, Any]], titles: dict[str, str]) -> "pandas.DataFrame":
    """The area that ends in each year by use, with the sums."""
    import pandas  # noqa: PLC0415 - see above

    frame = pandas.DataFrame(rows)
    if frame.empty:
        return frame
    years = frame[titles["ends_on"]].str[:4]
    table = frame.assign(year=years).pivot_table(
        index=titles["use"], columns="year", values=titles["area"], aggfunc="sum", fill_value=0
    )
    table[titles["all"]] = table.sum(axis="columns")
    table.loc[titles["all"]] = table.sum(axis="index")
    return table.reset_index()


def _lay_out(writer: Any, title: str, frame: "pandas.DataFrame") -> None:
    sheet = writer.sheets[title]
    for place, column in enumerate(frame.columns):
        longest = max([len(str(column)), *(len(str(value)) for value in frame[column].head(200))], default=10)
        pattern = FORMATS.get(frame[column].dtype.kind)
        shape = writer.book.add_format({"num_format": pattern}) if pattern else None
        sheet.set_column(place, place, min(longest + (6 if pattern else 2), WIDEST), shape)


def main() -> None:
    """Facts in, workbook out."""
    target = BytesIO()
    write_workbook(json.load(sys.stdin.buffer), target)
    sys.stdout.buffer.write(target.getvalue())


if __name__ == "__main__":
    main()

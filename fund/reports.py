"""The report of a fund as a workbook: figures, quarters, contributions of each contributor, flows, valuations.

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
AMOUNT_FORMAT = "#,##0;[Red]-#,##0"


def write_workbook(facts: dict[str, Any], target: BinaryIO) -> None:
    """Write the sheets of ``facts``; their titles and those of their columns are in the reader's language."""
    import pandas  # noqa: PLC0415 - only this program of its own needs it

    titles = facts["titles"]
    sheets = {
        titles["figures"]: pandas.DataFrame(facts["figures"], columns=[titles["figure"], titles["value"]]),
        titles["quarters"]: pandas.DataFrame(facts["quarters"]),
        titles["contributions"]: contributions(facts["flows"], titles),
        titles["flows"]: pandas.DataFrame(facts["flows"]),
        titles["valuations"]: pandas.DataFrame(facts["valuations"]),
    }
    # what is text stays text: no cell is ever run as a formula or opened as a link
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pandas.ExcelWriter(target, engine="xlsxwriter", engine_kwargs=options) as writer:
        for title, frame in sheets.items():
            frame.to_excel(writer, sheet_name=title[:31], index=False, freeze_panes=(1, 0))
            _lay_out(writer, title[:31], frame)


def contributions(flows: list[dict[str, Any]], titles: dict[str, str]) -> "pandas.DataFrame":
    """What each contributor paid in by quarter, a line each, with the sums."""
    import pandas  # noqa: PLC0415 - see above

    frame = pandas.DataFrame(flows)
    if frame.empty:
        return frame
    day, who, paid_in = titles["day"], titles["contributor"], titles["paid_in"]
    quarter = pandas.PeriodIndex(pandas.to_datetime(frame[day]), freq="Q").strftime("Q%q/%Y")
    order = list(dict.fromkeys(quarter))
    table = frame.assign(quarter=quarter).pivot_table(
        index=who, columns="quarter", values=paid_in, aggfunc="sum", fill_value=0, sort=False
    )
    table = table[order]
    table[titles["all"]] = table.sum(axis="columns")
    table.loc[titles["all"]] = table.sum(axis="index")
    return table.reset_index()


def _lay_out(writer: Any, title: str, frame: "pandas.DataFrame") -> None:
    amounts = writer.book.add_format({"num_format": AMOUNT_FORMAT})
    sheet = writer.sheets[title]
    for place, column in enumerate(frame.columns):
        longest = max([len(str(column)), *(len(str(value)) for value in frame[column].head(200))], default=10)
        is_number = frame[column].dtype.kind in "iuf"
        sheet.set_column(place, place, min(longest + (6 if is_number else 2), WIDEST), amounts if is_number else None)


def main() -> None:
    """Facts in, workbook out."""
    target = BytesIO()
    write_workbook(json.load(sys.stdin.buffer), target)
    sys.stdout.buffer.write(target.getvalue())


if __name__ == "__main__":
    main()

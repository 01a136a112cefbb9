"""Lists as files: readable by spreadsheets, and nothing in them is ever run."""

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest

from foundation.exports import Column, Format, write

COLUMNS = [
    Column("Tên", lambda row: row[0]),
    Column("=tổng", lambda row: row[1]),
    Column("Ngày", lambda row: row[2]),
]
AT = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)


def written(format_: Format, rows: list[Any]) -> bytes:
    target = io.BytesIO()
    write(format_, COLUMNS, rows, target)
    return target.getvalue()


def cells_of_csv(rows: list[Any]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written("csv", rows).decode("utf-8-sig"), newline="")))


def cells_of_xlsx(rows: list[Any]) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", rows))).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows()]


def test_csv_is_read_as_vietnamese() -> None:
    assert written("csv", []).startswith(b"\xef\xbb\xbf")
    assert cells_of_csv([("Đổi mới", 3, date(2026, 11, 22))])[1] == ["Đổi mới", "3", "2026-11-22"]


def test_instants_are_told_in_hanoi() -> None:
    assert cells_of_csv([("x", None, AT)])[1] == ["x", "", "2026-11-23 03:30"]
    shown = cells_of_xlsx([("x", None, AT)])[1][2].value
    assert f"{shown:%Y-%m-%d %H:%M}" == "2026-11-23 03:30"


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@sum", "\t=1", "\r=1", "\n=1"])
def test_text_stays_text(text: str) -> None:
    assert cells_of_csv([(text, 1, None)])[1][0] == f"'{text}"

    cell = cells_of_xlsx([(text, 1, None)])[1][0]
    assert cell.data_type == "s"
    assert str(cell.value).endswith(text.strip())


def test_titles_are_text_too() -> None:
    assert cells_of_csv([])[0][1] == "'=tổng"
    assert cells_of_xlsx([])[0][1].data_type == "s"


def test_numbers_and_days_can_be_reckoned_with() -> None:
    row = cells_of_xlsx([("x", -5, date(2026, 1, 2))])[1]

    assert (row[1].value, row[1].data_type) == (-5, "n")
    assert row[2].is_date

"""A table filled from a spreadsheet: which of its columns is which, and what every row would answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, lazy_gettext

from applications.fields import check_answers, completeness_faults
from applications.fields.types import MOST_ROWS, Faults, Setting
from applications.forms.cells import read_cell
from applications.packs.model import FieldSpec
from foundation.errors import Reason
from foundation.reasons import register_reasons
from foundation.searchtext import fold
from foundation.spreadsheets import Cell, Grid
from foundation.wording import LANGUAGES, in_language

NOT_IN_A_CELL = frozenset({"person", "file", "part", "table"})
ENDS = ("from", "to")


@dataclass(frozen=True, slots=True)
class Target:
    """A column of the table that a column of the sheet can fill; a period takes two, one for each end."""

    spec: FieldSpec
    end: str = ""

    @property
    def name(self) -> str:
        return f"{self.spec.key}-{self.end}" if self.end else self.spec.key

    def title(self, language: str) -> str:
        label = in_language(self.spec.label, language)
        if not self.end:
            return label
        first, last = gettext("%(period)s: first day", period=label), gettext("%(period)s: last day", period=label)
        return str(first if self.end == "from" else last)

    @property
    def names(self) -> set[str]:
        """All headings by which the column is known, without marks."""
        shown = {self.title(language) for language in LANGUAGES}
        return {fold(name) for name in (self.name, self.name.replace("-", " "), *shown)} - {""}


@dataclass(frozen=True, slots=True)
class Matching:
    """Which column of the sheet fills which target, and whether the first line holds the headings."""

    has_heading: bool
    columns: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class FilledRow:
    """A row of the sheet as answers; ``line`` counts as the spreadsheet does."""

    line: int
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one cell: where it stands, what stands there, why."""

    line: int
    spec: FieldSpec
    reason: Reason
    value: Any


@dataclass(frozen=True, slots=True)
class Plan:
    """What filling the table would do. ``refusal`` says why none of it can be done; ``gaps`` may be filled in later."""

    rows: tuple[FilledRow, ...]
    faults: tuple[RowFault, ...]
    gaps: tuple[RowFault, ...]
    refusal: Reason | None = None

    @property
    def wrong_lines(self) -> set[int]:
        return {fault.line for fault in self.faults}

    @property
    def sound_rows(self) -> list[FilledRow]:
        return [row for row in self.rows if row.line not in self.wrong_lines]

    @property
    def is_sound(self) -> bool:
        return self.refusal is None and not self.faults

    @property
    def can_be_thinned(self) -> bool:
        """Whether some rows are wrong and others are not."""
        return self.refusal is None and bool(self.faults) and bool(self.sound_rows)


def targets_of(table: FieldSpec) -> list[Target]:
    """What of a table a sheet can fill, in order."""
    columns = [column for column in table.columns if column.type not in NOT_IN_A_CELL]
    return [Target(column, end) for column in columns for end in (ENDS if column.type == "period" else ("",))]


def propose_matching(table: FieldSpec, grid: Grid) -> Matching:
    """By heading where the first line names columns of the table; otherwise by position."""
    targets = targets_of(table)
    headings = [fold(str(cell)) for cell in grid[0]] if grid else []
    found = {
        target.name: number
        for target in targets
        if (number := next((at for at, text in enumerate(headings) if text in target.names), None)) is not None
    }
    if found:
        return Matching(True, found | _nearly(targets, headings, found))
    widest = max((len(row) for row in grid), default=0)
    return Matching(False, {target.name: number for number, target in enumerate(targets[:widest])})


def _nearly(targets: Sequence[Target], headings: Sequence[str], found: Mapping[str, int]) -> dict[str, int]:
    """Of what is left, the columns whose heading begins as one column alone does, or the other way round."""
    left = [target for target in targets if target.name not in found]
    near: dict[str, int] = {}
    for number, heading in enumerate(headings):
        meant = [one for one in left if any(_begin_alike(heading, name) for name in one.names)]
        if number not in found.values() and len(meant) == 1:
            near.setdefault(meant[0].name, number)
    return near


def _begin_alike(heading: str, name: str) -> bool:
    return bool(heading) and (name.startswith(f"{heading} ") or heading.startswith(f"{name} "))


def unused_columns(grid: Grid, matching: Matching) -> list[int]:
    """The columns of the sheet that hold something below the headings and fill nothing, counted from 0."""
    rows = grid[1 if matching.has_heading else 0 :]
    filled = {number for row in rows for number, cell in enumerate(row) if cell != ""}
    return sorted(filled - set(matching.columns.values()))


def read_rows(table: FieldSpec, grid: Grid, matching: Matching, language: str) -> list[FilledRow]:
    """The rows below the headings that hold anything in a matched column."""
    first = 1 if matching.has_heading else 0
    rows = ((number, _answers(table, row, matching, language)) for number, row in enumerate(grid[first:], first + 1))
    return [FilledRow(number, answers) for number, answers in rows if answers]


def _answers(table: FieldSpec, row: Sequence[Cell], matching: Matching, language: str) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for target in targets_of(table):
        number = matching.columns.get(target.name)
        if number is None or number >= len(row) or row[number] == "":
            continue
        if target.end:
            day = read_cell(row[number], FieldSpec(target.name, "date", target.spec.label), language)
            answers.setdefault(target.spec.key, {})[target.end] = day
        elif (answer := read_cell(row[number], target.spec, language)) not in (None, []):
            answers[target.spec.key] = answer
    return answers


def plan_of(table: FieldSpec, rows: Sequence[FilledRow], setting: Setting, *, before: int) -> Plan:
    """Judge all rows at once; ``before`` is how many rows the table keeps above them."""
    most = int(table.limits.get("max_rows", MOST_ROWS))
    if not rows:
        return Plan((), (), (), Reason("sheet_without_rows"))
    if len(rows) + before > most:
        facts = {"limit": most, "number": len(rows), "before": before}
        return Plan((), (), (), Reason("sheet_exceeds_table" if before else "sheet_longer_than_table", facts))
    cleaned, faults = zip(*(_checked(table, row, setting) for row in rows), strict=True)
    gaps = tuple(gap for row in cleaned for gap in _gaps(table, row))
    return Plan(tuple(cleaned), tuple(fault for found in faults for fault in found), gaps)


def _checked(table: FieldSpec, row: FilledRow, setting: Setting) -> tuple[FilledRow, list[RowFault]]:
    cleaned, faults = check_answers(table.columns, row.answers, setting)
    return FilledRow(row.line, {**row.answers, **cleaned}), list(_told(table, row, faults))


def _told(table: FieldSpec, row: FilledRow, faults: Faults) -> Iterable[RowFault]:
    columns = {column.key: column for column in table.columns}
    for path, reasons in faults.items():
        column = columns[path.split(".")[0]]
        for reason in reasons:
            yield RowFault(row.line, column, reason, row.answers.get(column.key))


def _gaps(table: FieldSpec, row: FilledRow) -> Iterable[RowFault]:
    applying = [column for column in table.columns if column.when is None or column.when.holds(row.answers)]
    return _told(table, row, completeness_faults(applying, row.answers))


register_reasons(
    {
        "sheet_missing": lazy_gettext("Paste the cells or choose a file."),
        "sheet_without_rows": lazy_gettext("There are no rows for this table in the sheet."),
        "sheet_longer_than_table": lazy_gettext(
            "The table takes at most %(limit)s rows; the sheet has %(number)s. Nothing was filled in."
        ),
        "sheet_exceeds_table": lazy_gettext(
            "The table takes at most %(limit)s rows. It has %(before)s already, and the sheet has %(number)s more."
            " Nothing was filled in."
        ),
    }
)

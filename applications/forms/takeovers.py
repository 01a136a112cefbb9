"""The sheet of an older register read: its headings found among the columns of the procedure, its rows as answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from applications.forms.filling import propose_matching, read_rows, targets_of
from applications.models import TakeoverSheet
from applications.packs.model import FieldSpec
from applications.queries.takeovers import importable
from applications.takeovercolumns import MOST_ROWS, takeover_table
from foundation.actors import Actor
from foundation.errors import Invalid, Reason
from foundation.reasons import register_reasons
from foundation.spreadsheets import Grid
from foundation.wording import in_language


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """The rows of a sheet as answers, and by question the letter of its column in the sheet."""

    rows: list[dict[str, Any]]
    letters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SentSheet:
    """What is said of a sheet that is sent: of which procedure, which older register, and the name of its file."""

    procedure: str
    register: str
    filename: str


def read_sheet(table: FieldSpec, grid: Grid, language: str) -> ReadSheet:
    """The rows below the headings.

    Raises Invalid (``file``): no headings, some that name no column, a column that is needed and missing, or no or
    too many rows.
    """
    matching = propose_matching(table, grid)
    if not matching.has_heading:
        raise _refused("sheet_without_headings")
    used = set(matching.columns.values())
    unknown = [str(cell) for number, cell in enumerate(grid[0]) if cell != "" and number not in used]
    if unknown:
        raise _refused("sheet_unknown_columns", columns=", ".join(unknown)[:300])
    missing = [spec for spec in table.columns if spec.required and spec.key not in matching.columns]
    if missing:
        raise _refused("sheet_lacks_columns", columns=", ".join(in_language(spec.label, language) for spec in missing))
    rows = read_rows(table, grid, matching, language)
    if not rows:
        raise _refused("sheet_without_dossiers")
    if len(rows) > MOST_ROWS:
        raise _refused("too_many_rows", limit=MOST_ROWS)
    letters = {
        target.spec.key: _letter(matching.columns[target.name])
        for target in reversed(targets_of(table))
        if target.name in matching.columns
    }
    return ReadSheet([{"line": row.line, "answers": row.answers} for row in rows], letters)


def arrived_sheet(
    session: Session, grid: Grid, stated: SentSheet, *, language: str, actor: Actor
) -> tuple[TakeoverSheet, list[dict[str, Any]]]:
    """The sheet of an older register as it arrives, not kept yet, and its rows.

    Raises NotFound for a procedure for which the actor takes nothing over, Invalid as :func:`read_sheet` does.
    """
    found, unit = importable(session, stated.procedure, actor=actor)
    read = read_sheet(takeover_table(found.pack), grid, language)
    sheet = TakeoverSheet(
        procedure_id=found.id,
        version_id=found.version_id,
        unit_id=unit.id,
        register=stated.register.replace("\x00", ""),
        filename=stated.filename.replace("\x00", "")[:200],
        letters=dict(read.letters),
    )
    return sheet, read.rows


def _letter(number: int) -> str:
    import xlsxwriter.utility  # noqa: PLC0415 - most processes write no workbook

    return str(xlsxwriter.utility.xl_col_to_name(number))


def _refused(code: str, **facts: Any) -> Invalid:
    return Invalid({"file": [Reason(code, facts)]})


register_reasons(
    {
        "sheet_without_headings": lazy_gettext(
            "The first row must hold the headings. Download the empty sheet of the procedure and fill it in."
        ),
        "sheet_unknown_columns": lazy_gettext(
            "The procedure asks nothing by these headings: %(columns)s. Rename or delete these columns."
        ),
        "sheet_lacks_columns": lazy_gettext("These columns are missing: %(columns)s."),
    }
)

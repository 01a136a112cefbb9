"""An empty sheet for a table: its headings, what each column asks, and the lists to choose from."""

from typing import IO, Any

from applications.forms.filling import Target, targets_of
from applications.forms.wards import ward_groups
from applications.packs.model import FieldSpec
from foundation.wording import in_language

LINES = 1000
LONGEST_PROMPT = 255
"""Letters that a spreadsheet shows beside a cell."""


def write_blank_sheet(table: FieldSpec, language: str, target: IO[bytes]) -> None:
    """Write an XLSX file with one heading for each column of the table that a sheet can fill."""
    import xlsxwriter  # noqa: PLC0415 - most processes write no workbook

    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, lists = book.add_worksheet(), book.add_worksheet("_")
    lists.hide()
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    formats = {"date": book.add_format({"num_format": "dd/mm/yyyy"}), "text": book.add_format({"num_format": "@"})}
    for number, column in enumerate(targets_of(table)):
        title = column.title(language)
        sheet.set_column(number, number, min(max(len(title) + 4, 16), 48), formats.get(_look(column)))
        sheet.write_string(0, number, title, bold)
        _offer(sheet, lists, number, column, language)
    sheet.freeze_panes(1, 0)
    book.close()


def _look(column: Target) -> str:
    if column.end or column.spec.type == "date":
        return "date"
    return "" if column.spec.type in ("number", "money") else "text"


def _offer(sheet: Any, lists: Any, number: int, column: Target, language: str) -> None:
    """A list to choose from where the answer is one of several, and the column's help beside the cell."""
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 - see above

    options = _options(column.spec, language)
    prompt = in_language(column.spec.help, language)[:LONGEST_PROMPT]
    rule: dict[str, Any] = {"validate": "any", **({"input_message": prompt} if prompt else {})}
    if options:
        lists.write_column(0, number, options)
        name = xl_col_to_name(number)
        rule |= {"validate": "list", "source": f"=_!${name}$1:${name}${len(options)}", "error_type": "warning"}
    if options or prompt:
        sheet.data_validation(1, number, LINES, number, rule)


def _options(spec: FieldSpec, language: str) -> list[str]:
    if spec.type == "ward":
        return [name for _, wards in ward_groups(language) for _, name in wards]
    return [in_language(choice.label, language) for choice in spec.choices] if spec.type == "choice" else []

"""A cell of a spreadsheet read as the answer to a question; what cannot be understood stays as it is written."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from applications.forms.figures import iso_day, plain_number
from applications.forms.wards import ward_named
from applications.packs.model import Choice, FieldSpec
from foundation.searchtext import fold
from foundation.spreadsheets import Cell

YES = frozenset({"co", "yes", "oui", "x", "true", "vrai", "dung", "1", "y", "✓", "✔"})
NO = frozenset({"khong", "no", "non", "false", "faux", "sai", "0", "n"})
SEVERAL = re.compile(r"[;\n]")

Reader = Callable[[Cell, FieldSpec, str], Any]


def read_cell(cell: Cell, spec: FieldSpec, language: str) -> Any:
    """The raw answer behind a cell that is not blank, as ``check_answers`` takes it."""
    return _READERS.get(spec.type, _text)(cell, spec, language)


def _text(cell: Cell, spec: FieldSpec, language: str) -> str:
    text = str(cell)
    return " ".join(text.split()) if spec.type == "text" else text


def _number(cell: Cell, spec: FieldSpec, language: str) -> Any:
    if isinstance(cell, bool | int):
        return cell
    if isinstance(cell, float):
        return repr(cell)
    is_whole = spec.type == "money" or spec.limits.get("decimals", 0) == 0
    return plain_number(cell, language, is_whole=is_whole)


def _day(cell: Cell, spec: FieldSpec, language: str) -> str:
    return iso_day(str(cell))


def _choice(cell: Cell, spec: FieldSpec, language: str) -> str:
    return _chosen(str(cell), spec.choices) or str(cell)


def _choices(cell: Cell, spec: FieldSpec, language: str) -> list[str]:
    text = str(cell)
    if found := _chosen(text, spec.choices):
        return [found]
    parts = [part.strip() for part in SEVERAL.split(text) if part.strip()]
    if len(parts) == 1:
        parts = [part.strip() for part in text.split(",") if part.strip()]
    return [_chosen(part, spec.choices) or part for part in parts]


def _chosen(text: str, choices: Iterable[Choice]) -> str:
    """The value of the choice that is meant: by value or label, if need be without regard to marks."""
    names = [(choice.value, {choice.value, *choice.label.values()}) for choice in choices]
    exact = {value for value, known in names if text in known}
    meant = exact or {value for value, known in names if fold(text) and fold(text) in {fold(name) for name in known}}
    return meant.pop() if len(meant) == 1 else ""


def _yes_or_no(cell: Cell, spec: FieldSpec, language: str) -> Any:
    if isinstance(cell, bool):
        return cell
    word = fold(str(cell)) or str(cell)
    return True if word in YES else False if word in NO else str(cell)


def _declaration(cell: Cell, spec: FieldSpec, language: str) -> Any:
    answer = _yes_or_no(cell, spec, language)
    return None if answer is False else answer


def _ward(cell: Cell, spec: FieldSpec, language: str) -> str:
    text = f"{cell:05d}" if isinstance(cell, int) else str(cell)
    return ward_named(text) or text


_READERS: Mapping[str, Reader] = {
    "number": _number,
    "money": _number,
    "date": _day,
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_or_no,
    "declaration": _declaration,
    "ward": _ward,
}

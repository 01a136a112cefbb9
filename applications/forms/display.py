"""Answers to read, not to change: money with its unit, days, wards and choices by name, tables as rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_babel import gettext

from applications.forms.figures import shown_day, shown_number
from applications.forms.wards import ward_name
from applications.packs.conditions import is_answered
from applications.packs.model import FieldSpec
from foundation.wording import in_language


def shown_answer(
    spec: FieldSpec, value: Any, language: str, *, names: Mapping[tuple[str, int], str] | None = None
) -> str:
    """One answer as a line of text; empty when there is none. Tables are shown by :func:`shown_rows`.

    ``names`` gives people and files theirs, by kind and number: ``{("person", 7): "…"}``.
    """
    if not is_answered(value):
        return ""
    if spec.type in {"person", "file"}:
        return (names or {}).get((spec.type, value), str(value))
    return _TEXTS.get(spec.type, _plain)(spec, value, language)


def shown_rows(
    spec: FieldSpec, value: Any, language: str, *, names: Mapping[tuple[str, int], str] | None = None
) -> Iterator[list[tuple[FieldSpec, str]]]:
    """The rows of a table, each as its questions with their answers as text."""
    for row in value if isinstance(value, list) else ():
        cells = row if isinstance(row, Mapping) else {}
        yield [(column, shown_answer(column, cells.get(column.key), language, names=names)) for column in spec.columns]


def _plain(spec: FieldSpec, value: Any, language: str) -> str:
    return str(value)


def _number(spec: FieldSpec, value: Any, language: str) -> str:
    unit = in_language(spec.limits.get("unit"), language)
    number = shown_number(value, language)
    return f"{number} {unit}" if unit else number


def _money(spec: FieldSpec, value: Any, language: str) -> str:
    return str(gettext("%(amount)s VND", amount=shown_number(value, language)))


def _day(spec: FieldSpec, value: Any, language: str) -> str:
    return shown_day(value, language)


def _period(spec: FieldSpec, value: Any, language: str) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    days = {end: shown_day(day, language) for end, day in value.items() if is_answered(day)}
    if set(days) == {"from", "to"}:
        return str(gettext("%(first)s to %(last)s", first=days["from"], last=days["to"]))
    if "from" in days:
        return str(gettext("from %(first)s", first=days["from"]))
    return str(gettext("until %(last)s", last=days["to"]))


def _choice(spec: FieldSpec, value: Any, language: str) -> str:
    values = value if isinstance(value, list) else [value]
    labels = {choice.value: in_language(choice.label, language) for choice in spec.choices if choice.value in values}
    return "; ".join(labels.get(item, str(item)) for item in values)


def _yes_no(spec: FieldSpec, value: Any, language: str) -> str:
    if not isinstance(value, bool):
        return str(value)
    return str(gettext("Yes") if value else gettext("No"))


def _declared(spec: FieldSpec, value: Any, language: str) -> str:
    if not isinstance(value, bool):
        return str(value)
    return str(gettext("Confirmed") if value else gettext("Not confirmed"))


def _ward(spec: FieldSpec, value: Any, language: str) -> str:
    return ward_name(value, language)


_TEXTS = {
    "number": _number,
    "money": _money,
    "date": _day,
    "period": _period,
    "choice": _choice,
    "choices": _choice,
    "part": _choice,
    "yes_no": _yes_no,
    "declaration": _declared,
    "ward": _ward,
}

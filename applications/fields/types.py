"""One class per kind of question: the only place that knows what a sound answer of that kind is."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from dateutil.relativedelta import relativedelta

from applications.packs.conditions import is_answered
from applications.packs.model import FieldSpec
from foundation.errors import Reason

Faults = dict[str, list[Reason]]
LONGEST = {"text": 500, "long_text": 20_000}
MOST_ROWS = 500


def _nowhere(key: Any) -> bool:
    return False


def _nobody(key: Any, role: str | None) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Setting:
    """What an answer is checked against besides its question: today, and which wards, people, files exist.

    ``is_person`` is asked with the role that the person must hold, if the question demands one.
    """

    today: date
    is_ward: Callable[[Any], bool] = _nowhere
    is_person: Callable[[Any, str | None], bool] = _nobody
    is_file: Callable[[Any], bool] = _nowhere


class Unsound(ValueError):  # noqa: N818 - an answer about an answer, not a failure
    """An answer that is not of its kind; ``faults`` by path below the field ("" is the field itself)."""

    def __init__(self, code: str, path: str = "", **facts: Any) -> None:
        self.faults: Faults = {path: [Reason(code, facts)]}
        super().__init__(code)


class FieldType:
    """Base of the kinds. ``clean`` gives the stored form of an answer or raises Unsound."""

    json_type: Mapping[str, Any] = {"type": "string"}

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> Any:
        raise Unsound("not_this_kind")

    def json_schema(self, spec: FieldSpec) -> dict[str, Any]:
        """JSON Schema of the stored form."""
        return dict(self.json_type)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unsound("not_text")
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if "\x00" in text:
        raise Unsound("not_text")
    return text


class TextType(FieldType):
    """A line or a paragraph of text, NFC."""

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> str:
        text = _text(value)
        limit = spec.limits.get("max_length", LONGEST[spec.type])
        if len(text) > limit:
            raise Unsound("too_long", limit=limit)
        if spec.type == "text" and "\n" in text:
            raise Unsound("one_line_only")
        if text and len(text) < spec.limits.get("min_length", 0):
            raise Unsound("too_short", limit=spec.limits["min_length"])
        if text and "pattern" in spec.limits and not re.fullmatch(spec.limits["pattern"], text):
            raise Unsound("not_this_form")
        return text

    def json_schema(self, spec: FieldSpec) -> dict[str, Any]:
        schema = {"type": "string", "maxLength": spec.limits.get("max_length", LONGEST[spec.type])}
        return schema | ({"pattern": f"^(?:{spec.limits['pattern']})?$"} if "pattern" in spec.limits else {})


class NumberType(FieldType):
    """A number: whole ones as int, others as decimal text, so that no float ever rounds them."""

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> Any:
        number = self._number(value)
        decimals = spec.limits.get("decimals", 0)
        if number != round(number, decimals):
            raise Unsound("too_many_decimals", limit=decimals)
        if "minimum" in spec.limits and number < Decimal(str(spec.limits["minimum"])):
            raise Unsound("too_small", limit=spec.limits["minimum"])
        if "maximum" in spec.limits and number > Decimal(str(spec.limits["maximum"])):
            raise Unsound("too_large", limit=spec.limits["maximum"])
        return int(number) if decimals == 0 else format(number.normalize(), "f")

    def _number(self, value: Any) -> Decimal:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise Unsound("not_a_number")
        try:
            number = Decimal(value)
        except InvalidOperation as error:
            raise Unsound("not_a_number") from error
        if not number.is_finite() or abs(number) >= 10**18 or abs(number.as_tuple().exponent) > 30:  # type: ignore[arg-type]
            raise Unsound("not_a_number")
        return number

    def json_schema(self, spec: FieldSpec) -> dict[str, Any]:
        if decimals := spec.limits.get("decimals", 0):
            return {"type": "string", "pattern": rf"^-?[0-9]+(\.[0-9]{{1,{decimals}}})?$"}
        return {"type": "integer", **_bounds(spec)}


def _bounds(spec: FieldSpec) -> dict[str, Any]:
    return {key: spec.limits[key] for key in ("minimum", "maximum") if key in spec.limits}


class MoneyType(NumberType):
    """An amount in whole đồng, never negative."""

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> int:
        amount = self._number(value)
        if amount != int(amount):
            raise Unsound("whole_dong_only")
        if amount < Decimal(str(spec.limits.get("minimum", 0))):
            raise Unsound("too_small", limit=spec.limits.get("minimum", 0))
        if "maximum" in spec.limits and amount > Decimal(str(spec.limits["maximum"])):
            raise Unsound("too_large", limit=spec.limits["maximum"])
        return int(amount)

    def json_schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "integer", "minimum": 0, **_bounds(spec)}


def _date(value: Any) -> date:
    try:
        parsed = date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Unsound("not_a_date") from error
    if not 1900 <= parsed.year <= 2200:
        raise Unsound("not_a_date")
    return parsed


def _bound(limit: Any, setting: Setting) -> date:
    return setting.today if limit == "today" else date.fromisoformat(limit)


def _within_bounds(day: date, spec: FieldSpec, setting: Setting) -> None:
    if "earliest" in spec.limits and day < _bound(spec.limits["earliest"], setting):
        raise Unsound("too_early", limit=_bound(spec.limits["earliest"], setting).isoformat())
    if "latest" in spec.limits and day > _bound(spec.limits["latest"], setting):
        raise Unsound("too_late", limit=_bound(spec.limits["latest"], setting).isoformat())


class DateType(FieldType):
    """A day, as ISO text."""

    json_type = {"type": "string", "format": "date"}

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> str:
        day = _date(value)
        _within_bounds(day, spec, setting)
        return day.isoformat()


class PeriodType(FieldType):
    """A first and a last day; either may still be open while a draft is written."""

    json_type = {
        "type": "object",
        "properties": {
            "from": {"type": "string", "format": "date"},
            "to": {"type": "string", "format": "date"},
        },
        "additionalProperties": False,
    }

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> dict[str, str]:
        if not isinstance(value, Mapping) or set(value) - {"from", "to"}:
            raise Unsound("not_a_period")
        days = {end: _date(value[end]) for end in ("from", "to") if is_answered(value.get(end))}
        for day in days.values():
            _within_bounds(day, spec, setting)
        if len(days) == 2:
            self._check_length(days["from"], days["to"], spec)
        return {end: day.isoformat() for end, day in days.items()}

    def _check_length(self, first: date, last: date, spec: FieldSpec) -> None:
        if last < first:
            raise Unsound("ends_before_it_starts")
        months = spec.limits.get("max_months")
        if months and last > first + relativedelta(months=months) - timedelta(days=1):
            raise Unsound("longer_than_months", limit=months)


class ChoiceType(FieldType):
    """One of the listed values."""

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> str:
        if value == "" or not isinstance(value, str):
            if value == "":
                return ""
            raise Unsound("not_a_choice")
        if value not in {choice.value for choice in spec.choices}:
            raise Unsound("not_a_choice")
        return value

    def json_schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string", "enum": [choice.value for choice in spec.choices]}


class ChoicesType(FieldType):
    """Several of the listed values, each once, in the order of the pack."""

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> list[str]:
        known = [choice.value for choice in spec.choices]
        if not isinstance(value, list) or not all(isinstance(item, str) and item in known for item in value):
            raise Unsound("not_a_choice")
        if len(set(value)) > spec.limits.get("max_choices", len(known)):
            raise Unsound("too_many_choices", limit=spec.limits["max_choices"])
        return [item for item in known if item in value]

    def json_schema(self, spec: FieldSpec) -> dict[str, Any]:
        items = {"type": "string", "enum": [choice.value for choice in spec.choices]}
        return {"type": "array", "items": items, "uniqueItems": True}


class YesNoType(FieldType):
    """Yes or no; a declaration is complete only with yes."""

    json_type = {"type": "boolean"}

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> bool:
        if not isinstance(value, bool):
            raise Unsound("not_yes_or_no")
        return value


class ReferenceType(FieldType):
    """A ward by its code, or a person or file by its number; only what exists."""

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> Any:
        expected = str if spec.type == "ward" else int
        if isinstance(value, bool) or not isinstance(value, expected) or not self._exists(value, spec, setting):
            raise Unsound("does_not_exist")
        return value

    def _exists(self, value: Any, spec: FieldSpec, setting: Setting) -> bool:
        if spec.type == "person":
            return setting.is_person(value, spec.limits.get("role"))
        return setting.is_ward(value) if spec.type == "ward" else setting.is_file(value)

    def json_schema(self, spec: FieldSpec) -> dict[str, Any]:
        return {"type": "string"} if spec.type == "ward" else {"type": "integer"}


class TableType(FieldType):
    """Rows of answers to the same questions; empty rows are dropped."""

    def clean(self, value: Any, spec: FieldSpec, setting: Setting) -> list[dict[str, Any]]:
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise Unsound("not_a_table")
        rows = [row for row in value if any(is_answered(cell) for cell in row.values())]
        if len(rows) > spec.limits.get("max_rows", MOST_ROWS):
            raise Unsound("too_many_rows", limit=spec.limits.get("max_rows", MOST_ROWS))
        faults: Faults = {}
        cleaned = [self._row(row, f"{number}", spec, setting, faults) for number, row in enumerate(rows)]
        if faults:
            unsound = Unsound("not_a_table")
            unsound.faults = faults
            raise unsound
        return cleaned

    def _row(
        self, row: Mapping[str, Any], path: str, spec: FieldSpec, setting: Setting, faults: Faults
    ) -> dict[str, Any]:
        columns = {column.key: column for column in spec.columns}
        cleaned = {}
        for key, cell in row.items():
            if key not in columns:
                faults[f"{path}.{key}"] = [Reason("no_such_field")]
            elif is_answered(cell):
                try:
                    cleaned[key] = field_type(columns[key]).clean(cell, columns[key], setting)
                except Unsound as unsound:
                    faults |= {f"{path}.{key}{'.' + p if p else ''}": f for p, f in unsound.faults.items()}
        return cleaned

    def json_schema(self, spec: FieldSpec) -> dict[str, Any]:
        properties = {column.key: field_type(column).json_schema(column) for column in spec.columns}
        row = {"type": "object", "properties": properties, "additionalProperties": False}
        return {"type": "array", "items": row, "maxItems": spec.limits.get("max_rows", MOST_ROWS)}


FIELD_TYPES: Mapping[str, FieldType] = {
    "text": TextType(),
    "long_text": TextType(),
    "number": NumberType(),
    "money": MoneyType(),
    "date": DateType(),
    "period": PeriodType(),
    "choice": ChoiceType(),
    "choices": ChoicesType(),
    "part": ChoiceType(),
    "yes_no": YesNoType(),
    "declaration": YesNoType(),
    "ward": ReferenceType(),
    "person": ReferenceType(),
    "file": ReferenceType(),
    "table": TableType(),
}


def field_type(spec: FieldSpec) -> FieldType:
    """The kind of this question."""
    return FIELD_TYPES[spec.type]

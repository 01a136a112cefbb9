"""What programs send and get: strict kinds of field, each saying what is wrong by a reason code."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from flask_smorest.fields import Upload
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from werkzeug.datastructures import FileStorage

from foundation.errors import Reason
from foundation.reasons import register_reasons
from foundation.wording import LANGUAGES

COMMON: dict[str, str | list[Any] | dict[Any, Any]] = {
    "required": "required",
    "null": "required",
    "validator_failed": "not_this_form",
}
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""What neither JSON's readers nor the database can keep: NUL and halves of surrogate pairs."""

WHOLE = re.compile(r"-?[0-9]{1,18}")
FIRST_YEAR, LAST_YEAR = 1900, 2200

FieldReasons = dict[str, list[Reason]]


class Shape(Schema):
    """Base of every body and answer: a field that nobody knows is refused, never dropped."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "no_such_field", "type": "not_an_object"}


class Length(validate.Length):
    """Limits of a text or list."""

    def __call__(self, value: Any) -> Any:
        if self.max is not None and len(value) > self.max:
            code = "too_long" if isinstance(value, str) else "list_too_long"
            raise ValidationError([Reason(code, {"limit": self.max})])
        if self.min is not None and len(value) < self.min:
            raise ValidationError(["required"])
        return value


class Range(validate.Range):
    """Limits of a number, both included."""

    def __call__(self, value: Any) -> Any:
        if self.min is not None and value < self.min:
            raise ValidationError([Reason("too_small", {"limit": self.min})])
        if self.max is not None and value > self.max:
            raise ValidationError([Reason("too_large", {"limit": self.max})])
        return value


class Text(fields.String):
    """Text in NFC; with ``longest`` it is input and may not be longer."""

    default_error_messages = {**COMMON, "invalid": "not_text", "invalid_utf8": "not_text"}

    def __init__(self, *, longest: int | None = None, shortest: int | None = None, **rest: Any) -> None:
        if longest is not None:
            rest["validate"] = Length(min=shortest, max=longest)
        super().__init__(**rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> str:
        text = super()._deserialize(value, attr, data, **rest)
        if UNSTORABLE.search(text):
            raise self.make_error("invalid")
        return unicodedata.normalize("NFC", text)


class OneOf(validate.OneOf):
    """Exactly one of the listed values."""

    def __init__(self, choices: Iterable[str]) -> None:
        super().__init__(tuple(choices), error="not_a_choice")


class Choice(Text):
    """One of some codes."""

    def __init__(self, *choices: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.validators = [OneOf(choices)]


class Whole(fields.Integer):
    """A whole number. Decimal text counts only in an address, where everything is text."""

    default_error_messages = {**COMMON, "invalid": "not_a_number", "too_large": "not_a_number"}

    def __init__(self, *, lowest: int | None = None, highest: int | None = None, **rest: Any) -> None:
        self.is_text = rest.pop("is_text", False)
        if lowest is not None or highest is not None:
            rest["validate"] = Range(min=lowest, max=highest)
        super().__init__(**rest)

    def _validated(self, value: Any) -> int:
        if self.is_text and isinstance(value, str) and WHOLE.fullmatch(value):
            return int(value)
        if self.is_text or not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
            raise self.make_error("invalid")
        return value


class Flag(fields.Boolean):
    """True or false, and nothing that resembles them."""

    default_error_messages = {**COMMON, "invalid": "not_yes_or_no"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Day(fields.Date):
    """A calendar day as ISO text."""

    default_error_messages = {**COMMON, "invalid": "not_a_date", "format": "not_a_date"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> date:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise self.make_error("invalid", input=value, obj_type="date")
        try:
            day = date.fromisoformat(value)
        except ValueError as error:
            raise self.make_error("invalid", input=value, obj_type="date") from error
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


class Instant(fields.AwareDateTime):
    """An instant in UTC, in ISO 8601."""


class Exact(fields.Decimal):
    """A decimal number as text, so that no reader rounds it."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(as_string=True, **rest)


class Open(fields.Dict):
    """An object whose keys a procedure defines, not this interface."""

    default_error_messages = {**COMMON, "invalid": "not_an_object"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> dict[Any, Any]:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        return value


class Anything(fields.Raw):
    """Any JSON value."""

    default_error_messages = COMMON


class Inner(fields.Nested):
    """An object of a known shape."""

    default_error_messages = {**COMMON, "type": "not_an_object"}


class Many(fields.List[Any]):
    """A list of one kind."""

    default_error_messages = {**COMMON, "invalid": "not_a_list"}


class File(Upload):
    """An uploaded file."""

    default_error_messages = {**COMMON, "invalid": "not_a_file"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> FileStorage:
        if not isinstance(value, FileStorage):
            raise self.make_error("invalid")
        return value


class TrilingualShape(Shape):
    """Words in Vietnamese, English and French."""

    vi = Text(required=True)
    en = Text()
    fr = Text()


def words(**rest: Any) -> Inner:
    """A field that holds words in three languages."""
    return Inner(TrilingualShape, **rest)


def reasons_by_path(messages: Any, path: str = "") -> FieldReasons:
    """What marshmallow says, which is reason codes, by dotted field path; "_" is the whole."""
    return dict(_leaves(messages, path))


def _leaves(messages: Any, path: str) -> Iterator[tuple[str, list[Reason]]]:
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            below = path if key == "_schema" else f"{path}.{key}" if path else str(key)
            yield from _leaves(inner, below)
        return
    found = messages if isinstance(messages, list) else [messages]
    yield path or "_", [reason if isinstance(reason, Reason) else Reason(reason) for reason in found]


register_reasons(
    {
        "not_an_object": lazy_gettext("Send an object here."),
        "not_a_file": lazy_gettext("Send a file here."),
        "not_a_list": lazy_gettext("Send a list here."),
    }
)

assert set(LANGUAGES) == set(TrilingualShape().fields)  # noqa: S101 - the shape follows the product's languages

"""Reads what programs send: JSON and forms with files, nothing unknown, nothing that cannot be stored."""

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from flask import Request
from flask_babel import lazy_gettext
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError
from webargs import core
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from foundation.errors import Invalid
from foundation.reasons import register_reasons
from foundation.schemas import UNSTORABLE, reasons_by_path

MULTIPART = "multipart/form-data"
DEEPEST = 60
"""Levels of objects and lists that a body may nest."""


class StrictParser(FlaskParser):
    """Reads what was sent: unknown names refused everywhere, faults as reasons by field path."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"json": RAISE, "query": RAISE, "multipart": RAISE, "headers": EXCLUDE}
    __location_map__ = {**FlaskParser.__location_map__, "multipart": "load_multipart"}

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data(cache=True)
        if not body and not req.content_length:
            return core.missing
        if not core.is_json(req.mimetype):
            raise UnsupportedMediaType
        return read_json(body)

    def load_multipart(self, req: Request, schema: Schema) -> Any:
        """The text and the files of a form with files."""
        if req.mimetype != MULTIPART:
            raise UnsupportedMediaType
        return {**req.form.to_dict(), **req.files.to_dict()}

    def handle_error(self, error: ValidationError, req: Request, schema: Schema, **rest: Any) -> NoReturn:
        (messages,) = error.messages_dict.values()
        raise Invalid(reasons_by_path(messages))


def read_json(body: bytes) -> Any:
    """The value of a JSON body.

    Raises:
        BadRequest: it is not JSON.
        Invalid: it holds text that cannot be stored, or nests too deeply.
    """
    try:
        value = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadRequest from error
    if faults := {path: [code] for path, code in _unfit(value, "", 0)}:
        raise Invalid(faults)
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _unfit(value: Any, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > DEEPEST:
        yield path, "nested_too_deeply"
    elif isinstance(value, str) and UNSTORABLE.search(value):
        yield path or "_", "not_text"
    elif isinstance(value, dict):
        for key, inner in value.items():
            if UNSTORABLE.search(key):
                yield path or "_", "no_such_field"
            else:
                yield from _unfit(inner, f"{path}.{key}" if path else key, depth + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unfit(inner, f"{path}.{number}" if path else str(number), depth + 1)


register_reasons({"nested_too_deeply": lazy_gettext("This is nested too deeply.")})

"""How values become JSON: exact decimals as text, instants in ISO 8601."""

from decimal import Decimal
from typing import Any

import orjson
from flask import Response
from flask.json.provider import JSONProvider
from flask_babel.speaklater import LazyString


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal | LazyString):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


class FastJson(JSONProvider):
    """Flask's JSON by orjson."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return self._bytes(obj, is_pretty=bool(kwargs.get("indent"))).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return orjson.loads(s)

    def response(self, *args: Any, **kwargs: Any) -> Response:
        answer = self._prepare_response_obj(args, kwargs)
        return Response(self._bytes(answer), mimetype="application/json")

    def _bytes(self, value: Any, *, is_pretty: bool = False) -> bytes:
        options = orjson.OPT_NON_STR_KEYS | (orjson.OPT_INDENT_2 if is_pretty else 0)
        return orjson.dumps(value, default=_plain, option=options)

"""Addresses of pages, built quickly: what Flask built once for a page is filled with the next plain values."""

import re
from typing import Any

from flask import Flask, has_request_context, request, url_for
from werkzeug.routing import IntegerConverter, Map

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""Values that stand in an address as they are, in its path as well as in its query."""

NUMBER = 900_000_000_000
LARGEST_KEPT = 2**63 - 1
_built: dict[tuple[Any, ...], tuple[str, ...]] = {}


class KeptNumber(IntegerConverter):
    """A number that the database can keep: of any larger one there is no page, rather than a failure."""

    def __init__(self, map: Map, **limits: Any) -> None:
        super().__init__(map, **{"max": LARGEST_KEPT, **limits})


def address_of(endpoint: str, **values: Any) -> str:
    """What ``url_for(endpoint, **values)`` answers."""
    kinds = [_kind(value) for value in values.values()]
    if None in kinds or endpoint[:1] == "." or _is_mounted():
        return url_for(endpoint, **values)
    shape = (endpoint, *values, *kinds)
    pieces = _built.get(shape)
    if pieces is None:
        pieces = _built[shape] = _cut(endpoint, values)
    whole = pieces[0]
    for name, rest in zip(pieces[1::2], pieces[2::2], strict=True):
        whole += f"{values[name]}{rest}"
    return whole


def _kind(value: Any) -> type | None:
    kind = type(value)
    if kind is int and value >= 0:
        return int
    return str if kind is str and PLAIN.fullmatch(value) else None


def _is_mounted() -> bool:
    return has_request_context() and bool(request.environ.get("SCRIPT_NAME"))


def _cut(endpoint: str, values: dict[str, Any]) -> tuple[str, ...]:
    """The address in pieces: words, the name of a value, words, …"""
    places: dict[str, Any] = {
        name: NUMBER + index if type(value) is int else f"place{NUMBER + index}"
        for index, (name, value) in enumerate(values.items())
    }
    names = {str(place): name for name, place in places.items()}
    pieces = re.split(rf"({'|'.join(names)})", url_for(endpoint, **places)) if names else [url_for(endpoint)]
    return tuple(names.get(piece, piece) for piece in pieces)


def install(app: Flask) -> None:
    """Offer it to templates in place of ``url_for``: what is a filter as well is called directly."""
    app.jinja_env.filters["url_for"] = address_of

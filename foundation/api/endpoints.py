"""The endpoints of the JSON API: registered behind the common behaviour, documented with their refusals."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from http import HTTPStatus
from typing import Any

from flask_smorest import Blueprint

from foundation.access import EVERYONE, rule_of
from foundation.api.execution import carefully
from foundation.api.parsing import MULTIPART, StrictParser

PREFIX = "/api/v1"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
NEEDED, HONOURED = "IF_MATCH", "IF_MATCH_HONOURED"
"""Whether a view needs the version that it changes, or only minds it when it is named."""

View = Callable[..., Any]


class ApiBlueprint(Blueprint):
    """Endpoints of one kind of thing. ``tag`` names the kind in the document."""

    ARGUMENTS_PARSER = StrictParser()
    DEFAULT_LOCATION_CONTENT_TYPE_MAPPING = {
        **Blueprint.DEFAULT_LOCATION_CONTENT_TYPE_MAPPING,
        "multipart": MULTIPART,
    }

    def __init__(self, name: str, import_name: str, *, tag: str, description: str) -> None:
        super().__init__(name, import_name, url_prefix=PREFIX, description=description)
        self.tag = tag
        self._prepare_doc_cbks.append(_prepare_common_doc)

    def arguments(self, schema: Any, **options: Any) -> Callable[[View], View]:
        """What a view is sent, by a schema that is made once rather than with every request."""
        made = schema() if isinstance(schema, type) else schema
        return super().arguments(made, **options)  # type: ignore[no-any-return]  # untyped in flask-smorest

    def add_url_rule(
        self, rule: str, endpoint: str | None = None, view_func: View | None = None, *rest: Any, **options: Any
    ) -> None:
        """Register a view behind the common behaviour."""
        assert view_func is not None  # noqa: S101 - decorators always pass one
        methods = set(options.get("methods", ["GET"]))
        view = carefully(view_func, is_reading=methods <= READING)
        view._apidoc = _told(view_func, rule)  # type: ignore[attr-defined]  # where flask-smorest looks
        options["tags"] = options.get("tags") or [self.tag]
        super().add_url_rule(rule, endpoint or view_func.__name__, view, *rest, **options)


def _told(view: View, rule: str) -> dict[str, Any]:
    """What the document says of a view beyond its schemas."""
    told = deepcopy(getattr(view, "_apidoc", {}))
    declared = rule_of(view)
    told["common"] = {
        "is_public": declared is EVERYONE,
        "access": declared.name if declared else "",
        "has_key": "<" in rule,
        "has_body": any(
            isinstance(part, Mapping) and part["in"] in ("json", "multipart")
            for part in told.get("arguments", {}).get("parameters", [])
        ),
        "has_arguments": "arguments" in told,
        "may_be_stale": getattr(view, "__may_be_stale__", ""),
    }
    told.setdefault("manual_doc", {})["operationId"] = view.__name__
    return told


def _prepare_common_doc(doc: dict[str, Any], info: dict[str, Any], *, method: str, **rest: Any) -> dict[str, Any]:
    """flask-smorest's hook: the refusals, headers and security of an operation."""
    common = info["common"]
    responses = doc.setdefault("responses", {})
    for status in _refusals(common, method):
        responses.setdefault(int(status), status.name)
    if method == "post":
        doc.setdefault("parameters", []).append("IDEMPOTENCY_KEY")
    if common["may_be_stale"]:
        doc.setdefault("parameters", []).append(common["may_be_stale"])
    doc["security"] = [{}, {"bearer": []}] if common["is_public"] else [{"bearer": []}]
    doc["x-access"] = common["access"]
    return doc


def _refusals(common: Mapping[str, Any], method: str) -> Iterator[HTTPStatus]:
    writes = method not in ("get", "head")
    if common["has_body"]:
        yield from (HTTPStatus(400), HTTPStatus(413), HTTPStatus(415))
    if not common["is_public"]:
        yield from (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
    if common["has_key"]:
        yield HTTPStatus.NOT_FOUND
    if writes:
        yield HTTPStatus.CONFLICT
    if common["may_be_stale"]:
        yield HTTPStatus.PRECONDITION_FAILED
    if common["may_be_stale"] == NEEDED:
        yield HTTPStatus.PRECONDITION_REQUIRED
    if writes or common["has_arguments"]:
        yield HTTPStatus(422)
    yield HTTPStatus.TOO_MANY_REQUESTS


def changes_a_version(view: View) -> View:
    """Decorator of a view that needs the version it changes in ``If-Match``."""
    view.__may_be_stale__ = NEEDED  # type: ignore[attr-defined]  # functions accept attributes
    return view


def may_name_a_version(view: View) -> View:
    """Decorator of a view that honours ``If-Match`` when it is sent."""
    view.__may_be_stale__ = HONOURED  # type: ignore[attr-defined]  # functions accept attributes
    return view

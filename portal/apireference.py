"""The reference page of the API: the OpenAPI document arranged for people to read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
LIMITS = {
    "minimum": "≥ {}",
    "maximum": "≤ {}",
    "minLength": "≥ {} characters",
    "maxLength": "≤ {} characters",
    "maxItems": "≤ {} items",
    "default": "default {}",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A parameter, or a field of a shape. ``shape`` names the shape that its value has, if it has one."""

    name: str
    kind: str
    shape: str | None
    is_required: bool
    description: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What may come back: a status, its phrase, and the shape of the body."""

    status: int
    phrase: str
    shape: str | None


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a program may ask."""

    name: str
    method: str
    path: str
    summary: str
    paragraphs: tuple[str, ...]
    access: str
    parameters: tuple[Entry, ...]
    body_type: str | None
    body: tuple[Entry, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """The operations on one kind of thing."""

    title: str
    description: str
    operations: tuple[Operation, ...]

    @property
    def anchor(self) -> str:
        return "about-" + self.title.lower().replace(" ", "-")


@dataclass(frozen=True, slots=True)
class ShapeView:
    """A shape of bodies and answers."""

    name: str
    description: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """The whole page."""

    chapters: tuple[Chapter, ...]
    shapes: tuple[ShapeView, ...]


def reference_of(document: Mapping[str, Any]) -> Reference:
    """The document arranged for people."""
    operations = list(_operations(document))
    chapters = tuple(
        Chapter(tag["name"], tag["description"], tuple(op for name, op in operations if name == tag["name"]))
        for tag in document["tags"]
    )
    schemas = document["components"]["schemas"]
    shapes = tuple(
        ShapeView(name, schema.get("description", ""), tuple(_fields(schema)))
        for name, schema in sorted(schemas.items())
    )
    return Reference(chapters, shapes)


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Operation]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                told = item[method]
                yield told["tags"][0], _operation(document, path, method, item.get("parameters", []))


def _operation(document: Mapping[str, Any], path: str, method: str, shared: list[Any]) -> Operation:
    told = document["paths"][path][method]
    body_type, body = _body(document, told.get("requestBody"))
    return Operation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        paragraphs=tuple(part.replace("\n", " ") for part in told.get("description", "").split("\n\n") if part),
        access=told["x-access"],
        parameters=tuple(_parameter(_resolved(document, part)) for part in [*shared, *told.get("parameters", [])]),
        body_type=body_type,
        body=body,
        answers=tuple(_answer(int(status), _resolved(document, part)) for status, part in _by_status(told)),
    )


def _by_status(told: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    return sorted(told["responses"].items(), key=lambda pair: int(pair[0]))


def _resolved(document: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    """``part`` itself, or what its reference within the document names."""
    if "$ref" not in part:
        return part
    found: Any = document
    for step in part["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    resolved: Mapping[str, Any] = found
    return resolved


def _body(document: Mapping[str, Any], body: Mapping[str, Any] | None) -> tuple[str | None, tuple[Entry, ...]]:
    if body is None:
        return None, ()
    ((media_type, content),) = body["content"].items()
    return media_type, tuple(_fields(_resolved(document, content["schema"])))


def _fields(schema: Mapping[str, Any]) -> Iterator[Entry]:
    required = schema.get("required", [])
    for name, field in schema.get("properties", {}).items():
        yield _entry(name, field, is_required=name in required, description=field.get("description", ""))


def _parameter(parameter: Mapping[str, Any]) -> Entry:
    return _entry(
        parameter["name"],
        parameter["schema"],
        is_required=parameter.get("required", False),
        description=parameter.get("description", ""),
    )


def _entry(name: str, schema: Mapping[str, Any], *, is_required: bool, description: str) -> Entry:
    kind, shape = _kind(schema)
    limits = tuple(words.format(schema[key]) for key, words in LIMITS.items() if key in schema)
    return Entry(name, kind, shape, is_required, description, limits)


def _kind(schema: Mapping[str, Any]) -> tuple[str, str | None]:
    """What a value is, in the words of JSON Schema, and the shape in it."""
    if "$ref" in schema:
        return "object", _name(schema)
    if "anyOf" in schema or "allOf" in schema:
        kinds = [_kind(part) for part in [*schema.get("allOf", []), *schema.get("anyOf", [])]]
        return " | ".join(kind for kind, _ in kinds), next((shape for _, shape in kinds if shape), None)
    if schema.get("type") == "array":
        kind, shape = _kind(schema.get("items", {}))
        return f"list of {kind}", shape
    if "enum" in schema:
        return " | ".join("null" if value is None else str(value) for value in schema["enum"]), None
    types = schema.get("type", "any")
    kind = " | ".join(types) if isinstance(types, list) else types
    return (f"{kind} ({schema['format']})" if "format" in schema else kind), None


def _name(reference: Mapping[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _answer(status: int, response: Mapping[str, Any]) -> Answer:
    contents = list(response.get("content", {}).values())
    shape = _kind(contents[0]["schema"])[1] if contents else None
    return Answer(status, HTTPStatus(status).phrase, shape)

"""What the OpenAPI document says beyond the shapes of single endpoints."""

from typing import Any

from foundation.schemas import Inner, Many, Open, Shape, Text, Whole

DESCRIPTION = """\
Apply, work on dossiers and follow them by program, under the same rules as on the pages.

Sign in with a personal access token (`Authorization: Bearer …`) made on the account page; its scopes are `read`
and `write`. Every refusal is a problem document (RFC 9457) whose `code`, `reasons` and `errors` are meant for
programs and whose words are in the language of the request (`Accept-Language`: vi, en or fr).

A POST with an `Idempotency-Key` is executed once: repeated within a day it gets the same answer. What a version is
changed by names it in `If-Match`. Lists give a `next_cursor`, and a `Link` to the next page. Whole đồng and other
whole numbers are numbers, decimals are text.
"""

PARAMETERS: dict[str, dict[str, Any]] = {
    "IDEMPOTENCY_KEY": {
        "name": "Idempotency-Key",
        "description": "Any text of your own; a repeated request with it is not executed again",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"},
    },
    "IF_MATCH_HONOURED": {
        "name": "If-Match",
        "description": "The ETag that was read before; refused with 412 when it is no longer the present one",
        "schema": {"type": "string"},
    },
}

COMPONENT_HEADERS: dict[str, dict[str, Any]] = {
    "RATE_LIMIT": {"description": "Requests allowed in a window", "schema": {"type": "integer"}},
    "RATE_REMAINING": {"description": "Requests left in this window", "schema": {"type": "integer"}},
    "RATE_RESET": {"description": "Seconds until the window ends", "schema": {"type": "integer"}},
    "RETRY_AFTER": {"description": "Seconds to wait", "schema": {"type": "integer"}},
}

RATE_HEADERS = {
    "RateLimit-Limit": {"$ref": "#/components/headers/RATE_LIMIT"},
    "RateLimit-Remaining": {"$ref": "#/components/headers/RATE_REMAINING"},
    "RateLimit-Reset": {"$ref": "#/components/headers/RATE_RESET"},
}


class ProblemReason(Shape):
    """One reason: a code for programs, a sentence for people, the facts in it."""

    code = Text(required=True)
    detail = Text(required=True)
    facts = Open()


class ProblemShape(Shape):
    """A refusal (RFC 9457)."""

    type = Text(required=True)
    title = Text(required=True)
    status = Whole(required=True)
    detail = Text(required=True)
    code = Text(required=True)
    instance = Text(required=True)
    reasons = Many(Inner(ProblemReason))
    errors = Open(metadata={"description": "By field path: a list of `{code, detail}`"})


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Add what every successful answer carries, and put the paths in order."""
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                _add_rate_headers(operation)
    return document


def _add_rate_headers(operation: dict[str, Any]) -> None:
    for status, response in operation.get("responses", {}).items():
        if str(status).startswith("2"):
            response["headers"] = {**response.get("headers", {}), **RATE_HEADERS}

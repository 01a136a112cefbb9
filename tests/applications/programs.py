"""Programs that use the API: a client with a token of its own for each person."""

import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from accounts.operations.tokens import create_token
from foundation.actors import Actor
from tests.applications.small_pack import World

BASE = "/api/v1"


@dataclass(frozen=True, slots=True)
class Program:
    """Asks the API in somebody's name; without a token, in nobody's."""

    app: Flask
    token: str = ""

    def ask(self, method: str, path: str, **request: Any) -> TestResponse:
        """Send a request; ``path`` is below ``/api/v1``, or an address that an answer gave."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= request.pop("headers", {})
        address = path if path.startswith(BASE) else f"{BASE}{path}"
        return self.app.test_client().open(address, method=method, headers=headers, **request)

    def get(self, path: str, **request: Any) -> TestResponse:
        return self.ask("GET", path, **request)

    def post(self, path: str, sent: Any = None, **request: Any) -> TestResponse:
        return self.ask("POST", path, **({} if sent is None else _json(sent)), **request)

    def patch(self, path: str, sent: Any, **request: Any) -> TestResponse:
        return self.ask("PATCH", path, **_json(sent), **request)

    def put(self, path: str, sent: Any) -> TestResponse:
        return self.ask("PUT", path, **_json(sent))


def _json(sent: Any) -> dict[str, Any]:
    """A JSON body, by the plain encoder: it also writes what no storage takes."""
    return {"data": json.dumps(sent), "content_type": "application/json"}


def program_of(app: Flask, session: Session, actor: Actor, *, scopes: tuple[str, ...] = ("read", "write")) -> Program:
    """A program with a new, committed token of this person."""
    _, token = create_token(session, actor, name="test", scopes=scopes, days=1)
    session.commit()
    return Program(app, token)


def a_pdf(pages: int = 1) -> BytesIO:
    """A small real PDF."""
    target = BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        document.save(target, deterministic_id=True)
    target.seek(0)
    return target


def upload(file: BytesIO, name: str = "ke-hoach.pdf", **places: str) -> dict[str, Any]:
    """What the test client needs for an upload: see ``data``."""
    return {"file": (file, name, "application/pdf"), **places}


def new(world: World, **more: Any) -> dict[str, Any]:
    return {"procedure": "small-test", "organisation": world.organisation.code, **more}


def codes(answer: TestResponse) -> dict[str, list[str]]:
    """The error codes of a refusal by field."""
    assert answer.json is not None
    return {field: [error["code"] for error in errors] for field, errors in answer.json["errors"].items()}


def found(answer: TestResponse) -> list[str]:
    """The keys in a list."""
    assert answer.json is not None
    return [item["key"] for item in answer.json["items"]]

"""Reading changes nothing: a commit while a GET is answered is refused."""

from typing import Any

from flask import Flask, current_app, has_request_context, request
from sqlalchemy import event
from sqlalchemy.orm import Session

from foundation.database import db

READING = "khuevan.reading"


class CommitWhileReading(RuntimeError):  # noqa: N818 - named after what happened
    """A view tried to commit in answer to a GET: a defect of the view."""


def _mark() -> None:
    request.environ[READING] = request.method in {"GET", "HEAD", "OPTIONS"}


def _unmark(error: BaseException | None) -> None:
    request.environ.pop(READING, None)


def _refuse(session: Session) -> None:
    if has_request_context() and request.environ.get(READING):
        current_app.logger.error("refused a commit in answer to %s %s", request.method, request.path)
        raise CommitWhileReading(f"{request.method} {request.path} must not commit")


def install(app: Flask) -> None:
    """Watch every transaction of the request's session."""
    app.before_request(_mark)
    app.teardown_request(_unmark)
    session: Any = db.session
    if not event.contains(session, "before_commit", _refuse):
        event.listen(session, "before_commit", _refuse)

"""Reading changes nothing: what a GET's session would write is refused."""

from flask import Flask, request

from foundation.database import db
from foundation.reading import may_write, only_read

READING = frozenset({"GET", "HEAD", "OPTIONS"})


def _settle() -> None:
    if request.method in READING:
        only_read(db.session())


def _let_go(error: BaseException | None) -> None:
    if request.method in READING:
        may_write(db.session())


def install(app: Flask) -> None:
    """Let every session that answers a GET only read."""
    app.before_request(_settle)
    app.teardown_request(_let_go)

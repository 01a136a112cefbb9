"""Few requests work at once in a process; whoever sends or reads slowly waits outside and holds nobody up.

Python runs one thread at a time, so more than a few at work only slow each other down. A thread that waits for a
client costs next to nothing: the web server keeps many of those.
"""

import threading

from flask import Flask, g, request
from werkzeug.exceptions import ServiceUnavailable

from portal.settings import Settings

WAITING_THREADS = 64
"""Threads of a process, for requests at work and for clients that are slow to send or to read."""

MOST_ARRIVING = 48
"""Bodies that may be on their way into a process at once: the other threads are left to requests without one."""

SECONDS_TO_RETRY = 5
WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask, settings: Settings) -> None:
    """Let the body arrive first, before a turn or a database connection is taken; then wait for a turn."""
    arriving = threading.BoundedSemaphore(MOST_ARRIVING)
    turns = threading.BoundedSemaphore(settings.web_threads)

    def receive() -> None:
        if request.method in WITHOUT_BODY:
            return
        if not arriving.acquire(blocking=False):
            raise ServiceUnavailable(retry_after=SECONDS_TO_RETRY)
        try:
            _read_body()
        finally:
            arriving.release()

    def take_turn() -> None:
        turns.acquire()
        g.has_turn = True

    def give_back(_: BaseException | None) -> None:
        if g.pop("has_turn", False):
            turns.release()

    app.before_request(receive)
    app.before_request(take_turn)
    app.teardown_request(give_back)


def _read_body() -> None:
    if request.mimetype in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        _ = request.form
    else:
        request.get_data(cache=True)

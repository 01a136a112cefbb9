"""One request after another is worked on in a process; whoever sends, reads or waits slowly holds nobody up.

Python runs one thread at a time, so requests at work together only slow each other down: the second of two equal ones
would end no sooner, the first much later. A thread that waits costs next to nothing: the web server keeps many.
"""

import threading
import time
from collections import deque

from flask import Flask, Response, current_app, g, has_request_context, request
from sqlalchemy import Connection, Engine, event

from portal.evenness import Evenness
from portal.problems import busy
from portal.settings import Settings

WAITING_THREADS = 64
"""Threads of a process, for requests at work and for clients that are slow to send or to read."""

MOST_ARRIVING = 32
"""Bodies that may be on their way into a process at once: the other threads are left to requests without one."""

ALWAYS_ADMITTED = frozenset({"health.healthz", "health.readyz", "static"})
"""What is answered however many wait: whoever watches the installation is not sent away, nor a page's own files."""

LONG_TURN = 0.05
"""Seconds after which a request at work is taken to wait for something: a lock, a store, a printer of letters."""

WITHOUT_BODY = frozenset({"GET", "HEAD", "OPTIONS"})


class Turns:
    """One turn at a time, first come first served; while turns last long, further ones up to ``most`` together."""

    def __init__(self, most: int, *, long: float = LONG_TURN) -> None:
        self._most, self._long = most, long
        self._lock = threading.Lock()
        self._is_free = True
        self._waiting: deque[threading.Lock] = deque()
        self._begun: dict[object, float] = {}
        self._given_on: set[object] = set()

    @property
    def present(self) -> int:
        """How many are at work or wait."""
        return len(self._begun) + len(self._waiting)

    def take(self) -> object:
        """Wait for a turn; what :meth:`give_back` wants to see again."""
        gate = self._stand_in_line()
        while gate and not gate.acquire(timeout=self._long):
            self._let_another_in()
        turn = object()
        with self._lock:
            self._begun[turn] = time.monotonic()
        return turn

    def give_back(self, turn: object) -> None:
        """End the turn; whoever waits longest is next, unless the turn was given on already."""
        with self._lock:
            del self._begun[turn]
            if turn in self._given_on:
                self._given_on.discard(turn)
            else:
                self._open_next()

    def _stand_in_line(self) -> "threading.Lock | None":
        with self._lock:
            if self._is_free:
                self._is_free = False
                return None
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
            return gate

    def _open_next(self) -> None:
        if self._waiting:
            self._waiting.popleft().release()
        else:
            self._is_free = True

    def _let_another_in(self) -> None:
        long_ago = time.monotonic() - self._long
        with self._lock:
            long_turns = [
                turn for turn, begun in self._begun.items() if begun <= long_ago and turn not in self._given_on
            ]
            if long_turns and len(self._given_on) < self._most - 1:
                self._given_on.add(long_turns[0])
                self._open_next()


class Door:
    """How a request comes in: let in or told to come again, its body first, then its turn."""

    def __init__(self, settings: Settings) -> None:
        self._most = settings.web_waiting
        self._arriving = threading.BoundedSemaphore(MOST_ARRIVING)
        self._turns = Turns(settings.web_threads)
        self._evenness = Evenness(settings.evenness_file) if settings.evenness_file else None

    def admit(self) -> Response | None:
        """Where enough wait already, a newcomer is told so at once and when to come again: waiting longer than anybody
        has patience for would only be work done for nobody."""
        if self._turns.present < self._most or request.endpoint in ALWAYS_ADMITTED:
            return None
        return busy()

    def receive(self) -> Response | None:
        """Let the body arrive before a turn or a database connection is taken."""
        if request.method in WITHOUT_BODY:
            return None
        if not self._arriving.acquire(blocking=False):
            return busy()
        try:
            _read_body()
        finally:
            self._arriving.release()
        return None

    def take_turn(self) -> None:
        if self._evenness:
            self._evenness.note(self._turns.present + 1)
        g.turn = self._turns.take()

    def spread(self, response: Response) -> Response:
        """Let a connection close here that is better off with another process."""
        evenness = self._evenness
        if evenness and request.environ.get("SERVER_PROTOCOL") == "HTTP/1.1" and evenness.sends_away():
            response.headers["Connection"] = "close"
        return response

    def give_back(self, _: object) -> None:
        turn = g.pop("turn", None)
        if turn is not None:
            self._turns.give_back(turn)


def install(app: Flask, settings: Settings) -> None:
    """Put the door before every view."""
    door = Door(settings)
    app.before_request(door.admit)
    app.before_request(door.receive)
    app.before_request(door.take_turn)
    app.after_request(door.spread)
    app.teardown_request(door.give_back)
    app.extensions["khuevan.give_turn_back"] = door.give_back
    if not event.contains(Engine, "commit", _pass_on):
        event.listen(Engine, "commit", _pass_on)


def _pass_on(_: Connection) -> None:
    """The work is done, the disk's is not: while it writes, the next request is worked on."""
    if has_request_context():
        current_app.extensions["khuevan.give_turn_back"](None)


def _read_body() -> None:
    if request.mimetype in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        _ = request.form
    else:
        request.get_data(cache=True)

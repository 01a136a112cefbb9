"""Throttling: attempts counted per key in the database, so that a limit holds over all processes."""

import hashlib
import math
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import LargeBinary, delete, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Instant, Model, now, transaction_apart
from foundation.jobs import task
from foundation.prepared import Prepared, prepare


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a limit. ``reset_seconds`` is when the whole limit is back."""

    limit: int
    remaining: int
    reset_seconds: int
    is_allowed: bool


class AttemptCount(Model):
    """Attempts of one key since its window opened. Keys are digests: they may name people."""

    __tablename__ = "attempt_counts"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)  # counts need not outlive a crash of the database

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    hits: Mapped[int]
    ends_at: Mapped[Instant] = mapped_column(index=True)


HIT = prepare(
    text(
        "INSERT INTO attempt_counts AS seen (key, hits, ends_at) "
        "VALUES (:key, :portion, clock_timestamp() + make_interval(secs => :window)) "
        "ON CONFLICT (key) DO UPDATE SET"
        " hits = CASE WHEN seen.ends_at <= clock_timestamp() THEN :portion ELSE least(seen.hits + :portion, :most) END,"
        " ends_at = CASE WHEN seen.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE seen.ends_at END "
        "RETURNING hits, ceil(extract(epoch FROM ends_at - clock_timestamp()))"
    )
)
FORGET = prepare(text("DELETE FROM attempt_counts WHERE key = :key"))


def hit(bind: Session | Engine, key: str, *, limit: int, window_seconds: int) -> Allowance:
    """Count an attempt at ``key`` and say whether it is within ``limit`` per window.

    It is counted in a transaction of its own, which stands even when the caller's is rolled back.
    """
    hits, seconds = _count(bind, key, window_seconds, portion=1)
    return Allowance(limit, max(limit - hits, 0), seconds, hits <= limit)


class Purse:
    """Attempts that a process took from limits in portions, to be spent without asking the database for each.

    What is in a purse is counted already: a limit is never passed, and at most a portion for each other process is
    missing from it. ``share`` is how many portions a limit has; a small limit is counted attempt by attempt.
    """

    def __init__(self, *, share: int = 100, most_keys: int = 4096) -> None:
        self._share, self._most_keys = share, most_keys
        self._lock = threading.Lock()
        self._left: dict[str, _Coins] = {}

    def hit(self, engine: Engine, key: str, *, limit: int, window_seconds: int) -> Allowance:
        """As :func:`hit`."""
        spent = self._spend(key, limit)
        if spent:
            return spent
        portion = max(1, limit // self._share)
        hits, seconds = _count(engine, key, window_seconds, portion=portion)
        granted = portion - max(hits - limit, 0)
        if granted > 1:
            self._keep(key, _Coins(granted - 1, max(limit - hits, 0), time.monotonic() + seconds))
        return Allowance(limit, max(limit - hits, 0) + max(granted - 1, 0), seconds, granted > 0)

    def _spend(self, key: str, limit: int) -> Allowance | None:
        with self._lock:
            coins = self._left.get(key)
            seconds = coins.ends_at - time.monotonic() if coins else 0
            if coins is None or not coins.left or seconds <= 0:
                return None
            coins.left -= 1
            return Allowance(limit, coins.uncounted + coins.left, math.ceil(seconds), is_allowed=True)

    def _keep(self, key: str, coins: "_Coins") -> None:
        with self._lock:
            if len(self._left) >= self._most_keys:
                self._left.clear()
            beside = self._left.get(key)
            if beside and beside.ends_at > time.monotonic():
                coins.left += beside.left
            self._left[key] = coins


@dataclass(slots=True)
class _Coins:
    """Attempts of one key: those in the purse, those that nobody took yet, and when the window ends (monotonic)."""

    left: int
    uncounted: int
    ends_at: float


def forget(bind: Session | Engine, key: str) -> None:
    """Give ``key`` its whole limit back, after a success."""
    _at_once(bind, FORGET, {"key": _digest(key)})


def _count(bind: Session | Engine, key: str, window_seconds: int, *, portion: int) -> tuple[int, int]:
    """The attempts of this window with these, and the seconds until it ends."""
    values = {"key": _digest(key), "window": window_seconds, "most": 2**31 - 1, "portion": portion}
    hits, seconds = _at_once(bind, HIT, values)
    return int(hits), max(int(seconds), 0)


def _at_once(bind: Session | Engine, statement: Prepared, values: dict[str, Any]) -> Any:
    """Run a statement in a transaction of its own; a session bound to one connection keeps to it."""
    with _alone(bind) as connection:
        result = connection.exec_driver_sql(statement.words, values)
        return result.one() if result.returns_rows else None


def _alone(bind: Session | Engine) -> AbstractContextManager[Connection]:
    """Where each statement commits by itself, which saves two questions to the server."""
    engine = bind.get_bind() if isinstance(bind, Session) else bind
    if isinstance(engine, Connection):
        return transaction_apart(engine)
    return engine.connect().execution_options(isolation_level="AUTOCOMMIT")


def _digest(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


@task("foundation:throttle:prune", every="*/30 * * * *")
def prune(session: Session) -> None:
    """Forget windows that have ended."""
    session.execute(delete(AttemptCount).where(AttemptCount.ends_at < now() - timedelta(minutes=1)))

"""Throttling: attempts counted per key in the database, so that a limit holds over all processes."""

import hashlib
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
        "VALUES (:key, 1, clock_timestamp() + make_interval(secs => :window)) "
        "ON CONFLICT (key) DO UPDATE SET"
        " hits = CASE WHEN seen.ends_at <= clock_timestamp() THEN 1 ELSE least(seen.hits + 1, :most) END,"
        " ends_at = CASE WHEN seen.ends_at <= clock_timestamp() THEN excluded.ends_at ELSE seen.ends_at END "
        "RETURNING hits, ceil(extract(epoch FROM ends_at - clock_timestamp()))"
    )
)
FORGET = prepare(text("DELETE FROM attempt_counts WHERE key = :key"))


def hit(bind: Session | Engine, key: str, *, limit: int, window_seconds: int) -> Allowance:
    """Count an attempt at ``key`` and say whether it is within ``limit`` per window.

    It is counted in a transaction of its own, which stands even when the caller's is rolled back.
    """
    values = {"key": _digest(key), "window": window_seconds, "most": 2**31}
    hits, seconds = _at_once(bind, HIT, values)
    return Allowance(limit, max(limit - hits, 0), max(int(seconds), 0), hits <= limit)


def forget(bind: Session | Engine, key: str) -> None:
    """Give ``key`` its whole limit back, after a success."""
    _at_once(bind, FORGET, {"key": _digest(key)})


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

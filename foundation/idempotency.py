"""Repeated requests: one ``Idempotency-Key`` is executed once, and later requests get the stored answer."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext
from sqlalchemy import Index, LargeBinary, SmallInteger, UniqueConstraint, delete, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.database import Code, Instant, Key, Model, now
from foundation.errors import Blocked, Invalid
from foundation.jobs import task
from foundation.reasons import register_reasons

KEEP = timedelta(hours=24)
PATIENCE_MS = 10_000
"""How long a second request waits for the first to end before it is told to come again."""
KEY_FORM = re.compile(r"[\x21-\x7e]{1,255}")
HEADER = "Idempotency-Key"


class KeyReused(Invalid):
    """The key was used before, for something else."""

    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer of the request that was executed."""

    status: int
    body: bytes
    headers: Mapping[str, str]


class IdempotentRequest(Model):
    """One key of one person or token: what was asked with it, and what was answered."""

    __tablename__ = "idempotent_requests"
    __table_args__ = (UniqueConstraint("scope", "key"), Index("ix_idempotent_requests_created_at", "created_at"))

    id: Mapped[Key]
    scope: Mapped[Code]
    key: Mapped[str]
    operation: Mapped[str]
    body_digest: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    headers: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    created_at: Mapped[Instant] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Begun:
    """Leave to execute a request, or the ``answer`` that its key was given before."""

    request_id: int
    answer: StoredAnswer | None

    def end(self, session: Session, answer: StoredAnswer) -> None:
        """Keep the answer, in the transaction of what was executed."""
        values = {"status": answer.status, "body": answer.body, "headers": dict(answer.headers), "ended_at": now()}
        session.execute(update(IdempotentRequest).where(IdempotentRequest.id == self.request_id).values(**values))


def begin(session: Session, scope: str, key: str, *, operation: str, body: bytes) -> Begun:
    """Claim ``key`` for this request in the caller's transaction, or find the answer it was given.

    ``scope`` names who asks, ``operation`` method and path, ``body`` whatever makes two bodies equal (of
    an upload its digest, since the boundaries between its parts are random). While the first request is
    executed, this one waits for its end; where that one fails and rolls back, this one takes its place.

    Raises:
        Invalid: the key is badly formed.
        KeyReused: the key was used for another request.
        Blocked: the first request is still being executed.
    """
    if not KEY_FORM.fullmatch(key):
        raise Invalid({HEADER: ["idempotency_key_malformed"]})
    digest = hashlib.sha256(body).digest()
    request_id = _claim(session, scope, key, operation, digest)
    return Begun(request_id, None) if request_id else _found(session, scope, key, operation, digest)


def _claim(session: Session, scope: str, key: str, operation: str, digest: bytes) -> int | None:
    """The id of the new row; None where the key is taken. Waits while another transaction holds it."""
    statement = (
        insert(IdempotentRequest)
        .values(scope=scope, key=key, operation=operation, body_digest=digest)
        .on_conflict_do_nothing()
        .returning(IdempotentRequest.id)
    )
    _set_patience(session, PATIENCE_MS)
    try:
        request_id = session.scalar(statement)
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
            raise
        raise Blocked("request_in_progress") from error
    _set_patience(session, 0)
    return request_id


LOCK_NOT_AVAILABLE = "55P03"


def _set_patience(session: Session, milliseconds: int) -> None:
    session.execute(text("SELECT set_config('lock_timeout', :patience, true)"), {"patience": str(milliseconds)})


def _found(session: Session, scope: str, key: str, operation: str, digest: bytes) -> Begun:
    query = select(IdempotentRequest).where(IdempotentRequest.scope == scope, IdempotentRequest.key == key)
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:  # pruned in between
        raise Blocked("request_in_progress")
    if (row.operation, row.body_digest) != (operation, digest):
        raise KeyReused({HEADER: ["idempotency_key_reused"]})
    if row.status is None:
        raise Blocked("request_in_progress")
    return Begun(row.id, StoredAnswer(row.status, row.body or b"", row.headers or {}))


@task("foundation:idempotency:prune", every="50 * * * *")
def prune(session: Session) -> None:
    """Forget keys after :data:`KEEP`."""
    session.execute(delete(IdempotentRequest).where(IdempotentRequest.created_at < now() - KEEP))


register_reasons(
    {
        "idempotency_key_malformed": lazy_gettext("Give a key of 1 to 255 visible ASCII characters."),
        "idempotency_key_reused": lazy_gettext("This key was already used for another request."),
        "request_in_progress": lazy_gettext("The first request with this key is still running. Ask again soon."),
    }
)

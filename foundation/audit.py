"""The audit trail: what happened, by whom and on what ground, in hash chains that show any later change."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import orjson
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString
from sqlalchemy import CheckConstraint, Connection, Index, LargeBinary, UniqueConstraint, event, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from foundation.actors import Actor
from foundation.auditmonths import lay_out, month_of
from foundation.database import Code, Facts, Instant, Key, Model, append_only, now
from foundation.prepared import prepare

GENESIS = b""
"""What the first entry of a stream points back to."""

ACTION = re.compile(r"[a-z0-9_]+:[a-z0-9_]+:[a-z0-9_]+")

_actions: dict[str, LazyString] = {}


class Subject(NamedTuple):
    """What an entry is about: a kind of thing and its key."""

    type: str
    id: int


@append_only
class AuditEntry(Model):
    """One thing that happened. Personal data never stand here: ``facts`` point at the rows that hold them."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        UniqueConstraint("stream", "seq", "at"),
        CheckConstraint("seq > 0", name="seq_starts_at_one"),
        CheckConstraint("actor_kind IN ('person', 'system', 'public')", name="actor_kind_is_known"),
        CheckConstraint("(subject_type IS NULL) = (subject_id IS NULL)", name="subject_is_whole"),
        Index("ix_audit_entries_subject", "subject_type", "subject_id", "id"),
        Index("ix_audit_entries_person", "person_id", "id"),
        Index("ix_audit_entries_action", "action", "id"),
        Index("ix_audit_entries_at", "at"),
        {"postgresql_partition_by": "RANGE (at)"},
    )

    id: Mapped[Key]
    stream: Mapped[Code]
    seq: Mapped[int]
    at: Mapped[Instant] = mapped_column(primary_key=True)
    actor_kind: Mapped[Code]
    person_id: Mapped[int | None]
    role: Mapped[str | None]
    action: Mapped[Code]
    subject_type: Mapped[str | None]
    subject_id: Mapped[int | None]
    facts: Mapped[Facts]
    legal_basis: Mapped[str | None]
    prev_hash: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)

    def digest(self) -> bytes:
        """The SHA-256 that this entry must carry, over all its columns and the hash before it."""
        return hashlib.sha256(self.content()).digest()

    def content(self) -> bytes:
        """What the hash is taken of."""
        return orjson.dumps(self._content(), option=orjson.OPT_SORT_KEYS)

    def as_kept(self) -> bytes:
        """The entry as a line of an archive."""
        return orjson.dumps(self._content() | {"hash": self.hash.hex()}, option=orjson.OPT_SORT_KEYS)

    def is_sound(self) -> bool:
        """Whether the entry carries the hash of its content."""
        try:
            return self.hash == self.digest()
        except TypeError:  # facts that no entry was ever written with
            return False

    def _content(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "stream": self.stream,
            "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor_kind": self.actor_kind,
            "person_id": self.person_id,
            "role": self.role,
            "action": self.action,
            "subject_type": self.subject_type,
            "subject_id": self.subject_id,
            "facts": self.facts,
            "legal_basis": self.legal_basis,
            "prev_hash": self.prev_hash.hex(),
        }


@event.listens_for(AuditEntry.__table__, "after_create")
def _lay_out(_table: object, connection: Connection, **_: object) -> None:
    lay_out(connection, month_of(now()))


class AuditHead(Model):
    """The last entry of each stream; its row is the lock under which the stream grows."""

    __tablename__ = "audit_heads"

    stream: Mapped[Code] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[Instant]
    anchored_seq: Mapped[int] = mapped_column(default=0, server_default="0")


class ArchivedEnd(Model):
    """The last entry of each stream that went into an archive: what follows in the trail continues it."""

    __tablename__ = "audit_archived_ends"

    stream: Mapped[Code] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)


@append_only
class Archive(Model):
    """A file that holds what the trail said up to a month, which is itself not in it any more."""

    __tablename__ = "audit_archives"

    until: Mapped[date] = mapped_column(primary_key=True)
    file: Mapped[str]
    entries: Mapped[int]
    at: Mapped[Instant]


@dataclass(frozen=True, slots=True)
class StreamEnd:
    """The last entry of a stream as somebody read it, and the id of the one to come."""

    seq: int
    hash: bytes
    next_id: int

    @classmethod
    def read(cls, answer: Sequence[Any] | None) -> "StreamEnd | None":
        """From what :data:`STREAM_END_SQL` answers; None where the stream has no entry."""
        return cls(answer[0], bytes.fromhex(answer[1]), answer[2]) if answer else None


STREAM_END_SQL = """(
    SELECT json_build_array(seq, encode(hash, 'hex'), nextval(pg_get_serial_sequence('audit_entries', 'id')))
      FROM audit_heads WHERE stream = :stream
)"""
"""Where ``:stream`` ends, to be asked among other things."""


def register_actions(titles: Mapping[str, LazyString]) -> None:
    """Add ``domain:subject:action`` keys, each with its sentence for a timeline, to the closed vocabulary.

    Raises:
        ValueError: a key is badly formed or already taken.
    """
    for action, title in titles.items():
        if not ACTION.fullmatch(action):
            raise ValueError(f"audit action {action!r} is not domain:subject:action")
        if action in _actions:
            raise ValueError(f"audit action {action!r} is registered twice")
        _actions[action] = title


def title_of(action: str) -> str:
    """The action in the reader's language."""
    return str(_actions[action])


def registered_actions() -> frozenset[str]:
    return frozenset(_actions)


def append(
    session: Session,
    stream: str,
    *,
    actor: Actor,
    action: str,
    facts: Mapping[str, Any] | None = None,
    subject: Subject | tuple[str, int] | None = None,
    legal_basis: str | None = None,
    role: str | None = None,
    at: datetime | None = None,
    end: StreamEnd | None = None,
) -> AuditEntry:
    """Add an entry to ``stream`` in the caller's transaction; the stream stays locked until it ends.

    ``end`` is where the stream ended when the caller read it (:data:`STREAM_END_SQL`): a statement is spared unless
    somebody wrote since then.

    Who writes to several streams in one transaction does so in alphabetical order, so that nobody deadlocks.

    Raises:
        ValueError: the action is not in the vocabulary.
        TypeError: the facts hold a float, whose text form is not stable, or something that is not JSON.
    """
    entry = compose(
        stream, actor=actor, action=action, facts=facts, subject=subject, legal_basis=legal_basis, role=role, at=at
    )
    write(session, entry, end)
    return entry


def write(session: Session, entry: AuditEntry, end: StreamEnd | None = None) -> None:
    """Write a composed entry behind ``end``, or behind the last of its stream if somebody wrote since."""
    if end is None or not _written_behind(session, entry, end):
        _link(session, entry)
        INSERT.run(session, **row_of(entry))


def compose(
    stream: str,
    *,
    actor: Actor,
    action: str,
    facts: Mapping[str, Any] | None = None,
    subject: Subject | tuple[str, int] | None = None,
    legal_basis: str | None = None,
    role: str | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """An entry that is not written yet and belongs behind no other. Raises as :func:`append` does."""
    if action not in _actions:
        raise ValueError(f"audit action {action!r} is not registered")
    return AuditEntry(
        stream=stream,
        at=at or now(),
        actor_kind=actor.kind,
        person_id=actor.person_id,
        role=_nfc(role),
        action=action,
        subject_type=subject[0] if subject else None,
        subject_id=subject[1] if subject else None,
        facts=_plain(facts or {}),
        legal_basis=_nfc(legal_basis),
    )


LOCK = prepare(
    text(
        "INSERT INTO audit_heads AS head (stream, seq, hash, at) VALUES (:stream, 0, '', :at) "
        "ON CONFLICT (stream) DO UPDATE SET at = head.at "
        "RETURNING seq, hash, nextval(pg_get_serial_sequence('audit_entries', 'id'))"
    )
)

COLUMNS = {
    "id": "bigint",
    "stream": "text",
    "seq": "bigint",
    "at": "timestamptz",
    "actor_kind": "text",
    "person_id": "bigint",
    "role": "text",
    "action": "text",
    "subject_type": "text",
    "subject_id": "bigint",
    "facts": "jsonb",
    "legal_basis": "text",
    "prev_hash": "bytea",
    "hash": "bytea",
}
"""The columns of an entry, as a statement writes them, with the types of their values."""
_COLUMNS = ", ".join(COLUMNS)
_VALUES = (
    ":id, :stream, :seq, :at, :actor_kind, CAST(:person_id AS bigint), :role, :action,"
    " :subject_type, CAST(:subject_id AS bigint), CAST(:facts AS jsonb), :legal_basis, :prev_hash, :hash"
)
INSERT = prepare(
    text(
        "WITH head AS (UPDATE audit_heads SET seq = :seq, hash = :hash, at = :at WHERE stream = :stream) "  # noqa: S608 - joined from constants
        f"INSERT INTO audit_entries ({_COLUMNS}) VALUES ({_VALUES})"
    )
)
BEHIND_SQL = (
    "head AS (UPDATE audit_heads SET seq = :seq, hash = :hash, at = :at"  # noqa: S608 - joined from constants
    " WHERE stream = :stream AND seq = :seq - 1 AND hash = :prev_hash RETURNING seq), "
    f"chained AS (INSERT INTO audit_entries ({_COLUMNS}) SELECT {_VALUES} FROM head)"
)
"""Parts of a statement that writes an entry behind the end of its stream; ``head`` is empty where that has moved."""
INSERT_BEHIND = prepare(text(f"WITH {BEHIND_SQL} SELECT seq FROM head"))  # noqa: S608 - joined from constants


def follow(entry: AuditEntry, end: StreamEnd) -> None:
    """Give a composed entry its place behind the last one; it carries its hash when that is written."""
    entry.id, entry.seq, entry.prev_hash = end.next_id, end.seq + 1, end.hash


def linked(entry: AuditEntry, end: StreamEnd) -> AuditEntry:
    """The composed entry behind that end of its stream, with its hash."""
    follow(entry, end)
    entry.hash = entry.digest()
    return entry


def _written_behind(session: Session, entry: AuditEntry, end: StreamEnd) -> bool:
    """Write the entry if the stream still ends where the caller saw it."""
    return bool(INSERT_BEHIND.rows(session, **row_of(linked(entry, end))))


def _link(session: Session, entry: AuditEntry) -> None:
    """Lock the stream and chain the entry behind its last one."""
    seq, previous, entry.id = tuple(LOCK.rows(session, stream=entry.stream, at=entry.at)[0])
    entry.seq, entry.prev_hash = seq + 1, bytes(previous)
    entry.hash = entry.digest()


def row_of(entry: AuditEntry) -> dict[str, Any]:
    """The values of an entry for :data:`INSERT`."""
    row = {column.key: getattr(entry, column.key) for column in AuditEntry.__table__.columns}
    return row | {"facts": orjson.dumps(entry.facts).decode()}


def _nfc(value: str | None) -> str | None:
    return None if value is None else unicodedata.normalize("NFC", value)


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they will come back from the database."""
    plain: dict[str, Any] = orjson.loads(orjson.dumps(dict(facts)))
    _refuse_floats(plain)
    return plain


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("audit facts hold no floats: give whole numbers or decimal text")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_floats(inner)


def history(session: Session, stream: str, *, after: int = 0, limit: int = 200) -> list[AuditEntry]:
    """The entries of a stream behind sequence number ``after``, oldest first."""
    query = select(AuditEntry).where(AuditEntry.stream == stream, AuditEntry.seq > after)
    return list(session.scalars(query.order_by(AuditEntry.seq).limit(limit)))


def record_view(session: Session, *, actor: Actor, subject: Subject | tuple[str, int], field: str) -> AuditEntry:
    """Write that the actor had a sensitive field of ``subject`` revealed, in the chain of that subject."""
    return append(
        session,
        f"{subject[0]}:{subject[1]}",
        actor=actor,
        action="foundation:field:reveal",
        facts={"field": field},
        subject=subject,
    )


register_actions({"foundation:field:reveal": lazy_gettext("A protected field was revealed.")})

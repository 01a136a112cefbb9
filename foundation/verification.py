"""Verification of the audit trail: chains recomputed entry by entry and held against the signed anchors."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from foundation.anchors import (
    BATCH,
    STREAM,
    Point,
    anchor_files,
    digest_of,
    previous_of,
    read_points,
    signature_of,
    signing_key,
)
from foundation.audit import GENESIS, AuditEntry
from foundation.auditarchive import STREAM as ARCHIVES

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ENTRY_COLUMNS = tuple(column.key for column in AuditEntry.__table__.columns)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong in a chain, or with an anchor (then ``file`` names it).

    ``code``: ``changed`` (the entry does not have its hash), ``missing``, ``foreign`` (an entry that the chain
    does not have), ``broken_link``, ``head_differs``, ``head_missing``, ``anchor_differs`` (rewritten since it
    was anchored); for files ``anchor_missing``, ``anchor_changed``, ``anchor_unsigned``, ``anchor_unrecorded``,
    ``archive_changed``.
    """

    stream: str
    seq: int
    code: str
    file: str | None = None


def verify(session: Session, folder: Path, key: str) -> list[Fault]:
    """Check every chain and every anchor; the first fault of each chain, and each faulty file.

    Rows are streamed, so that memory does not grow with the trail.
    """
    session.execute(text("SELECT pg_advisory_xact_lock_shared(hashtext('audit anchors'))"))
    files = [*_file_faults(session, folder, signing_key(key).public_key()), *_archive_faults(session, folder)]
    first: dict[str, Fault] = {}
    for fault in [*_chain_faults(session), *_anchor_faults(session, folder)]:
        known = first.get(fault.stream)
        if known is None or fault.seq < known.seq:
            first[fault.stream] = fault
    return sorted([*files, *first.values()], key=lambda fault: (fault.stream, fault.seq, fault.code))


ROWS = text(
    "SELECT coalesce(entry.stream, head.stream, gone.stream) AS chain, entry.*,"
    " head.seq AS head_seq, head.hash AS head_hash, gone.seq AS gone_seq, gone.hash AS gone_hash "
    "FROM audit_entries AS entry FULL JOIN audit_heads AS head ON head.stream = entry.stream "
    "FULL JOIN audit_archived_ends AS gone ON gone.stream = coalesce(entry.stream, head.stream) "
    'ORDER BY coalesce(entry.stream, head.stream, gone.stream) COLLATE "C", entry.seq, entry.id'
)


def _chain_faults(session: Session) -> Iterator[Fault]:
    rows = session.execute(ROWS, execution_options={"yield_per": BATCH})
    for chain, entries in groupby(rows, key=lambda row: row.chain):
        fault = _first_fault(chain, entries)
        if fault:
            yield fault


def _first_fault(chain: str, rows: Iterable[Any]) -> Fault | None:
    """The first fault of one chain, whose rows come in order; the rest of them is passed over."""
    end: tuple[int, bytes] | None = None
    for row in rows:
        seq, previous = end or (row.gone_seq or 0, bytes(row.gone_hash or GENESIS))
        if row.seq is None:  # a head without entries, or with all of them in archives
            break
        code = _fault_of(row, seq, previous)
        if code:
            return Fault(chain, seq + 1 if code == "missing" else row.seq, code)
        seq, previous = end = row.seq, bytes(row.hash)
    if row.head_seq is None:
        return Fault(chain, seq, "head_missing")
    if row.head_seq < seq:
        return Fault(chain, row.head_seq + 1, "foreign")
    if row.head_seq > seq:
        return Fault(chain, seq + 1, "missing")
    return None if bytes(row.head_hash) == previous else Fault(chain, seq, "head_differs")


def _fault_of(row: Any, seq: int, previous: bytes) -> str | None:
    """What is wrong with an entry that should follow entry ``seq`` with hash ``previous``."""
    if row.seq <= seq:
        return "foreign"
    if row.seq > seq + 1:
        return "missing"
    entry = AuditEntry(**{name: getattr(row, name) for name in ENTRY_COLUMNS})
    if not entry.is_sound():
        return "changed"
    return None if entry.prev_hash == previous else "broken_link"


ANCHORED = text(
    "SELECT point.stream, point.seq, point.hash,"
    " CASE WHEN gone.seq > point.seq THEN point.hash WHEN gone.seq = point.seq THEN encode(gone.hash, 'hex') ELSE"
    " (SELECT encode(entry.hash, 'hex') FROM audit_entries AS entry"
    "  WHERE entry.stream = point.stream AND entry.seq = point.seq ORDER BY entry.id LIMIT 1) END AS found,"
    " greatest(gone.seq, (SELECT max(seq) FROM audit_entries AS entry WHERE entry.stream = point.stream)) AS last "
    "FROM unnest(CAST(:streams AS text[]), CAST(:seqs AS bigint[]), CAST(:hashes AS text[]))"
    " AS point(stream, seq, hash) LEFT JOIN audit_archived_ends AS gone ON gone.stream = point.stream"
)


def _anchor_faults(session: Session, folder: Path) -> Iterator[Fault]:
    for path in anchor_files(folder).values():
        points = _points(path)
        while batch := list(islice(points, BATCH)):
            values = {name: [getattr(point, name[:-1]) for point in batch] for name in ("streams", "seqs")}
            values["hashes"] = [point.hash for point in batch]
            for row in session.execute(ANCHORED, values):
                if row.found is None:
                    yield Fault(row.stream, min((row.last or 0) + 1, row.seq), "missing", path.name)
                elif row.found != row.hash:
                    yield Fault(row.stream, row.seq, "anchor_differs", path.name)


def _points(path: Path) -> Iterator[Point]:
    """The points of an anchor up to the first line that is none: an edited file is a fault of its own."""
    try:
        yield from read_points(path)
    except (orjson.JSONDecodeError, TypeError):
        return


RECORDED = text(
    "SELECT CAST(facts ->> 'number' AS bigint) AS number, facts ->> 'sha256' AS sha256, facts ->> 'file' AS file, seq "
    "FROM audit_entries WHERE stream = :stream AND action = 'foundation:anchor:write' ORDER BY seq"
)


def _file_faults(session: Session, folder: Path, key: "Ed25519PublicKey") -> Iterator[Fault]:
    """Anchors that are missing or unknown, not what was recorded of them, unsigned, or cut off from the one before."""
    files = anchor_files(folder)
    recorded = {row.number: row for row in session.execute(RECORDED, {"stream": STREAM})}
    digest = None
    for number in range(1, max([*files, *recorded, 0]) + 1):
        row, path = recorded.get(number), files.get(number)
        name = path.name if path else row.file if row else None
        previous, digest = digest, digest_of(path) if path else None
        if code := _file_fault(path, digest, previous, key) or _record_fault(row, digest):
            yield Fault(STREAM, row.seq if row else number, code, name)


ARCHIVED = text(
    "SELECT facts ->> 'file' AS file, facts ->> 'sha256' AS sha256, seq FROM audit_entries "
    "WHERE stream = :stream ORDER BY seq"
)


def _archive_faults(session: Session, folder: Path) -> Iterator[Fault]:
    """Archives that are not what was recorded of them. One that is kept elsewhere is no fault (:func:`elsewhere`)."""
    for row in session.execute(ARCHIVED, {"stream": ARCHIVES}).all():
        path = folder / row.file
        if path.exists() and digest_of(path) != row.sha256:
            yield Fault(ARCHIVES, row.seq, "archive_changed", row.file)


def elsewhere(session: Session, folder: Path) -> list[str]:
    """The archives whose content nobody looked at, because they are not in the folder."""
    files = [row.file for row in session.execute(ARCHIVED, {"stream": ARCHIVES})]
    return [file for file in files if not (folder / file).exists()]


def _file_fault(path: Path | None, digest: str | None, previous: str | None, key: "Ed25519PublicKey") -> str | None:
    """What is wrong with an anchor by itself, where the one before has digest ``previous`` (None: not there)."""
    if path is None or digest is None:
        return "anchor_missing"
    if not _is_signed(path, digest, key):
        return "anchor_unsigned"
    return "anchor_changed" if previous and previous_of(path) != previous else None


def _record_fault(row: Any, digest: str | None) -> str | None:
    if row is None:
        return "anchor_unrecorded"
    return "anchor_changed" if row.sha256 != digest else None


def _is_signed(path: Path, digest: str, key: "Ed25519PublicKey") -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - takes 7 MB, and is needed once a day

    try:
        key.verify(bytes.fromhex(signature_of(path).read_text(encoding="ascii")), digest.encode())
    except (InvalidSignature, ValueError, FileNotFoundError):
        return False
    return True

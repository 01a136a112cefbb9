"""Archives of the audit trail: old months as files that prove themselves, taken out of the database (ADR 37)."""

import gzip
import os
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import orjson
from flask_babel import lazy_gettext
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from foundation import anchors
from foundation.actors import SYSTEM
from foundation.anchors import BATCH, digest_of
from foundation.audit import COLUMNS, GENESIS, Archive, ArchivedEnd, AuditEntry, append, register_actions
from foundation.auditmonths import PATIENCE, TRAIL, Piece, begin_months_at, month_of, pieces
from foundation.database import now

STREAM = "archives"
"""The chain that lists the archives themselves."""
STAYING = (STREAM, anchors.STREAM)
"""Chains without which nothing could be verified: they are never taken out."""


class NotArchivable(Exception):  # noqa: N818 - named after what is so
    """The month is not over, or what would be taken out is not sound; the message is for people."""


def archive_before(session: Session, month: date, folder: Path) -> Iterator[Archive]:
    """Take out what was written before a month, piece by piece, each committed by itself.

    Raises:
        NotArchivable: the month is still to come, or an entry is not what its chain says.
    """
    if month > month_of(now()):
        raise NotArchivable("Only months that are over can be archived.")
    oldest = session.scalar(select(func.min(AuditEntry.at)))
    if oldest is None or month_of(oldest) >= month:
        return
    begin_months_at(session, month)
    session.commit()
    for piece in pieces(session):
        if piece.until <= month:
            yield _taken_out(session, piece, folder)


def _taken_out(session: Session, piece: Piece, folder: Path) -> Archive:
    session.execute(text(f"LOCK TABLE {piece.name} IN SHARE ROW EXCLUSIVE MODE"))
    kept: list[int] = []
    path = folder / f"audit-until-{piece.until:%Y-%m}.jsonl.gz"
    with closing(session.execute(_rows(piece), execution_options={"yield_per": BATCH})) as rows:
        entries = _write(path, _sound_lines(rows, kept))
    session.execute(_ends(piece), {"kept": kept})
    session.execute(PATIENCE)
    session.execute(text(f"ALTER TABLE {TRAIL} DETACH PARTITION {piece.name}"))
    columns = ", ".join(COLUMNS)
    back = f"INSERT INTO {TRAIL} ({columns}) SELECT {columns} FROM {piece.name} WHERE id = ANY(:kept)"  # noqa: S608 - names of our own
    session.execute(text(back), {"kept": kept})
    session.execute(text(f"DROP TABLE {piece.name}"))
    archive = Archive(until=piece.until, file=path.name, entries=entries, at=now())
    session.add(archive)
    facts = {"file": path.name, "sha256": digest_of(path), "entries": entries, "until": piece.until.isoformat()}
    append(session, STREAM, actor=SYSTEM, action="foundation:archive:write", facts=facts)
    session.commit()
    return archive


def _rows(piece: Piece) -> Any:
    return text(
        f"SELECT entry.*, gone.seq AS gone_seq, gone.hash AS gone_hash FROM {piece.name} AS entry "  # noqa: S608 - names of our own
        'LEFT JOIN audit_archived_ends AS gone USING (stream) ORDER BY entry.stream COLLATE "C", entry.seq, entry.id'
    )


def _ends(piece: Piece) -> Any:
    return text(
        "INSERT INTO audit_archived_ends (stream, seq, hash)"  # noqa: S608 - names of our own
        f" SELECT DISTINCT ON (stream) stream, seq, hash FROM {piece.name} WHERE id <> ALL(:kept)"
        " ORDER BY stream, seq DESC ON CONFLICT (stream) DO UPDATE SET seq = excluded.seq, hash = excluded.hash"
    )


def _sound_lines(rows: Iterable[Any], kept: list[int]) -> Iterator[bytes]:
    """The lines of an archive. What does not continue its chain without a gap stays in the trail: its keys."""
    for _, entries in groupby(rows, key=attrgetter("stream")):
        end: tuple[int, bytes] | None = None
        for row in entries:
            seq, previous = end or (row.gone_seq or 0, bytes(row.gone_hash or GENESIS))
            if row.stream in STAYING or row.seq != seq + 1:
                kept.append(row.id)
                continue
            entry = AuditEntry(**{name: getattr(row, name) for name in COLUMNS})
            if entry.prev_hash != previous or not entry.is_sound():
                raise NotArchivable(f"{row.stream}: entry {row.seq} is not sound. See `flask audit verify`.")
            end = row.seq, bytes(row.hash)
            yield entry.as_kept()


def _write(path: Path, lines: Iterator[bytes]) -> int:
    """Write the file so that it is there whole or not at all; how many lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part, count = path.with_name(f"{path.name}.part"), 0
    with part.open("wb") as target:
        with gzip.GzipFile(fileobj=target, mode="wb", filename="", mtime=0) as packed:
            for line in lines:
                packed.write(line + b"\n")
                count += 1
        target.flush()
        os.fsync(target.fileno())
    part.replace(path)
    return count


def archived_entries(session: Session, folder: Path, stream: str) -> Iterator[dict[str, Any]]:
    """What the archives hold of a chain, oldest first.

    Raises:
        FileNotFoundError: an archive is not in the folder.
    """
    if session.get(ArchivedEnd, stream) is None:
        return
    for archive in session.scalars(select(Archive).order_by(Archive.until)):
        with gzip.open(folder / archive.file) as lines:
            for line in lines:
                entry = orjson.loads(line)
                if entry["stream"] == stream:
                    yield entry


register_actions({"foundation:archive:write": lazy_gettext("Old entries of the audit trail were archived.")})

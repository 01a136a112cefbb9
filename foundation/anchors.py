"""Anchors: signed daily files, kept outside the database, that say where each chain of the audit trail stood."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from flask import current_app
from flask_babel import lazy_gettext
from sqlalchemy import text
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.audit import append, register_actions
from foundation.auditmonths import ensure_months
from foundation.database import now
from foundation.jobs import task
from foundation.workdays import local_date

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

STREAM = "anchors"
"""The chain that lists the anchors themselves, so that a missing file is missed."""

PUBLIC_KEY = "anchor-key.pub"
NAME = re.compile(r"anchor-(\d{6})-\d{4}-\d{2}-\d{2}\.jsonl")
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Point:
    """Where a chain stood: its last entry then, and that entry's hash in hexadecimal."""

    stream: str
    seq: int
    hash: str


def signing_key(secret: str) -> "Ed25519PrivateKey":
    """The key that signs anchors, from the installation's secret."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415 - takes 7 MB, and is needed once a day

    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(secret.encode()).digest())


def write_anchor(session: Session, folder: Path, key: str) -> Path:
    """Write down where every chain stands that grew since the last anchor; signed, and bound to the file before.

    The anchor's number and digest become an entry of the trail themselves.
    """
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('audit anchors'))"))
    folder.mkdir(parents=True, exist_ok=True)
    _adopt_unrecorded(session, folder)
    number, previous = _last_anchor(session)
    at = now()
    path = folder / f"anchor-{number + 1:06}-{local_date(at)}.jsonl"
    header = {"number": number + 1, "at": at, "previous": previous}
    digest = _write(session, path, header, signing_key(key))
    _mark(session, path)
    _record(session, number + 1, path, digest)
    return path


def set_anchors_aside(folder: Path) -> Path | None:
    """Keep the anchors of a database that was given up beside the folder: in a new one all they name is missing."""
    if not folder.exists():
        return None
    return folder.rename(folder.with_name(f"{folder.name}-until-{now():%Y%m%dT%H%M%S%f}"))


def _adopt_unrecorded(session: Session, folder: Path) -> None:
    """Record what a write left behind that was cut short between the file and the database."""
    number, _ = _last_anchor(session)
    for unrecorded, path in sorted(anchor_files(folder).items()):
        if unrecorded > number:
            _record(session, unrecorded, path, digest_of(path))


def _record(session: Session, number: int, path: Path, digest: str) -> None:
    facts = {"number": number, "file": path.name, "sha256": digest}
    append(session, STREAM, actor=SYSTEM, action="foundation:anchor:write", facts=facts)


def _last_anchor(session: Session) -> tuple[int, str | None]:
    query = "SELECT facts FROM audit_entries WHERE stream = :stream ORDER BY seq DESC LIMIT 1"
    facts = session.scalar(text(query), {"stream": STREAM})
    return (facts["number"], facts["sha256"]) if facts else (0, None)


def _write(session: Session, path: Path, header: dict[str, Any], key: "Ed25519PrivateKey") -> str:
    """Write file, signature and public key so that each is there whole or not at all; returns the file's digest."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat  # noqa: PLC0415 - see above

    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as target:
        target.write(orjson.dumps(header) + b"\n")
        for stream, seq, last in _grown(session):
            target.write(orjson.dumps({"stream": stream, "seq": seq, "hash": bytes(last).hex()}) + b"\n")
        target.flush()
        os.fsync(target.fileno())
    digest = digest_of(part)
    _replace(signature_of(path), key.sign(digest.encode()).hex().encode())
    _replace(path.parent / PUBLIC_KEY, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    part.replace(path)
    return digest


def _grown(session: Session) -> Iterator[tuple[str, int, bytes]]:
    query = text("SELECT stream, seq, hash FROM audit_heads WHERE seq > anchored_seq ORDER BY stream")
    for row in session.execute(query, execution_options={"yield_per": BATCH}):
        yield row.stream, row.seq, row.hash


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f"{path.name}.part")
    with part.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    part.replace(path)


MARK = text(
    "UPDATE audit_heads SET anchored_seq = point.seq FROM ("
    " SELECT head.stream, given.seq FROM unnest(CAST(:streams AS text[]), CAST(:seqs AS bigint[]))"
    " AS given(stream, seq) JOIN audit_heads AS head ON head.stream = given.stream"
    " FOR UPDATE OF head SKIP LOCKED) AS point "
    "WHERE audit_heads.stream = point.stream"
)


def _mark(session: Session, path: Path) -> None:
    """Remember what is anchored. A chain that grows at this moment is skipped, and anchored again next time."""
    points = read_points(path)
    while batch := list(islice(points, BATCH)):
        values = {"streams": [point.stream for point in batch], "seqs": [point.seq for point in batch]}
        session.execute(MARK, values)


def anchor_files(folder: Path) -> dict[int, Path]:
    """The anchors in a folder by number."""
    found = sorted(folder.glob("anchor-*.jsonl")) if folder.is_dir() else []
    return {int(match[1]): path for path in found if (match := NAME.fullmatch(path.name))}


def signature_of(path: Path) -> Path:
    """Where the signature of an anchor stands."""
    return path.with_suffix(".sig")


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def previous_of(path: Path) -> Any:
    """The digest of the anchor before, as the header of this one has it."""
    with path.open("rb") as source:
        return orjson.loads(source.readline())["previous"]


def read_points(path: Path) -> Iterator[Point]:
    """The points of an anchor, without its header."""
    with path.open("rb") as source:
        next(source, None)
        for line in source:
            yield Point(**orjson.loads(line))


def anchors_folder() -> Path:
    """Where this installation keeps its anchors; copy the folder to another machine as often as it grows."""
    folder: Path = current_app.config["KHUEVAN"].state_folder / "anchors"
    return folder


@task("foundation:anchor:write", every="10 17 * * *")
def write_daily_anchor(session: Session) -> None:
    """Ten minutes past midnight in Hanoi."""
    write_anchor(session, anchors_folder(), current_app.config["KHUEVAN"].anchor_key)


@task("foundation:audit:lay_out", every="40 17 * * *")
def make_months_ahead(session: Session) -> None:
    """Forty minutes past midnight in Hanoi."""
    ensure_months(session, now())


register_actions({"foundation:anchor:write": lazy_gettext("The state of the audit trail was anchored.")})

"""Verification: whatever is done to the trail behind the product's back, the first bad row is named."""

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from foundation import verification
from foundation.actors import Actor
from foundation.anchors import PUBLIC_KEY, STREAM, anchor_files, read_points, signature_of, write_anchor
from foundation.audit import AuditEntry, AuditHead, Subject, append
from foundation.verification import Fault, verify

ACTION = "foundation:field:reveal"
KEY = "key of this installation"
OFFICER = Actor(kind="person", person_id=7)


def _entry(session: Session, stream: str, n: int) -> AuditEntry:
    return append(
        session, stream, actor=OFFICER, action=ACTION, facts={"n": n}, subject=Subject("case", 1), role="officer"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


@pytest.fixture
def trail(session: Session, folder: Path) -> Session:
    """Three chains: one of five entries, anchored at 2 and at 4; a short one; one that is not anchored."""
    for n in (1, 2):
        _entry(session, "case:1", n)
        _entry(session, "case:2", n)
    write_anchor(session, folder, KEY)
    for n in (3, 4):
        _entry(session, "case:1", n)
    write_anchor(session, folder, KEY)
    _entry(session, "case:1", 5)
    _entry(session, "case:3", 1)
    session.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    return session


def test_an_untouched_trail_is_whole(trail: Session, folder: Path) -> None:
    assert verify(trail, folder, KEY) == []


def test_an_empty_trail_is_whole(session: Session, folder: Path) -> None:
    assert verify(session, folder, KEY) == []


def test_an_anchor_holds_only_what_grew(trail: Session, folder: Path) -> None:
    points = [[(point.stream, point.seq) for point in read_points(path)] for path in anchor_files(folder).values()]
    assert points == [[("case:1", 2), ("case:2", 2)], [("anchors", 1), ("case:1", 4)]]


EDITS: dict[str, Any] = {
    "at": text("at + interval '1 microsecond'"),
    "actor_kind": "system",
    "person_id": 8,
    "role": None,
    "action": "foundation:calendar:change",
    "subject_type": "fund",
    "subject_id": 2,
    "facts": {"n": 99},
    "legal_basis": "Điều 1",
    "prev_hash": b"x" * 32,
    "hash": b"y" * 32,
    "id": 999_999,
}


@pytest.mark.parametrize("column", EDITS)
def test_an_edit_of_any_column_is_found(trail: Session, folder: Path, column: str) -> None:
    changed = update(AuditEntry).where(AuditEntry.stream == "case:1", AuditEntry.seq == 3)
    trail.execute(changed.values({column: EDITS[column]}))
    assert verify(trail, folder, KEY) == [Fault("case:1", 3, "changed")]


def _run(*statements: str) -> Callable[[Session], None]:
    def doctor(session: Session) -> None:
        for statement in statements:
            session.execute(text(statement))

    return doctor


def _rewrite(session: Session) -> None:
    """Change an entry and recompute every hash behind it, as somebody who knows the code would."""
    entries = list(session.scalars(select(AuditEntry).where(AuditEntry.stream == "case:1").order_by(AuditEntry.seq)))
    entries[2].facts = {"n": 99}
    for before, entry in pairwise(entries[1:]):
        entry.prev_hash = before.hash
        entry.hash = entry.digest()
    session.get_one(AuditHead, "case:1").hash = entries[-1].hash
    session.flush()


def _continue(session: Session) -> None:
    """Add a sound entry behind the last one without moving the head."""
    last = session.scalars(select(AuditEntry).where(AuditEntry.stream == "case:2", AuditEntry.seq == 2)).one()
    values = {column.key: getattr(last, column.key) for column in AuditEntry.__table__.columns}
    forged = AuditEntry(**values | {"id": last.id + 1000, "seq": 3, "prev_hash": last.hash})
    forged.hash = forged.digest()
    session.add(forged)
    session.flush()


TRUNCATE = "DELETE FROM audit_entries WHERE stream = 'case:1' AND seq > %s"
LOWER_HEAD = (
    "UPDATE audit_heads AS head SET seq = entry.seq, hash = entry.hash FROM audit_entries AS entry "
    "WHERE head.stream = 'case:1' AND entry.stream = 'case:1' AND entry.seq = %s"
)
MOVE_ASIDE = "UPDATE audit_entries SET seq = seq + 100 WHERE stream = 'case:1' AND seq >= %s"


@pytest.mark.parametrize(
    ("doctor", "seq", "code"),
    [
        (_run("DELETE FROM audit_entries WHERE stream = 'case:1' AND seq = 1"), 1, "missing"),
        (_run("DELETE FROM audit_entries WHERE stream = 'case:1' AND seq = 3"), 3, "missing"),
        (_run(TRUNCATE % 4), 5, "missing"),
        (_run(TRUNCATE % 2, LOWER_HEAD % 2), 3, "missing"),
        (_run(TRUNCATE % 0, "DELETE FROM audit_heads WHERE stream = 'case:1'"), 1, "missing"),
        (_run(TRUNCATE % 0, "UPDATE audit_heads SET seq = 0, hash = '' WHERE stream = 'case:1'"), 1, "missing"),
        (_run(MOVE_ASIDE % 3, "UPDATE audit_entries SET seq = 3 WHERE stream = 'case:1' AND seq = 104"), 3, "changed"),
        (
            _run(
                MOVE_ASIDE % 3,
                "UPDATE audit_entries SET seq = seq - 99 WHERE stream = 'case:1' AND seq > 100",
                "INSERT INTO audit_entries (id, stream, seq, at, actor_kind, action, facts, prev_hash, hash)"
                " SELECT 777, stream, 3, at, actor_kind, action, facts, hash, hash FROM audit_entries"
                " WHERE stream = 'case:1' AND seq = 2",
            ),
            3,
            "changed",
        ),
        (_rewrite, 4, "anchor_differs"),
        (_run("UPDATE audit_entries SET stream = 'case:9' WHERE stream = 'case:1' AND seq = 5"), 5, "missing"),
        (_run("UPDATE audit_heads SET hash = 'x' WHERE stream = 'case:1'"), 5, "head_differs"),
        (_run("DELETE FROM audit_heads WHERE stream = 'case:1'"), 5, "head_missing"),
        (_run(LOWER_HEAD % 4), 5, "foreign"),
    ],
    ids=[
        "first deleted",
        "middle deleted",
        "tail cut",
        "tail cut and head doctored",
        "chain gone with its head",
        "chain gone and head emptied",
        "reordered",
        "inserted",
        "rewritten",
        "moved to another chain",
        "head's hash changed",
        "head gone",
        "head turned back",
    ],
)
def test_the_first_bad_row_is_named(
    trail: Session, folder: Path, doctor: Callable[[Session], None], seq: int, code: str
) -> None:
    doctor(trail)
    (fault,) = [fault for fault in verify(trail, folder, KEY) if fault.stream == "case:1"]
    assert (fault.seq, fault.code) == (seq, code)


def test_a_forged_continuation_is_found(trail: Session, folder: Path) -> None:
    _continue(trail)
    assert verify(trail, folder, KEY) == [Fault("case:2", 3, "foreign")]


def test_a_second_entry_with_the_same_number_is_found(trail: Session, folder: Path) -> None:
    trail.execute(text("ALTER TABLE audit_entries DROP CONSTRAINT uq_audit_entries_stream_seq_at"))
    trail.execute(
        text(
            "INSERT INTO audit_entries (id, stream, seq, at, actor_kind, action, facts, prev_hash, hash) SELECT"
            " id + 1000, stream, seq, at, actor_kind, action, facts, prev_hash, hash FROM audit_entries"
            " WHERE stream = 'case:1' AND seq = 2"
        )
    )
    assert verify(trail, folder, KEY) == [Fault("case:1", 2, "foreign")]


def test_every_bad_chain_is_named_once(trail: Session, folder: Path) -> None:
    trail.execute(text("UPDATE audit_entries SET facts = '{}' WHERE stream LIKE 'case:%' AND seq IN (1, 3)"))
    assert verify(trail, folder, KEY) == [Fault(f"case:{number}", 1, "changed") for number in (1, 2, 3)]


def _files(folder: Path) -> list[Path]:
    return list(anchor_files(folder).values())


def _edit_line(folder: Path) -> None:
    path = _files(folder)[0]
    header, first, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([header, json.dumps({**json.loads(first), "hash": "0" * 64}) + "\n", *rest]))


def _replace_signature(folder: Path) -> None:
    first, second = _files(folder)
    signature_of(first).write_text(signature_of(second).read_text())


@pytest.mark.parametrize(
    ("doctor", "number", "code"),
    [
        (lambda folder: _files(folder)[0].unlink(), 1, "anchor_missing"),
        (lambda folder: _files(folder)[1].unlink(), 2, "anchor_missing"),
        (_edit_line, 1, "anchor_unsigned"),
        (lambda folder: _files(folder)[1].write_text("{}\n"), 2, "anchor_unsigned"),
        (lambda folder: signature_of(_files(folder)[0]).unlink(), 1, "anchor_unsigned"),
        (_replace_signature, 1, "anchor_unsigned"),
    ],
    ids=["first removed", "last removed", "line edited", "emptied", "signature removed", "signature swapped"],
)
def test_a_doctored_anchor_is_named(
    trail: Session, folder: Path, doctor: Callable[[Path], None], number: int, code: str
) -> None:
    files = [path.name for path in _files(folder)]
    doctor(folder)
    assert Fault(STREAM, number, code, files[number - 1]) in verify(trail, folder, KEY)


def test_anchors_signed_by_another_key_are_not_trusted(trail: Session, folder: Path) -> None:
    assert {fault.code for fault in verify(trail, folder, "another key")} == {"anchor_unsigned"}
    assert (folder / PUBLIC_KEY).read_text().startswith("-----BEGIN PUBLIC KEY-----")


def test_an_anchor_from_elsewhere_does_not_fit(trail: Session, folder: Path, tmp_path: Path) -> None:
    """Rightly signed, but not the one that was written here: an older state put back, say."""
    first, second = _files(folder)
    second.write_bytes(first.read_bytes())
    signature_of(second).write_text(signature_of(first).read_text())
    assert Fault(STREAM, 2, "anchor_changed", second.name) in verify(trail, folder, KEY)


def _write_and_lose(session: Session, folder: Path) -> Path:
    """Write an anchor whose transaction is never committed."""
    savepoint = session.begin_nested()
    path = write_anchor(session, folder, KEY)
    savepoint.rollback()
    return path


def test_an_anchor_that_was_cut_short_is_reported_and_then_adopted(trail: Session, folder: Path) -> None:
    cut_short = _write_and_lose(trail, folder)
    assert verify(trail, folder, KEY) == [Fault(STREAM, 3, "anchor_unrecorded", cut_short.name)]

    write_anchor(trail, folder, KEY)

    assert verify(trail, folder, KEY) == []
    assert sorted(anchor_files(folder)) == [1, 2, 3, 4]


@pytest.fixture
def cursors(connection: Connection) -> Iterator[dict[str, type]]:
    seen: dict[str, type] = {}

    def note(_connection: Connection, cursor: object, statement: str, *_: object) -> None:
        seen[statement] = type(cursor)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def test_entries_are_streamed(trail: Session, folder: Path, cursors: dict[str, type]) -> None:
    verify(trail, folder, KEY)
    assert issubclass(cursors[str(verification.ROWS)], psycopg.ServerCursor)


def test_more_chains_than_a_batch_are_anchored_and_verified(
    session: Session, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.anchors.BATCH", 3)
    monkeypatch.setattr(verification, "BATCH", 3)
    for number in range(8):
        _entry(session, f"case:{number}", 1)
    write_anchor(session, folder, KEY)
    path = write_anchor(session, folder, KEY)
    assert [point.stream for point in read_points(path)] == [STREAM]
    assert verify(session, folder, KEY) == []

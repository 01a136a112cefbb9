"""Months of the audit trail: every entry finds its piece, old ones leave as files, and the chains still verify."""

import gzip
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.anchors import write_anchor
from foundation.audit import append, history
from foundation.auditarchive import NotArchivable, archive_before, archived_entries
from foundation.auditmonths import AHEAD, ensure_months, month_after, month_of, pieces
from foundation.database import as_of, now
from foundation.verification import Fault, elsewhere, verify

ACTION = "foundation:field:reveal"
KEY = "key of this installation"
PLACED = "SELECT tableoid::regclass::text FROM audit_entries WHERE stream = :stream ORDER BY seq"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


@pytest.fixture
def trail(session: Session, folder: Path) -> Session:
    """A chain over the last four months, one that ended long ago, one of today; the old ones are anchored."""
    for months in (3, 2, 1):
        with as_of(now() - timedelta(days=31 * months)):
            _append(session, "case:1")
            write_anchor(session, folder, KEY)
    with as_of(now() - timedelta(days=93)):
        _append(session, "case:2")
    _append(session, "case:1")
    _append(session, "case:3")
    return session


def _append(session: Session, stream: str) -> None:
    append(session, stream, actor=SYSTEM, action=ACTION)


def _this_month() -> date:
    return month_of(now())


def test_an_entry_goes_into_its_month_and_never_nowhere(session: Session) -> None:
    for days in (-9_000, 0, 45, 9_000):
        with as_of(now() + timedelta(days=days)):
            _append(session, "case:1")

    places = [place.removeprefix("audit_entries_") for place in session.scalars(text(PLACED), {"stream": "case:1"})]

    following = month_of(now() + timedelta(days=45))
    assert places == ["earlier", f"{_this_month():%Y_%m}", f"{following:%Y_%m}", "otherwise"]


def test_months_are_made_ahead_even_where_entries_were_written_before_them(session: Session) -> None:
    at = now() + timedelta(days=200)
    with as_of(at):
        _append(session, "case:1")

    ensure_months(session, at)
    ensure_months(session, at)

    assert session.scalars(text(PLACED), {"stream": "case:1"}).all() == [f"audit_entries_{month_of(at):%Y_%m}"]
    assert pieces(session)[-1].until == month_after(month_of(at), AHEAD + 1)


@pytest.mark.parametrize("statement", ["UPDATE {} SET role = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("kind", ["month", "earlier", "otherwise"])
def test_no_piece_can_be_changed(session: Session, statement: str, kind: str) -> None:
    days = {"month": 0, "earlier": -400, "otherwise": 400}[kind]
    with as_of(now() + timedelta(days=days)):
        _append(session, "case:1")
    (piece,) = session.scalars(text(PLACED), {"stream": "case:1"})

    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement.format(piece)))


def test_pieces_made_later_refuse_changes_too(session: Session) -> None:
    with as_of(now() + timedelta(days=200)):
        _append(session, "case:1")
        ensure_months(session, now())
    with as_of(now() + timedelta(days=900)):
        _append(session, "case:1")
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text("DELETE FROM audit_entries_otherwise"))


def test_the_trail_verifies_without_the_months_that_were_taken_out(trail: Session, folder: Path) -> None:
    before = verify(trail, folder, KEY)
    until = month_after(_this_month(), -1)

    archives = list(archive_before(trail, until, folder))

    assert before == []
    assert sum(archive.entries for archive in archives) >= 3
    assert history(trail, "case:1")[0].seq > 1
    assert history(trail, "case:2") == []
    assert {piece.until for piece in pieces(trail)} > {month_after(until)}
    assert verify(trail, folder, KEY) == []


def test_chains_go_on_behind_what_was_taken_out_and_out_again(trail: Session, folder: Path) -> None:
    list(archive_before(trail, month_after(_this_month(), -1), folder))
    _append(trail, "case:2")
    list(archive_before(trail, _this_month(), folder))
    write_anchor(trail, folder, KEY)

    assert [entry.seq for entry in history(trail, "case:2")] == [2]
    assert [entry["seq"] for entry in archived_entries(trail, folder, "case:1")] == [1, 2, 3]
    assert verify(trail, folder, KEY) == []


def test_a_changed_archive_is_found_and_a_missing_one_is_told(trail: Session, folder: Path) -> None:
    archives = [*archive_before(trail, month_after(_this_month(), -1), folder)]
    archives += archive_before(trail, _this_month(), folder)
    changed, missing = folder / archives[-1].file, folder / archives[0].file
    changed.write_bytes(gzip.compress(gzip.decompress(changed.read_bytes()).replace(b"reveal", b"review")))
    missing.unlink()

    faults = verify(trail, folder, KEY)

    assert faults == [Fault("archives", len(archives), "archive_changed", changed.name)]
    assert elsewhere(trail, folder) == [missing.name]


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE audit_archived_ends SET seq = 3 WHERE stream = 'case:1'",
        "UPDATE audit_archived_ends SET hash = 'x' WHERE stream = 'case:1'",
        "DELETE FROM audit_archived_ends WHERE stream = 'case:1'",
    ],
)
def test_a_forged_end_of_what_was_taken_out_is_found(trail: Session, folder: Path, forgery: str) -> None:
    list(archive_before(trail, month_after(_this_month(), -1), folder))

    trail.execute(text(forgery))

    assert [fault.stream for fault in verify(trail, folder, KEY)] == ["case:1"]


def test_a_month_that_goes_on_and_a_trail_that_was_changed_are_not_archived(trail: Session, folder: Path) -> None:
    with pytest.raises(NotArchivable, match="over"):
        list(archive_before(trail, month_after(_this_month()), folder))
    trail.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
    trail.execute(text("UPDATE audit_entries SET role = 'x' WHERE stream = 'case:2'"))
    trail.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER USER"))
    with pytest.raises(NotArchivable, match="case:2: entry 1"):
        list(archive_before(trail, _this_month(), folder))


def test_what_was_written_out_of_order_stays_until_its_turn(session: Session, folder: Path) -> None:
    """Two processes at the turn of a month: the later entry has the earlier instant."""
    turn = datetime.combine(_this_month(), datetime.min.time(), UTC) - timedelta(hours=7)
    for instant in (turn - timedelta(days=1), turn, turn - timedelta(microseconds=1)):
        with as_of(instant):
            _append(session, "case:1")

    (*_, archive) = archive_before(session, _this_month(), folder)

    assert archive.entries == 1
    assert [entry.seq for entry in history(session, "case:1")] == [2, 3]
    assert verify(session, folder, KEY) == []

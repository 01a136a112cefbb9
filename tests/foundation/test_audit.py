"""The audit trail: what it keeps, what it refuses, and that two writers never fork a chain."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask_babel import lazy_gettext
from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM, Actor
from foundation.audit import (
    GENESIS,
    STREAM_END_SQL,
    StreamEnd,
    Subject,
    append,
    history,
    record_view,
    register_actions,
    registered_actions,
)
from tests.databases import FreshDatabase

ACTION = "foundation:field:reveal"
OFFICER = Actor(kind="person", person_id=7, name="Lan")


def test_entries_form_a_chain(session: Session) -> None:
    first = append(session, "case:1", actor=OFFICER, action=ACTION, subject=Subject("case", 1), role="officer")
    second = append(session, "case:1", actor=SYSTEM, action=ACTION, legal_basis="Điều 19")

    kept = history(session, "case:1")

    assert [entry.seq for entry in kept] == [1, 2]
    assert [entry.hash for entry in kept] == [first.hash, second.hash]
    assert [entry.prev_hash for entry in kept] == [GENESIS, first.hash]
    assert all(entry.hash == entry.digest() for entry in kept)
    assert (kept[0].person_id, kept[0].role, kept[0].subject_type, kept[0].subject_id) == (
        7,
        "officer",
        "case",
        1,
    )
    assert (kept[1].actor_kind, kept[1].legal_basis) == ("system", "Điều 19")


def test_streams_do_not_touch(session: Session) -> None:
    append(session, "case:1", actor=SYSTEM, action=ACTION)
    entry = append(session, "case:2", actor=SYSTEM, action=ACTION)
    assert (entry.seq, entry.prev_hash) == (1, GENESIS)


def _end(session: Session, stream: str) -> StreamEnd | None:
    return StreamEnd.read(session.scalar(text(f"SELECT {STREAM_END_SQL}"), {"stream": stream}))


def test_an_end_read_beforehand_spares_a_statement_and_stays_a_chain(session: Session, statements: list[str]) -> None:
    first = append(session, "case:1", actor=SYSTEM, action=ACTION)
    end = _end(session, "case:1")
    statements.clear()
    second = append(session, "case:1", actor=SYSTEM, action=ACTION, end=end)

    assert len(statements) == 1
    assert (second.seq, second.prev_hash) == (2, first.hash)
    assert [entry.is_sound() for entry in history(session, "case:1")] == [True, True]


def test_an_end_that_somebody_wrote_behind_forks_nothing(session: Session) -> None:
    append(session, "case:1", actor=SYSTEM, action=ACTION)
    end = _end(session, "case:1")
    between = append(session, "case:1", actor=SYSTEM, action=ACTION)

    late = append(session, "case:1", actor=SYSTEM, action=ACTION, end=end)

    assert (late.seq, late.prev_hash) == (3, between.hash)
    assert [(entry.seq, entry.is_sound()) for entry in history(session, "case:1")] == [(1, True), (2, True), (3, True)]


def test_a_stream_without_entries_has_no_end(session: Session) -> None:
    assert _end(session, "case:1") is None
    assert append(session, "case:1", actor=SYSTEM, action=ACTION, end=None).seq == 1


def test_facts_come_back_as_they_were_hashed(session: Session) -> None:
    facts = {"due": datetime(2026, 1, 2, tzinfo=UTC), "n": 3, "nested": {"z": [True, None], "a": "Hà Nội"}}
    append(session, "case:1", actor=SYSTEM, action=ACTION, facts=facts, role="Ha\u0300")

    (kept,) = history(session, "case:1")

    assert kept.facts == {**facts, "due": "2026-01-02T00:00:00+00:00"}
    assert kept.hash == kept.digest()


def test_history_is_read_by_sequence(session: Session) -> None:
    for _ in range(3):
        append(session, "case:1", actor=SYSTEM, action=ACTION)
    assert [entry.seq for entry in history(session, "case:1", after=1, limit=1)] == [2]


def test_an_unknown_action_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="not registered"):
        append(session, "case:1", actor=SYSTEM, action="foundation:field:forget")


@pytest.mark.parametrize("facts", [{"share": 0.5}, {"list": [{"deep": 1.0}]}, {"thing": object()}])
def test_facts_without_stable_text_are_refused(session: Session, facts: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        append(session, "case:1", actor=SYSTEM, action=ACTION, facts=facts)


@pytest.mark.parametrize("action", ["reveal", "foundation:reveal", "Foundation:field:reveal", ACTION])
def test_a_bad_or_taken_action_cannot_be_registered(action: str) -> None:
    with pytest.raises(ValueError, match="audit action"):
        register_actions({action: lazy_gettext("A protected field was revealed.")})


def test_a_reveal_is_written_in_the_chain_of_its_subject(session: Session) -> None:
    record_view(session, actor=OFFICER, subject=Subject("case", 5), field="identity_number")

    (entry,) = history(session, "case:5")

    assert (entry.action, entry.facts, entry.person_id) == (ACTION, {"field": "identity_number"}, 7)
    assert entry.action in registered_actions()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entries SET role = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"],
)
def test_entries_cannot_be_changed(session: Session, statement: str) -> None:
    append(session, "case:1", actor=SYSTEM, action=ACTION)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


@pytest.fixture
def statements(connection: Connection) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    yield seen
    event.remove(connection, "before_cursor_execute", note)


def test_an_entry_costs_two_statements(session: Session, statements: list[str]) -> None:
    append(session, "case:1", actor=SYSTEM, action=ACTION)
    statements.clear()
    append(session, "case:1", actor=SYSTEM, action=ACTION)
    assert len(statements) == 2


def test_writers_at_the_same_time_share_one_chain(fresh_database: FreshDatabase) -> None:
    def write(number: int) -> None:
        with fresh_database.session() as session:
            append(session, "case:1", actor=SYSTEM, action=ACTION, facts={"number": number})
            session.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))

    with fresh_database.session() as session:
        kept = history(session, "case:1")
    assert [entry.seq for entry in kept] == list(range(1, 25))
    assert sorted(entry.facts["number"] for entry in kept) == list(range(24))
    assert [entry.prev_hash for entry in kept] == [GENESIS, *(entry.hash for entry in kept[:-1])]

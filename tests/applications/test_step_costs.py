"""What a step and a kept review ask of the database: counted, so that none of it comes back; and read behind locks."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from applications.engine import fire
from applications.models import Application, BatchItem, CaseEvent
from applications.operations.batches import make_items, start_batch
from applications.operations.reviews import Score, assign_reviewer, declare_conflict, hold_review, keep_review
from applications.queries.cases import find_application
from foundation.audit import AuditEntry
from tests.accounts.factories import actor_for, make_person
from tests.applications.programs import program_of
from tests.applications.small_pack import World, make_world
from tests.applications.visits import submitted
from tests.databases import FreshDatabase

Statements = list[str]


@pytest.fixture
def statements(world: World) -> Iterator[Statements]:
    """What is said to the database, without the marks of a transaction inside another."""
    said: Statements = []
    bind = world.session.connection()

    def note(_connection: Connection, _cursor: object, words: str, *_rest: object) -> None:
        if not words.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            said.append(words)

    event.listen(bind, "before_cursor_execute", note)
    yield said
    event.remove(bind, "before_cursor_execute", note)


def said_by(statements: Statements, act: Callable[[], object]) -> int:
    """How many statements the second time takes; the first may read what is kept in memory."""
    statements.clear()
    act()
    return len(statements)


def accepted_by(app: Flask, world: World, number: int) -> list[Callable[[], Any]]:
    program = program_of(app, world.session, world.officer("intake_officer"))
    keys = [submitted(world).key for _ in range(number)]
    world.session.commit()
    return [lambda key=key: program.post(f"/applications/{key}/steps/accept") for key in keys]  # type: ignore[misc]  # bound now


def test_a_step_by_program_is_four_statements(app: Flask, world: World, statements: Statements) -> None:
    first, second = accepted_by(app, world, 2)
    assert first().status_code == 200

    cost = said_by(statements, second)

    assert cost == 4, statements  # who asks, the dossier held, what is around it, all that the step leaves


def test_a_review_is_kept_by_two_statements(world: World, statements: Statements) -> None:
    application = submitted(world)
    fire(world.session, application, "accept", actor=world.officer("intake_officer"))
    reviewer = actor_for(world.session, make_person(world.session, grants=["reviewer"]))
    task = assign_reviewer(world.session, application, reviewer, actor=world.officer("case_officer"))
    declare_conflict(world.session, task, actor=reviewer, has_conflict=False)
    world.session.flush()

    def keep(value: int) -> dict[str, Score]:
        held = hold_review(world.session, task.id, actor=reviewer)
        scores = {"novel": Score(value, " Mới "), "safe": Score(None)}
        return dict(keep_review(world.session, held, scores, summary=" Tốt ").scores)

    keep(3)
    cost = said_by(statements, lambda: keep(4))
    world.session.expire_all()

    assert cost == 2, statements
    assert task.summary == "Tốt"
    kept = {row.criterion: (row.score, row.comment) for row in task.scores}
    assert kept == {"novel": (4, "Mới"), "safe": (None, "")}


def made_together(world: World, number: int) -> list[Application]:
    """The step of officers on so many dossiers by one press."""
    cases, batch_id, actor = [submitted(world) for _ in range(number)], uuid4(), world.officer("intake_officer")
    chosen = [(case.id, case.revision) for case in cases]
    start_batch(world.session, batch_id, "accept", chosen, data={}, actor=actor)
    world.session.commit()
    make_items(world.session, batch_id, actor=actor)
    return cases


def test_a_step_on_many_is_as_many_statements_as_on_one(
    world: World, statements: Statements, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_together(world, 1)
    costs = []
    for number in (1, 4):
        cases, batch_id, actor = [submitted(world) for _ in range(number)], uuid4(), world.officer("intake_officer")
        chosen = [(case.id, case.revision) for case in cases]
        start_batch(world.session, batch_id, "accept", chosen, data={}, actor=actor)
        world.session.commit()
        costs.append(said_by(statements, lambda: make_items(world.session, batch_id, actor=actor)))  # noqa: B023 - called now

    assert costs[0] == costs[1] <= 8


def test_steps_made_together_are_numbered_without_gaps_and_each_chained(world: World) -> None:
    cases = made_together(world, 3)

    serials = [int((case.code or "").rsplit("-", 1)[1]) for case in cases]
    assert serials == list(range(serials[0], serials[0] + 3))
    for case in cases:
        entries = list(world.session.scalars(select(AuditEntry).where(AuditEntry.stream == case.stream)))
        assert all(entry.is_sound() for entry in entries)
        assert entries[-1].facts["code"] == case.code


def test_where_they_cannot_be_written_together_each_is_made_by_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(*_given: object, **_named: object) -> None:
        raise OperationalError("INSERT", {}, RuntimeError("one spoils it"))

    monkeypatch.setattr("applications.operations.batches.fire_together", spoilt)
    cases = made_together(world, 2)

    assert set(world.session.scalars(select(BatchItem.outcome))) == {"made"}
    made = world.session.scalars(select(CaseEvent.case_id).where(CaseEvent.step == "accept"))
    assert sorted(made) == sorted(case.id for case in cases)


def test_who_waited_for_a_dossier_reads_its_answers_as_they_are_then(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context(), Session(fresh_database.engine, expire_on_commit=False) as session:
        world = make_world(session)
        application, actor = world.draft(), world.applicant
        session.commit()
    waits = Event()

    def wait_for_it() -> Any:
        with Session(fresh_database.engine) as session:
            session.connection()
            waits.set()
            return find_application(session, application.key, actor=actor, for_change=True).answers["title"]

    with Session(fresh_database.engine) as session, ThreadPoolExecutor(1) as pool:
        held = find_application(session, application.key, actor=actor, for_change=True)
        read = pool.submit(wait_for_it)
        waits.wait()
        held.answers = {**held.answers, "title": "Mới hơn"}
        held.revision += 1
        _let_it_wait(session)
        session.commit()
        assert read.result(timeout=20) == "Mới hơn"


def _let_it_wait(session: Session) -> None:
    """Go on when somebody waits for a lock."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    while not session.connection().exec_driver_sql(asked).scalar():
        pass

"""Jobs: written with the transaction or not at all, run once, tried again, given back by lost workers."""

import os
import signal
from datetime import timedelta
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from procrastinate.jobs import Job as JobRow
from sqlalchemy import text
from sqlalchemy.orm import Session

from foundation import jobs
from foundation.database import now
from foundation.jobs import BackOff, Task, WorkerStopped, defer, heartbeat_age, include_name, run_worker, task
from tests.databases import FreshDatabase


@task("tests:note:write", attempts=3)
def write_note(session: Session, *, words: str) -> None:
    session.execute(text("INSERT INTO notes (words) VALUES (:words)"), {"words": words})


@task("tests:note:fail", attempts=3)
def fail_after_writing(session: Session, *, words: str) -> None:
    write_note.work(session, words=words)
    raise RuntimeError("the note is too sad")


def _write_why(session: Session, *, words: str, error: Exception) -> None:
    write_note.work(session, words=f"{words}: {error}")


@task("tests:note:told", attempts=2, given_up=_write_why)
def fail_and_tell(session: Session, *, words: str) -> None:
    fail_after_writing.work(session, words=words)


@task("tests:note:chain")
def write_later(session: Session, *, words: str) -> None:
    defer(session, write_note, words=words)


@pytest.fixture
def database(fresh_database: FreshDatabase) -> FreshDatabase:
    with fresh_database.session() as session:
        session.execute(text("CREATE TABLE notes (words text)"))
        session.commit()
    return fresh_database


def _rows(database: FreshDatabase, query: str) -> list[tuple[Any, ...]]:
    with database.session() as session:
        return [tuple(row) for row in session.execute(text(query))]


def _defer(database: FreshDatabase, kind: Task, **arguments: Any) -> None:
    with database.session() as session:
        defer(session, kind, **arguments)
        session.commit()


def test_a_job_is_rolled_back_with_its_transaction(database: FreshDatabase) -> None:
    with database.session() as session:
        assert defer(session, write_note, words="never") is not None
        session.rollback()
    assert _rows(database, "SELECT count(*) FROM procrastinate_jobs") == [(0,)]


def test_a_committed_job_runs_once(database: FreshDatabase) -> None:
    _defer(database, write_note, words="Chào")
    run_worker(database.app, wait=False)
    run_worker(database.app, wait=False)
    assert _rows(database, "SELECT words FROM notes") == [("Chào",)]
    assert _job_state(database, write_note) == [("succeeded", 1)]


def _job_state(database: FreshDatabase, kind: Task) -> list[tuple[Any, ...]]:
    query = f"SELECT status, attempts FROM procrastinate_jobs WHERE task_name = '{kind.name}'"  # noqa: S608
    return _rows(database, query)


def test_a_failing_job_leaves_nothing_and_is_tried_again_later(database: FreshDatabase) -> None:
    _defer(database, fail_after_writing, words="half")
    run_worker(database.app, wait=False)

    assert _rows(database, "SELECT words FROM notes") == []
    assert _job_state(database, fail_after_writing) == [("todo", 1)]
    waits = "SELECT extract(epoch FROM scheduled_at - now()) BETWEEN 1 AND 5 FROM procrastinate_jobs"
    assert _rows(database, f"{waits} WHERE task_name = 'tests:note:fail'") == [(True,)]


def _work_without_waiting(database: FreshDatabase) -> None:
    run_worker(database.app, wait=False)
    with database.session() as session:
        session.execute(text("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'"))
        session.commit()


def test_whoever_waits_is_told_when_a_job_has_failed_for_good(database: FreshDatabase) -> None:
    _defer(database, fail_and_tell, words="half")
    _work_without_waiting(database)
    early = _rows(database, "SELECT words FROM notes")
    _work_without_waiting(database)

    assert early == []
    assert _rows(database, "SELECT words FROM notes") == [("half: the note is too sad",)]
    assert _job_state(database, fail_and_tell) == [("failed", 2)]


def test_a_job_gives_up_after_its_last_attempt(database: FreshDatabase) -> None:
    _defer(database, fail_after_writing, words="half")
    for _ in range(4):
        _work_without_waiting(database)
    assert _job_state(database, fail_after_writing) == [("failed", 3)]


@pytest.mark.parametrize(("failed", "seconds"), [(0, 5), (1, 10), (3, 40), (30, 3600)])
def test_attempts_wait_longer_and_longer(failed: int, seconds: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, int]] = []
    monkeypatch.setattr(jobs, "RetryDecision", lambda *, retry_in: seen.append(retry_in))
    row = JobRow(queue="q", lock=None, queueing_lock=None, task_name="t", attempts=failed)
    BackOff(99).get_retry_decision(exception=RuntimeError(), job=row)
    assert seen == [{"seconds": seconds}]


def test_a_job_can_start_another(database: FreshDatabase) -> None:
    _defer(database, write_later, words="after")
    run_worker(database.app, wait=False)
    assert _rows(database, "SELECT words FROM notes") == [("after",)]


def test_a_queueing_lock_keeps_one_job_and_the_transaction(database: FreshDatabase) -> None:
    with database.session() as session:
        first = defer(session, write_note, queueing_lock="one", words="first")
        second = defer(session, write_note, queueing_lock="one", words="second")
        session.commit()
    run_worker(database.app, wait=False)
    assert (first is None, second is None) == (False, True)
    assert _rows(database, "SELECT words FROM notes") == [("first",)]


def test_jobs_of_a_lost_worker_are_given_back(database: FreshDatabase) -> None:
    _defer(database, write_note, words="again")
    with database.session() as session:
        lost = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
        session.execute(text(lost))
        session.execute(text("SELECT procrastinate_fetch_job_v2(NULL, 1)"))
        session.commit()

    run_worker(database.app, wait=False)

    assert _rows(database, "SELECT words FROM notes") == [("again",)]


def test_the_heartbeat_tells_whether_a_worker_lives(session: Session) -> None:
    assert heartbeat_age(session) is None
    seen = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '9 s')"
    session.execute(text(seen))
    age = heartbeat_age(session)
    assert age is not None
    assert 8 < age < 60


def test_tables_of_jobs_go_down_and_up(fresh_database: FreshDatabase) -> None:
    functions = r"SELECT count(*) FROM pg_proc WHERE proname LIKE 'procrastinate\_%'"
    types = r"SELECT count(*) FROM pg_type WHERE typname LIKE 'procrastinate\_%'"
    before = [_rows(fresh_database, functions), _rows(fresh_database, types)]
    with fresh_database.engine.begin() as connection:
        jobs.drop_tables(connection)
    assert [_rows(fresh_database, functions), _rows(fresh_database, types)] == [[(0,)], [(0,)]]
    with fresh_database.engine.begin() as connection:
        jobs.create_tables(connection)
    assert [_rows(fresh_database, functions), _rows(fresh_database, types)] == before


@pytest.mark.parametrize(
    ("name", "kind", "is_ours"),
    [("procrastinate_jobs", "table", False), ("people", "table", True), (None, "schema", True)],
)
def test_alembic_leaves_the_tables_of_jobs_alone(name: str | None, kind: str, is_ours: bool) -> None:
    assert include_name(name, kind, {}) is is_ours


@task("tests:worker:stop")
def tell_worker_to_stop(session: Session, *, words: str) -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    session.execute(text("SELECT pg_sleep(0.2)"))
    write_note.work(session, words=words)


def test_a_worker_told_to_stop_ends_its_job_first(database: FreshDatabase) -> None:
    _defer(database, tell_worker_to_stop, words="ended")
    run_worker(database.app)
    assert _rows(database, "SELECT words FROM notes") == [("ended",)]
    assert _rows(database, "SELECT count(*) FROM procrastinate_workers") == [(0,)]


def test_a_worker_that_ends_by_itself_says_so(database: FreshDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    async def end_at_once(*_: object, **__: object) -> None:
        return

    monkeypatch.setattr("procrastinate.App.run_worker_async", end_at_once)
    with pytest.raises(WorkerStopped):
        run_worker(database.app)


def test_jobs_of_one_lock_run_in_order(database: FreshDatabase) -> None:
    with database.session() as session:
        for words in ("1", "2", "3", "4"):
            defer(session, write_note, lock="notes", words=words)
        session.commit()
    run_worker(database.app, wait=False, concurrency=4)
    assert _rows(database, "SELECT words FROM notes") == [("1",), ("2",), ("3",), ("4",)]


def test_a_job_waits_for_its_time(database: FreshDatabase) -> None:
    with database.session() as session:
        defer(session, write_note, schedule_at=now() + timedelta(hours=1), words="later")
        session.commit()
    run_worker(database.app, wait=False)
    assert _job_state(database, write_note) == [("todo", 0)]


def test_no_job_begins_while_very_many_rows_are_loaded(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PAUSE", 0.01)
    _defer(database, write_note, words="job")
    with database.session() as loading:
        loading.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": jobs.LOADING})
        worker = Thread(target=run_worker, args=(database.app,), kwargs={"wait": False})
        worker.start()
        _await_begun(database)
        assert _rows(database, "SELECT words FROM notes") == []
        loading.commit()
    worker.join()

    assert _rows(database, "SELECT words FROM notes") == [("job",)]


def _await_begun(database: FreshDatabase) -> None:
    end = monotonic() + 20
    while _job_state(database, write_note) != [("doing", 0)]:
        assert monotonic() < end
        sleep(0.01)

"""Work that can wait: jobs written in the transaction that causes them, run by any number of workers."""

import asyncio
import logging
import signal
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib import resources
from typing import Any

from flask import Flask
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job as JobRow
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.tasks import configure_task
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from foundation.auditmonths import TRAIL
from foundation.database import db, libpq_address, transaction

LOG = logging.getLogger(__name__)

TABLE_PREFIX = "procrastinate_"
LONGEST_WAIT = 3600
KEEP_HOURS = 72
MISSED_WITHIN = 86_400
"""Seconds: a start by the clock that was missed while no worker ran is made up for within a day."""

CONCURRENCY = 2
GRACE_SECONDS = 20

Work = Callable[..., None]
"""What a job does: called with a session of its own and the job's arguments by name."""
GivenUp = Callable[..., None]
"""What is left to do when a job failed for good: called like its work, and with the ``error``."""

_enqueuer = JobManager(SyncPsycopgConnector())
_app = App(connector=SyncPsycopgConnector(), periodic_defaults={"max_delay": MISSED_WITHIN})


class WorkerStopped(Exception):  # noqa: N818 - an event that ends the process, with its reason
    """The worker ended without having been asked to (the database went away, for example)."""


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of job. ``work`` may be called directly, with a session, where waiting is not wanted."""

    name: str
    queue: str
    work: Work


@dataclass(frozen=True, slots=True)
class BackOff(BaseRetryStrategy):
    """Try again after 5, 10, 20, … seconds, an hour at most, until ``attempts`` have failed."""

    attempts: int

    def get_retry_decision(self, *, exception: BaseException, job: JobRow) -> RetryDecision | None:
        if job.attempts + 1 >= self.attempts:
            return None
        return RetryDecision(retry_in={"seconds": min(5 * 2**job.attempts, LONGEST_WAIT)})


LOADING = "seeding_lifted"
"""The advisory lock of whoever loads very many rows into tables without indexes: no job begins meanwhile."""
STAND_BESIDE = text("SELECT pg_try_advisory_xact_lock_shared(hashtext(:name))")
PAUSE = 1
"""Seconds after which a job asks again whether it may begin."""


def task(
    name: str,
    *,
    queue: str = "default",
    attempts: int = 8,
    every: str | None = None,
    given_up: GivenUp | None = None,
) -> Callable[[Work], Task]:
    """Decorator that makes ``work(session, **arguments)`` a kind of job named ``domain:subject:action``.

    The job runs in a transaction of its own: committed when ``work`` returns, rolled back and tried again
    later when it raises, ``attempts`` times in all. ``every`` (a cron line, in UTC) also starts it by the
    clock, once for all workers, without arguments. ``given_up`` is called when the last attempt has failed, in
    a transaction of its own, so that whoever waits is told.
    """

    def declare(work: Work) -> Task:
        def run(context: JobContext, /, **arguments: Any) -> None:
            arguments.pop("timestamp", None)  # given to jobs that the clock starts
            app = context.additional_context["app"]
            try:
                _run(app, work, arguments)
            except Exception as error:
                if given_up is not None and context.job.attempts + 1 >= attempts:
                    _run(app, partial(given_up, error=error), arguments)
                raise

        known = _app.task(name=name, queue=queue, pass_context=True, retry=BackOff(attempts))(run)
        if every is not None:
            _app.periodic(cron=every)(known)  # type: ignore[arg-type]  # the timestamp is among its arguments
        return Task(name, queue, work)

    return declare


def _run(app: Flask, work: Work, arguments: dict[str, Any]) -> None:
    with app.app_context(), transaction(db.session()) as session:
        while not session.scalar(STAND_BESIDE, {"name": LOADING}):
            session.rollback()
            time.sleep(PAUSE)
        work(session, **arguments)


def defer(
    session: Session,
    task: Task,
    *,
    queue: str | None = None,
    schedule_at: datetime | None = None,
    lock: str | None = None,
    queueing_lock: str | None = None,
    **arguments: Any,
) -> int | None:
    """Write a job in the caller's transaction: it exists when that commits, and only then.

    Jobs with one ``lock`` run one after the other. Where a job with the same ``queueing_lock`` waits
    already, nothing is written and ``None`` returned; else the job's id.
    """
    try:
        with session.begin_nested() if queueing_lock else nullcontext():
            deferrer = configure_task(
                name=task.name,
                job_manager=_enqueuer,
                queue=queue or task.queue,
                schedule_at=schedule_at,
                lock=lock,
                queueing_lock=queueing_lock,
                connection=session.connection().connection.driver_connection,
            )
            return deferrer.defer(**arguments)
    except AlreadyEnqueued:
        return None


def run_worker(app: Flask, *, wait: bool = True, concurrency: int = CONCURRENCY) -> None:
    """Run jobs until told to stop by SIGINT or SIGTERM, or, without ``wait``, until none is left.

    Raises:
        WorkerStopped: the worker ended by itself.
    """
    with _app.replace_connector(_connector(app)) as opened:
        asyncio.run(_work(opened, app, wait, concurrency))


async def _work(opened: App, app: Flask, wait: bool, concurrency: int) -> None:
    async with opened.open_async():
        await _retry_stalled(opened)
        working = asyncio.create_task(
            opened.run_worker_async(
                wait=wait,
                concurrency=concurrency,
                additional_context={"app": app},
                install_signal_handlers=False,
                shutdown_graceful_timeout=GRACE_SECONDS,
            )
        )
        await _until_done_or_told(working, wait)


async def _until_done_or_told(working: asyncio.Task[None], wait: bool) -> None:
    """Cancelling the worker lets the jobs under way end first."""
    if wait:
        for sign in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(sign, working.cancel)
    try:
        await working
    except asyncio.CancelledError:
        return
    if wait:
        raise WorkerStopped


def _connector(app: Flask) -> PsycopgConnector:
    with app.app_context():
        url = libpq_address(db.engine.url)
    return PsycopgConnector(conninfo=url, min_size=1, kwargs={"application_name": "khuevan worker"})


async def _retry_stalled(opened: App) -> None:
    """Give the jobs of workers that died back to the queue."""
    for job in await opened.job_manager.get_stalled_jobs():
        LOG.warning("job %s of a lost worker is given back", job.id)
        await opened.job_manager.retry_job(job)


@_app.periodic(cron="* * * * *")
@_app.task(name="foundation:jobs:retry_stalled", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    await _retry_stalled(context.app)


@_app.periodic(cron="20 18 * * *")
@_app.task(name="foundation:jobs:remove_finished", queueing_lock="remove_finished", pass_context=True)
async def remove_finished(context: JobContext, timestamp: int) -> None:
    await context.app.job_manager.delete_old_jobs(KEEP_HOURS, include_cancelled=True, include_aborted=True)


def heartbeat_age(session: Session) -> float | None:
    """Seconds since a worker last showed life; ``None`` when there is no worker."""
    query = text("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
    age = session.scalar(query)
    return None if age is None else float(age)


def registered_tasks() -> frozenset[str]:
    return frozenset(_app.tasks)


def schema_statements() -> list[str]:
    """The SQL that creates the tables of jobs, to be sent as it stands, without parameters."""
    return [(resources.files("procrastinate.sql") / "schema.sql").read_text(encoding="utf-8")]


DROP_SCHEMA = [
    "DROP TABLE procrastinate_events, procrastinate_periodic_defers",
    "DROP TABLE procrastinate_jobs, procrastinate_workers CASCADE",
    "DO $$ DECLARE known regprocedure; BEGIN FOR known IN SELECT oid::regprocedure FROM pg_proc"
    r" WHERE proname LIKE 'procrastinate\_%' AND pronamespace = current_schema()::regnamespace"
    " LOOP EXECUTE format('DROP FUNCTION %s', known); END LOOP; END $$",
    "DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type",
]


def create_tables(connection: Connection) -> None:
    """Create the tables of jobs, as a migration does."""
    _send(connection, schema_statements())


def drop_tables(connection: Connection) -> None:
    """Undo :func:`create_tables`."""
    _send(connection, DROP_SCHEMA)


def _send(connection: Connection, statements: list[str]) -> None:
    plain = connection.execution_options(no_parameters=True)
    for statement in statements:
        plain.exec_driver_sql(statement)


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """For Alembic: leave the tables of jobs alone, whose schema is not ours, and the trail's pieces by month."""
    return not (kind == "table" and name is not None and name.startswith((TABLE_PREFIX, f"{TRAIL}_")))

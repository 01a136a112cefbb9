"""What must hold after processes were killed: each accepted submission is there whole, once, and no job is stuck."""

import os
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Mapping

import orjson
import psycopg

from bench.house import RunningHouse

LONGEST_WAIT = 180

WHOLE = """
    SELECT c.key,
           a.receipt_number,
           (SELECT count(*) FROM case_events e WHERE e.case_id = c.id AND e.step = 'submit') AS events,
           (SELECT count(*) FROM clock_runs r WHERE r.case_id = c.id) AS clocks,
           (SELECT count(*) FROM letters l WHERE l.case_id = c.id) AS letters,
           (SELECT count(*) FROM audit_entries t
             WHERE t.stream = 'case:' || c.id AND t.facts->>'step' = 'submit') AS trail
      FROM cases c JOIN applications a USING (id)
     WHERE c.key = ANY(%(keys)s) OR (c.state_kind <> 'draft' AND c.key LIKE '%%-draft-%%')
"""
WAITING = """
    SELECT count(*) FROM procrastinate_jobs
     WHERE status = 'doing' OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now() - interval '5 seconds')
"""
FAILED = "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1"


def faults_after(house: RunningHouse, accepted: Mapping[str, str]) -> list[str]:
    """What is wrong, in words; nothing when all is well. ``accepted`` are the answers by the dossiers' keys."""
    _await_ready(house)
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        faults = [*_submissions(connection, accepted), *_jobs(connection)]
    return [*faults, *_trail(house)]


def _await_ready(house: RunningHouse) -> None:
    end = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{house.url}/readyz", timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(1)
    raise RuntimeError("the product did not come back")


def _submissions(connection: psycopg.Connection, accepted: Mapping[str, str]) -> list[str]:
    rows = connection.execute(WHOLE, {"keys": list(accepted)}).fetchall()
    found = {row[0]: row for row in rows}
    faults = [f"{key} was accepted and is not there" for key in accepted if key not in found]
    for key, receipt, events, clocks, letters, trail in rows:
        if (events, trail) != (1, 1) or not clocks or not letters or not receipt:
            faults.append(f"{key}: events {events}, trail {trail}, clocks {clocks}, letters {letters}, {receipt}")
        elif key in accepted and orjson.loads(accepted[key])["receipt_number"] != receipt:
            faults.append(f"{key} was told another receipt than {receipt}")
    receipts = Counter(row[1] for row in rows)
    return [*faults, *(f"{one} was given {count} times" for one, count in receipts.items() if count > 1)]


def _jobs(connection: psycopg.Connection) -> list[str]:
    """Wait until the worker has caught up; whatever then still waits is stuck."""
    end = time.monotonic() + LONGEST_WAIT
    while (waiting := _number(connection, WAITING)) and time.monotonic() < end:
        time.sleep(2)
    failed = [f"{name}: {count} jobs failed" for name, count in connection.execute(FAILED).fetchall()]
    return [*([f"{waiting} jobs are stuck"] if waiting else []), *failed]


def _number(connection: psycopg.Connection, query: str) -> int:
    row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0


def _trail(house: RunningHouse) -> list[str]:
    """What ``flask audit verify`` has against the trail."""
    environment = {**os.environ, "KHUEVAN_INSTANCE": str(house.state), "DATABASE_URL": house.database_url}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "audit", "verify"]
    run = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    return [] if run.returncode == 0 else [f"audit verify: {run.stdout[-500:]}{run.stderr[-500:]}"]

"""The world that is measured: seeded as the product's own command does it, and at rest before anything is asked."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping

import psycopg

from bench.house import RunningHouse

LONGEST_REST = 900
AT_WORK = """
    SELECT (SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing' OR (status = 'todo' AND
              coalesce(scheduled_at, now()) <= now()))
             + (SELECT count(*) FROM (SELECT FROM notices WHERE mailed_at IS NULL LIMIT 1) AS untold),
           (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'autovacuum worker')
"""


def environment(house: RunningHouse) -> Mapping[str, str]:
    """What a command of the product needs to find this house."""
    return {**os.environ, "KHUEVAN_INSTANCE": str(house.state), "DATABASE_URL": house.database_url}


def seed_world(house: RunningHouse, total: int, seed: int = 1) -> str:
    """Fill the database and wait until it rests; the last line that the command says."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "seed"]
    command += ["--applications", str(total), "--seed", str(seed)]
    said = ""
    with subprocess.Popen(command, env=environment(house), stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            said = line.strip()
            print(said, flush=True)
    if process.returncode:
        raise RuntimeError(said)
    _settle(house)
    return said


def _settle(house: RunningHouse) -> None:
    """Have done what the clock finds in a world that came all at once, and what the database has to tidy behind it."""
    await_rest(house)
    subprocess.run([sys.executable, "-m", "bench.jobs"], env=environment(house), check=True, stdout=subprocess.DEVNULL)
    await_rest(house)
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE, SKIP_LOCKED)")
    await_rest(house)


def await_rest(house: RunningHouse) -> None:
    """Wait until neither worker nor housekeeping has anything to do, so that what is asked alone is measured."""
    deadline = time.monotonic() + LONGEST_REST
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        while time.monotonic() < deadline:
            if connection.execute(AT_WORK).fetchone() == (0, 0):
                connection.execute("CHECKPOINT")
                return
            time.sleep(2)
    raise RuntimeError("jobs or vacuum did not come to an end")

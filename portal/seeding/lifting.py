"""Secondary indexes, constraints and triggers, lifted while very many rows come in, and put back as they were."""

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, fields
from functools import partial

import psycopg
from psycopg import sql

from foundation.jobs import LOADING
from portal.seeding.tables import FILLED

SETTINGS = """
    SET statement_timeout = 0; SET lock_timeout = 0; SET synchronous_commit = off;
    SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 0
"""
"""Indexes are made side by side, each by one process with this much memory, but for those of words."""

OF_WORDS = " USING gin "
TOGETHER = "SET max_parallel_maintenance_workers = 2"
"""An index of words takes as long as all others together: it is begun first, and by several processes."""

INDEXES = """
    SELECT relid.relname, indexed.relname, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
    FROM pg_index JOIN pg_class indexed ON indexed.oid = indexrelid JOIN pg_class relid ON relid.oid = indrelid
    WHERE relid.relname = ANY(%s) AND relid.relnamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY 1, 2
"""
CONSTRAINTS = """
    SELECT relname, conname, pg_get_constraintdef(pg_constraint.oid)
    FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
    WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace AND contype IN ('u', 'f') AND convalidated
    ORDER BY contype DESC, 1, 2
"""
TRIGGERS = """
    SELECT relname, tgname, pg_get_triggerdef(pg_trigger.oid)
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace AND NOT tgisinternal AND tgenabled <> 'D'
      AND tgtype & 4 <> 0
    ORDER BY 1, 2
"""
"""What happens when a row is added: counters and revisions."""

STANDING = "SELECT count(*) FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT (indisvalid AND indisready)"

KEPT = LOADING
"""Holds what is lifted for as long as it is: whoever finds this table finds a loading that was cut short."""

PATIENCE = "900ms"
"""How long a lock is waited for: less than the second after which the server looks for a deadlock."""
ATTEMPTS = 100
PAUSE = 0.2
"""Seconds between two attempts, in which whoever stood in the way comes to an end."""
IN_THE_WAY = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)

Definition = tuple[str, str, str]


class NotAsBefore(RuntimeError):  # noqa: N818 - named after what happened
    """Indexes or constraints differ from those that were lifted."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """What was taken away: table, name and definition of each."""

    indexes: Sequence[Definition]
    constraints: Sequence[Definition]
    triggers: Sequence[Definition]


def lift(connection: psycopg.Connection) -> Lifted:
    """Take away, in one transaction, all that is checked or kept row by row but primary keys and plain checks.

    A worker of the running product may hold what is needed and want what is held: then it is tried again.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return _lifted(connection)
        except IN_THE_WAY:
            connection.rollback()
            time.sleep(PAUSE)
    return _lifted(connection)


def _lifted(connection: psycopg.Connection) -> Lifted:
    connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(PATIENCE))
    connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(_listed(FILLED)))
    lifted = _standing(connection)
    _write_down(connection, lifted)
    for table, name, _ in reversed(lifted.constraints):
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(*_named(table, name)))
    for _, name, _ in lifted.indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    for table, name, _ in lifted.triggers:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER {}").format(*_named(table, name)))
    connection.commit()
    return lifted


def _listed(tables: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, tables))


def _write_down(connection: psycopg.Connection, lifted: Lifted) -> None:
    connection.execute(f"CREATE TABLE {KEPT} (place serial, kind text, of text, name text, definition text)")
    with connection.cursor() as cursor:
        for kind, definitions in asdict(lifted).items():
            cursor.executemany(
                f"INSERT INTO {KEPT} (kind, of, name, definition) VALUES (%s, %s, %s, %s)",  # noqa: S608 - a name of our own
                [(kind, *definition) for definition in definitions],
            )


def still_lifted(connection: psycopg.Connection) -> Lifted | None:
    """What a loading took away that never came to its end; None where everything stands."""
    if connection.execute("SELECT to_regclass(%s)", [KEPT]).fetchone() == (None,):
        return None
    rows = connection.execute(f"SELECT kind, of, name, definition FROM {KEPT} ORDER BY place").fetchall()  # noqa: S608 - a name of our own
    return Lifted(**{kind.name: [row[1:] for row in rows if row[0] == kind.name] for kind in fields(Lifted)})


def forget(connection: psycopg.Connection) -> None:
    """Everything stands again, and numbers go on: nothing is left to be mended."""
    connection.execute(f"DROP TABLE {KEPT}")


def put_back(url: str, lifted: Lifted) -> None:
    """Make anew what is missing, indexes side by side by all processors; every row is checked.

    Raises:
        NotAsBefore: something is missing or differs.
    """
    with psycopg.connect(url) as connection:
        standing = _standing(connection)
    missing = [kept[2] for kept in lifted.indexes if kept not in standing.indexes]
    longest_first = sorted(missing, key=lambda definition: OF_WORDS not in definition)
    side_by_side(url, [partial(_make, definition) for definition in longest_first])
    with psycopg.connect(url) as connection:
        connection.execute(SETTINGS)
        for table, name, definition in [kept for kept in lifted.constraints if kept not in standing.constraints]:
            added = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(*_named(table, name), _as_it_is(definition))
            connection.execute(added)
            connection.commit()
        for table, name, _ in lifted.triggers:
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER {}").format(*_named(table, name)))
        invalid = connection.execute(STANDING, [list(FILLED)]).fetchone()
        if _standing(connection) != lifted or invalid != (0,):
            raise NotAsBefore


Work = Callable[[psycopg.Connection], object]


def side_by_side(url: str, work: Sequence[Work]) -> None:
    """Do each piece of work on a connection of its own, as many at a time as there are processors."""

    def do(piece: Work) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SETTINGS)
            piece(connection)

    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        for _ in threads.map(do, work):
            pass


def _make(definition: str, connection: psycopg.Connection) -> None:
    if OF_WORDS in definition:
        connection.execute(TOGETHER)
    connection.execute(definition.encode())


def _standing(connection: psycopg.Connection) -> Lifted:
    indexes = connection.execute(INDEXES, [list(FILLED)]).fetchall()
    constraints = connection.execute(CONSTRAINTS, [list(FILLED)]).fetchall()
    return Lifted(indexes, constraints, connection.execute(TRIGGERS, [list(FILLED)]).fetchall())


def _named(table: str, name: str) -> tuple[sql.Identifier, sql.Identifier]:
    return sql.Identifier(table), sql.Identifier(name)


def _as_it_is(definition: str) -> sql.SQL:
    return sql.SQL(definition)

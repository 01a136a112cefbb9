"""Secondary indexes and constraints, lifted while very many rows come in, and put back exactly as they were."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from psycopg import sql

from portal.seeding.tables import FILLED

MEMORY = "1GB"
"""For making one index."""

INDEXES = """
    SELECT relid.relname, indexed.relname, pg_get_indexdef(indexrelid)
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
STANDING = "SELECT count(*) FROM pg_index WHERE indrelid = ANY(%s::regclass[]) AND NOT (indisvalid AND indisready)"

ATTEMPTS = 10

Definition = tuple[str, str, str]


class NotAsBefore(RuntimeError):  # noqa: N818 - named after what happened
    """Indexes or constraints differ from those that were lifted."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """What was taken away: table, name and definition of each."""

    indexes: Sequence[Definition]
    constraints: Sequence[Definition]


def lift(connection: psycopg.Connection) -> Lifted:
    """Take away, in one transaction, all that is checked or kept row by row but primary keys and plain checks.

    A worker of the running product may hold what is needed and want what is held: then it is tried again.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return _lifted(connection)
        except psycopg.errors.DeadlockDetected:
            connection.rollback()
    return _lifted(connection)


def _lifted(connection: psycopg.Connection) -> Lifted:
    lifted = _standing(connection)
    for table, name, _ in reversed(lifted.constraints):
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(*_named(table, name)))
    for _, name, _ in lifted.indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    connection.commit()
    return lifted


def put_back(connection: psycopg.Connection, lifted: Lifted) -> None:
    """Make them anew; every row is checked.

    Raises:
        NotAsBefore: something is missing or differs.
    """
    connection.execute(sql.SQL("SET maintenance_work_mem = {}").format(MEMORY))
    for _, _, definition in lifted.indexes:
        connection.execute(definition.encode())
        connection.commit()
    for table, name, definition in lifted.constraints:
        added = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(*_named(table, name), _as_it_is(definition))
        connection.execute(added)
        connection.commit()
    invalid = connection.execute(STANDING, [list(FILLED)]).fetchone()
    if _standing(connection) != lifted or invalid != (0,):
        raise NotAsBefore


def _standing(connection: psycopg.Connection) -> Lifted:
    indexes = connection.execute(INDEXES, [list(FILLED)]).fetchall()
    return Lifted(indexes, connection.execute(CONSTRAINTS, [list(FILLED)]).fetchall())


def _named(table: str, name: str) -> tuple[sql.Identifier, sql.Identifier]:
    return sql.Identifier(table), sql.Identifier(name)


def _as_it_is(definition: str) -> sql.SQL:
    return sql.SQL(definition)

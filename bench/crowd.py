"""Many drafts at once: one of the demonstration copied by the database itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

from foundation.audit import GENESIS, INSERT, AuditEntry, row_of
from foundation.database import now

REFERENCES = {"case_id": "cases"}
"""Columns that lead from one table of a dossier to another."""

NUMBERED = {"applications": "cases"}
"""Tables whose rows have the numbers of another one's."""

DISTINCT = {"cases": ("key",)}
"""Text columns that must differ from copy to copy."""


@dataclass(frozen=True, slots=True)
class Move:
    """How far the numbers of a table's rows move: the first copy by ``first``, each further one by ``span`` more."""

    first: int
    span: int


def _behind_all(connection: psycopg.Connection, table: str, where: sql.Composable) -> Move:
    """Behind all rows of the table go the copies of those ``where`` this holds."""
    query = sql.SQL(
        "SELECT (SELECT max(id) FROM {table}) - coalesce(min(id), 1) + 1, coalesce(max(id) - min(id) + 1, 1)"
        " FROM {table} WHERE {where}"
    ).format(table=sql.Identifier(table), where=where)
    first, span = connection.execute(query).fetchone() or (1, 1)
    return Move(first or 1, span)


def _go_on_counting(connection: psycopg.Connection, tables: Iterable[str]) -> None:
    for table in tables:
        name = sql.Identifier(table)
        statement = "SELECT setval(pg_get_serial_sequence({}, 'id'), (SELECT max(id) FROM {}))"
        connection.execute(sql.SQL(statement).format(sql.Literal(table), name))


def copy_draft(connection: psycopg.Connection, case_id: int, copies: int) -> list[str]:
    """Copy one draft with its documents; the keys of the copies."""
    connection.commit()
    connection.autocommit = False
    wheres = {
        "cases": sql.SQL("id = {}").format(case_id),
        "applications": sql.SQL("id = {}").format(case_id),
        "documents": sql.SQL("case_id = {}").format(case_id),
    }
    last = _last(connection)
    moves = {table: _behind_all(connection, table, wheres[table]) for table in ("cases", "documents")}
    for table, where in wheres.items():
        one = sql.SQL(" WHERE source.{}").format(where)
        connection.execute(_copy(connection, table, moves, f"draft-{last}-") + one, {"copies": copies})
    _go_on_counting(connection, moves)
    connection.commit()
    rows = connection.execute("SELECT id, key FROM cases WHERE id > %s AND state_kind = 'draft'", [last]).fetchall()
    _open_streams(connection, [case_id for case_id, _ in rows])
    connection.commit()
    return [key for _, key in rows]


def _open_streams(connection: psycopg.Connection, case_ids: Iterable[int]) -> None:
    """Begin the audit of each draft, as the product does when a draft is made."""
    wanted = list(case_ids)
    query = "SELECT nextval(pg_get_serial_sequence('audit_entries', 'id')) FROM generate_series(1, %s)"
    numbers = connection.execute(query, [len(wanted)]).fetchall()
    entries = [_opening(number, case_id) for (number,), case_id in zip(numbers, wanted, strict=True)]
    with connection.cursor() as cursor:
        cursor.executemany(INSERT.words, [row_of(entry) for entry in entries])
        heads = [(entry.stream, entry.seq, entry.hash, entry.at) for entry in entries]
        cursor.executemany("INSERT INTO audit_heads (stream, seq, hash, at) VALUES (%s, %s, %s, %s)", heads)


def _opening(number: int, case_id: int) -> AuditEntry:
    entry = AuditEntry(
        id=number,
        stream=f"case:{case_id}",
        seq=1,
        at=now(),
        actor_kind="system",
        action="applications:case:open",
        subject_type="case",
        subject_id=case_id,
        facts={},
        prev_hash=GENESIS,
    )
    entry.hash = entry.digest()
    return entry


def _last(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT max(id) FROM cases").fetchone()
    return int(row[0]) if row else 0


def _copy(connection: psycopg.Connection, table: str, moves: Mapping[str, Move], prefix: str) -> sql.Composed:
    columns = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = 'public' AND is_generated = 'NEVER'",
            [table],
        )
    ]
    values = [_value(table, name, moves, prefix) for name in columns]
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} source,"
        " generate_series(1, %(copies)s::bigint) copy"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
    )


def _value(table: str, name: str, moves: Mapping[str, Move], prefix: str) -> sql.Composable:
    column = sql.Identifier("source", name)
    of = NUMBERED.get(table, table) if name == "id" else REFERENCES.get(name, "")
    if of in moves:
        return _moved(column, moves[of])
    if name in DISTINCT.get(table, ()):
        return sql.SQL("{} || {} || copy").format(column, sql.Literal(f"-{prefix}"))
    return column


def _moved(column: sql.Composable, move: Move) -> sql.Composed:
    return sql.SQL("({} + {} + (copy - 1) * {})").format(column, move.first, move.span)

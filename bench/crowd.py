"""Many dossiers at once: the demonstration's dossiers copied by the database itself."""

import time

import psycopg
from psycopg import sql

LONGEST_WAIT = 60
STRIDE = 1_000_000
"""Copy number k of a row has its id moved by k times this, so that references move along."""

FIRST_DRAFT = 1_000_000
"""The number of a draft's first copy, beyond those of all other dossiers."""

TABLES = {
    "cases": (),
    "applications": (),
    "case_events": ("case_id",),
    "clock_runs": ("case_id",),
    "clock_intervals": ("run_id",),
    "documents": ("case_id",),
    "letters": ("case_id", "event_id"),
    "messages": ("case_id",),
    "review_assignments": ("case_id",),
    "review_scores": ("assignment_id",),
    "case_words": ("case_id",),
}
"""Tables of a dossier in the order of their references, with the columns that refer to one another."""

DISTINCT = {"cases": ("key", "code"), "applications": ("receipt_number",), "letters": ("code",)}
"""Text columns that must differ from copy to copy."""


def copy_dossiers(connection: psycopg.Connection, total: int) -> int:
    """Copy the dossiers that are there until there are about ``total``; how many there are then."""
    _await_words(connection)
    present = _count(connection)
    copies = max(0, round(total / present) - 1)
    for table, references in TABLES.items():
        connection.execute(_copy(connection, table, references), {"copies": copies})
    connection.commit()
    connection.autocommit = True
    connection.execute("ANALYZE")
    return _count(connection)


def _await_words(connection: psycopg.Connection) -> None:
    """Wait until the worker has kept the words of the dossiers, so that the copies do not keep it busy."""
    for _ in range(LONGEST_WAIT):
        row = connection.execute(
            "SELECT count(*) FROM cases WHERE words_at IS NULL OR words_at < updated_at"
        ).fetchone()
        connection.commit()
        if row == (0,):
            return
        time.sleep(1)


def copy_draft(connection: psycopg.Connection, case_id: int, copies: int) -> list[str]:
    """Copy one draft with its documents; the keys of the copies."""
    connection.commit()
    connection.autocommit = False
    for table, references in TABLES.items():
        if table in ("cases", "applications", "documents"):
            column = references[0] if references else "id"
            one = sql.SQL(" WHERE source.{} = {}").format(sql.Identifier(column), sql.Literal(case_id))
            statement = _copy(connection, table, references, first=FIRST_DRAFT) + one
            connection.execute(statement, {"copies": copies})
    connection.commit()
    rows = connection.execute("SELECT key FROM cases WHERE id > %s AND state_kind = 'draft'", [FIRST_DRAFT * STRIDE])
    return [key for (key,) in rows]


def _count(connection: psycopg.Connection) -> int:
    row = connection.execute("SELECT count(*) FROM cases").fetchone()
    return int(row[0]) if row else 0


def _copy(connection: psycopg.Connection, table: str, references: tuple[str, ...], *, first: int = 0) -> sql.Composed:
    columns = [
        name
        for (name,) in connection.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND table_schema = 'public' AND is_generated = 'NEVER'",
            [table],
        )
    ]
    values = [_value(table, name, references, first) for name in columns]
    return sql.SQL(
        "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} source,"
        " generate_series(1, %(copies)s::bigint) copy"
    ).format(
        table=sql.Identifier(table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
    )


def _value(table: str, name: str, references: tuple[str, ...], first: int) -> sql.Composable:
    column = sql.Identifier("source", name)
    if name == "id" or name in references:
        return sql.SQL("{} + (copy + {}) * {}").format(column, sql.Literal(first), sql.Literal(STRIDE))
    if name in DISTINCT.get(table, ()):
        return sql.SQL("{} || '-' || (copy + {})").format(column, sql.Literal(first))
    return column

"""Statements written once and run often: SQLAlchemy composes and compiles them, the driver runs the kept words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg.rows import namedtuple_row
from sqlalchemy import ColumnElement, Connection, Executable, String, literal_column
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

PLAIN_WORD = re.compile("[a-z_]+")
DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
NUMBERED = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy


def inline(word: str) -> ColumnElement[str]:
    """A word of our own written into the statement itself, so that an index kept for it alone can be used.

    Raises ValueError for anything but a plain word.
    """
    if not PLAIN_WORD.fullmatch(word):
        raise ValueError(f"{word!r} is not a plain word")
    return literal_column(f"'{word}'", String())


@dataclass(frozen=True, slots=True)
class Prepared:
    """The words of a statement and the values it was composed with; named parameters may be given anew.

    Values are sent and rows received as the driver has them: column types of our own are not asked.
    """

    words: str
    values: Mapping[str, Any]
    numbered: bytes = b""
    """The words as the server takes them, with ``$1`` for the first of ``order``: the driver need not search them."""
    order: tuple[str, ...] = ()

    def rows(self, session: Session, **values: Any) -> list[Any]:
        """Run it and fetch every row, with columns by name.

        Raises DBAPIError as the session does.
        """
        return list(self._executed(session, values).fetchall())

    def stream(self, session: Session, **values: Any) -> Iterator[Any]:
        """Run it and hand on row after row as they come, never all of them; until the last, nothing else is asked.

        Raises DBAPIError as the session does.
        """
        if session.autoflush:
            session.flush()
        connection = session.connection()
        cursor = self._cursor(connection)
        sent = {**self.values, **values}
        _announce(connection, cursor, self.words, sent)
        try:
            yield from cursor.stream(*self._as_sent(sent))
        except psycopg.Error as error:
            raise _reported(connection, cursor, self.words, sent, error) from error

    def run(self, session: Session, **values: Any) -> None:
        """Run it for its effect. Raises DBAPIError as the session does."""
        self._executed(session, values)

    def _executed(self, session: Session, values: Mapping[str, Any]) -> Any:
        """As a session does: what it has not written yet is written before, unless it was told not to."""
        if session.autoflush:
            session.flush()
        connection = session.connection()
        cursor = self._cursor(connection)
        sent = {**self.values, **values}
        _announce(connection, cursor, self.words, sent)
        try:
            cursor.execute(*self._as_sent(sent))
        except psycopg.Error as error:
            raise _reported(connection, cursor, self.words, sent, error) from error
        return cursor

    def _cursor(self, connection: Connection) -> Any:
        kind = psycopg.RawCursor if self.numbered else psycopg.Cursor
        return kind(cast(Any, connection.connection.driver_connection), row_factory=namedtuple_row)

    def _as_sent(self, values: Mapping[str, Any]) -> tuple[Any, Any]:
        if self.numbered:
            return self.numbered, [values[name] for name in self.order]
        return self.words, values


def _announce(connection: Connection, cursor: Any, words: str, values: Mapping[str, Any]) -> None:
    """Tell those who listen to statements, as SQLAlchemy does before its own."""
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, cursor, words, values, None, False)


def _reported(connection: Connection, cursor: Any, words: str, values: Any, error: psycopg.Error) -> Exception:
    """The driver's error as SQLAlchemy's; a connection that the server closed is not used again."""
    is_gone = connection.dialect.is_disconnect(cast(Any, error), cursor.connection, cursor)
    if is_gone:
        connection.invalidate(error)
    hidden = connection.engine.hide_parameters
    return cast(
        Exception,
        DBAPIError.instance(words, values, error, psycopg.Error, hidden, is_gone, connection.dialect),
    )


def prepare(statement: Executable) -> Prepared:
    """Compose ``statement`` for PostgreSQL; what is given with each run is a ``bindparam`` with the value None."""
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]  # every statement can
    numbered = statement.compile(dialect=NUMBERED, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]  # every statement can
    values = {name: value for name, value in compiled.params.items() if value is not None}
    return Prepared(str(compiled), values, str(numbered).encode(), tuple(numbered.positiontup or ()))

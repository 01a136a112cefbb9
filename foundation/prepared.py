"""Statements written once and run often: SQLAlchemy composes and compiles them, later runs send the kept words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Executable, Row, String, literal_column
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

PLAIN_WORD = re.compile("[a-z_]+")
DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy


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

    def rows(self, session: Session, **values: Any) -> list[Row[Any]]:
        """Run it and fetch every row, with columns by name."""
        return list(self._executed(session, values).all())

    def run(self, session: Session, **values: Any) -> None:
        """Run it for its effect."""
        self._executed(session, values)

    def _executed(self, session: Session, values: Mapping[str, Any]) -> CursorResult[Any]:
        """As a session does: what it has not written yet is written before, unless it was told not to."""
        if session.autoflush:
            session.flush()
        return session.connection().exec_driver_sql(self.words, {**self.values, **values})


def prepare(statement: Executable) -> Prepared:
    """Compose ``statement`` for PostgreSQL; what is given with each run is a ``bindparam`` with the value None."""
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]  # every statement can
    return Prepared(str(compiled), {name: value for name, value in compiled.params.items() if value is not None})

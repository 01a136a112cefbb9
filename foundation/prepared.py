"""Statements written once and run often: SQLAlchemy composes and compiles them, later runs send the kept words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Executable, Row
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy


@dataclass(frozen=True, slots=True)
class Prepared:
    """The words of a statement and the values it was composed with; named parameters may be given anew.

    Values are sent and rows received as the driver has them: column types of our own are not asked.
    """

    words: str
    values: Mapping[str, Any]

    def rows(self, session: Session, **values: Any) -> list[Row[Any]]:
        """Run it and fetch every row, with columns by name."""
        return list(session.connection().exec_driver_sql(self.words, {**self.values, **values}).all())


def prepare(statement: Executable) -> Prepared:
    """Compose ``statement`` for PostgreSQL; a ``bindparam`` without value must be given with each run."""
    compiled = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]  # every statement can
    return Prepared(str(compiled), {name: value for name, value in compiled.params.items() if value is not None})

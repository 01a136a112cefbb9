"""The one database: model base, column types, append-only tables and the transaction of a request."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DDL, BigInteger, DateTime, Identity, MetaData, String, Table, Text, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL, Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from foundation.reading import HouseSession

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class NfcText(TypeDecorator[str]):
    """Text kept in Unicode normal form C, so that equal words are equal bytes."""

    impl = Text
    cache_ok = True

    @property
    def python_type(self) -> type[str]:
        return str

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else unicodedata.normalize("NFC", value)


Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Words = Annotated[str, mapped_column(NfcText)]
Code = Annotated[str, mapped_column(String(120))]
Facts = Annotated[dict[str, Any], mapped_column(JSONB)]
Vnd = Annotated[int, mapped_column(BigInteger)]


class Model(DeclarativeBase):
    """Every table of the product."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        str: NfcText,
        int: BigInteger,
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
    }


db = SQLAlchemy(metadata=Model.metadata, session_options={"expire_on_commit": False, "class_": HouseSession})
"""Flask's hold on the engine and the session of a request; models derive from :class:`Model`."""


def libpq_address(url: URL) -> str:
    """The address in the form of PostgreSQL's own programs, which take a plus sign for what it is, not for a space."""
    address, mark, query = url.set(drivername="postgresql").render_as_string(hide_password=False).partition("?")
    return address.replace(" ", "%20") + mark + query.replace("+", "%20")


APPEND_ONLY: list[str] = []
"""Names of the tables whose rows may only ever be added; filled by :func:`append_only`."""

REFUSE_CHANGE = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


AS_IT_STANDS = {"no_parameters": True}
"""Execution options of a statement in which per cent signs are PostgreSQL's own."""


def append_only_statements(name: str) -> list[str]:
    """The triggers that make table ``name`` refuse UPDATE, DELETE and TRUNCATE."""
    return [
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {name} "
        f"FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def append_only(model: type[Model]) -> type[Model]:
    """Class decorator: rows of this table can be added, never changed or removed, even by plain SQL."""
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101 - narrows the type for mypy
    APPEND_ONLY.append(table.name)
    for statement in [REFUSE_CHANGE, *append_only_statements(table.name)]:
        event.listen(table, "after_create", DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
    return model


_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present instant in UTC."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def as_of(instant: datetime) -> Iterator[None]:
    """Let it be ``instant`` inside, for the demonstration's past and for tests; never for requests."""
    token = _told.set(instant)
    try:
        yield
    finally:
        _told.reset(token)


@contextmanager
def transaction(session: Session) -> Iterator[Session]:
    """Commit what happens inside, or nothing of it."""
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise


@contextmanager
def transaction_apart(bind: Session | Engine | Connection) -> Iterator[Connection]:
    """A short transaction of its own, which stands whatever becomes of the caller's.

    A session or engine that is bound to one connection keeps to it.
    """
    engine = bind.get_bind() if isinstance(bind, Session) else bind
    if isinstance(engine, Connection):
        with engine.begin_nested():
            yield engine
    else:
        with engine.begin() as connection:
            yield connection

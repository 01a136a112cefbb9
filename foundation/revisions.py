"""Reference data kept in memory: read again only after a change, which each request learns with who asks it."""

from collections.abc import Callable, Hashable, Mapping
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import DDL, event, text
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, SessionTransaction, UOWTransaction, mapped_column

from foundation.database import Code, Model

Value = TypeVar("Value")

KNOWN = "khuevan.revisions"
REVISIONS_SQL = "(SELECT json_object_agg(name, revision) FROM revisions)"
"""The revision of each kind of reference data, as a column of another statement."""

NOTE_REVISION = """
CREATE OR REPLACE FUNCTION note_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO revisions (name, revision) VALUES (TG_ARGV[0], gen_random_uuid())
    ON CONFLICT (name) DO UPDATE SET revision = excluded.revision;
  RETURN NULL;
END $$
"""


class Revision(Model):
    """A mark that changes whenever a table of one kind of reference data does, by whatever hand."""

    __tablename__ = "revisions"

    name: Mapped[Code] = mapped_column(primary_key=True)
    revision: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))


def follow_statement(table: str, name: str) -> str:
    """The trigger that gives reference data ``name`` a new revision after each change of ``table``."""
    return (
        f"CREATE TRIGGER {table}_revision AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION note_revision('{name}')"
    )


_followed: set[str] = set()
"""The tables of all reference data."""


def follow(name: str) -> Callable[[type[Model]], type[Model]]:
    """Class decorator: this table belongs to the reference data ``name``."""

    def declare(model: type[Model]) -> type[Model]:
        table = model.__table__
        _followed.add(str(table))
        for statement in (NOTE_REVISION, follow_statement(str(table), name)):
            event.listen(table, "after_create", DDL(statement.replace("%", "%%")))  # type: ignore[no-untyped-call]  # untyped in SQLAlchemy
        return model

    return declare


_kept: dict[Hashable, tuple[str, Any]] = {}


def learn(session: Session, revisions: Mapping[str, str] | None) -> None:
    """Note the revisions as this transaction just read them; they are forgotten when it ends.

    Whoever writes learns them after the locks that it waits for. A session that changes reference data itself
    forgets them too.
    """
    session.info[KNOWN] = revisions or {}


def ask(session: Session) -> None:
    """Learn the revisions where nobody is signed in with whom they would come."""
    learn(session, session.execute(text(f"SELECT {REVISIONS_SQL}")).scalar())


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(KNOWN, None)


@event.listens_for(Session, "after_flush")
def _notice_flush(session: Session, context: UOWTransaction) -> None:
    changed = chain(session.new, session.dirty, session.deleted)
    if KNOWN in session.info and any(getattr(row, "__tablename__", "") in _followed for row in changed):
        session.info.pop(KNOWN)


@event.listens_for(Session, "do_orm_execute")
def _notice_statement(state: ORMExecuteState) -> None:
    if (state.is_insert or state.is_update or state.is_delete) and KNOWN in state.session.info:
        mapper = state.bind_mapper
        if mapper is not None and str(mapper.local_table) in _followed:
            state.session.info.pop(KNOWN)


def kept(session: Session, name: str, key: Hashable, read: Callable[[], Value]) -> Value:
    """What ``read`` returns, from memory while the reference data ``name`` stand as they did.

    A session that has not learnt the revisions reads. The value is shared: nobody may change it.
    """
    revision = session.info.get(KNOWN, {}).get(name)
    if revision is None:
        return read()
    held = _kept.get((name, key))
    if held is None or held[0] != revision:
        held = _kept[(name, key)] = (revision, read())
    value: Value = held[1]
    return value

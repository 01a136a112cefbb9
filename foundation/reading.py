"""Sessions that only read: no transaction is opened around their statements, and none of them may write."""

from typing import Any
from weakref import WeakKeyDictionary

from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import Connection, Engine, TextClause, event
from sqlalchemy.orm import ORMExecuteState, Session

READS_ONLY = "reads_only"


class WriteWhileReading(RuntimeError):  # noqa: N818 - named after what happened
    """Something was about to be written where only reading is allowed: a defect of the caller."""


class HouseSession(FlaskSession):
    """The session of a request; one that only reads spares the server the begin and the end of a transaction.

    Each statement sees what was committed when it began, with and without a transaction around it.
    """

    def get_bind(self, *args: Any, **options: Any) -> Engine | Connection:
        engine = super().get_bind(*args, **options)
        if READS_ONLY in self.info and isinstance(engine, Engine):
            return _at_once(engine)
        return engine


_reading: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def _at_once(engine: Engine) -> Engine:
    found = _reading.get(engine)
    if found is None:
        found = _reading[engine] = engine.execution_options(isolation_level="AUTOCOMMIT")
    return found


def only_read(session: Session) -> None:
    """From now on until its end this session refuses to write."""
    session.info[READS_ONLY] = True


def may_write(session: Session) -> None:
    """Undo :func:`only_read`; the session has to be at the end of its work."""
    session.info.pop(READS_ONLY, None)


def _refuse_flush(session: Session, _context: Any, _instances: Any) -> None:
    if READS_ONLY in session.info:
        raise WriteWhileReading(f"must not write: {[*session.new, *session.dirty, *session.deleted]}")


def _refuse_commit(session: Session) -> None:
    if READS_ONLY in session.info:
        raise WriteWhileReading("must not commit")


def _refuse_statement(state: ORMExecuteState) -> None:
    if READS_ONLY in state.session.info and not state.is_select and not _reads(state.statement):
        raise WriteWhileReading("must not write")


def _reads(statement: Any) -> bool:
    return isinstance(statement, TextClause) and statement.text.split(maxsplit=1)[0].upper() in {
        "SELECT",
        "WITH",
        "SHOW",
    }


event.listen(HouseSession, "before_flush", _refuse_flush)
event.listen(HouseSession, "before_commit", _refuse_commit)
event.listen(HouseSession, "do_orm_execute", _refuse_statement)

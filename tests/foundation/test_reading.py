"""A session that only reads opens no transaction at the server, and writes in no way."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, delete, insert, select, text, update
from sqlalchemy.orm import Session

from accounts.models import Person
from foundation.database import db
from foundation.reading import WriteWhileReading, may_write, only_read
from tests.accounts.factories import make_person
from tests.databases import FreshDatabase

IN_TRANSACTION = text("SELECT xact_start < query_start FROM pg_stat_activity WHERE pid = pg_backend_pid()")
WAYS: list[Callable[[Session], object]] = [
    lambda session: session.execute(insert(Person).values(full_name="Nguyễn Ghi")),
    lambda session: session.execute(update(Person).values(full_name="Nguyễn Ghi")),
    lambda session: session.execute(delete(Person)),
    lambda session: session.execute(text(" update people SET full_name = 'Nguyễn Ghi'")),
    lambda session: make_person(session),
    lambda session: session.commit(),
]


@pytest.mark.parametrize("write", WAYS)
def test_what_only_reads_refuses_every_way_to_write(
    fresh_database: FreshDatabase, write: Callable[[Session], object]
) -> None:
    with fresh_database.app.app_context():
        only_read(db.session())
        with pytest.raises(WriteWhileReading):
            write(db.session())
        db.session.rollback()
        assert db.session.scalars(select(Person.id).where(Person.full_name == "Nguyễn Ghi")).all() == []


def test_reading_asks_for_no_transaction_and_writing_does(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context():
        session = db.session()
        only_read(session)
        session.scalar(text("SELECT 1"))
        alone = session.scalar(IN_TRANSACTION)
        session.rollback()
        may_write(session)
        session.scalar(text("SELECT 1"))
        together = session.scalar(IN_TRANSACTION)

        assert isinstance(session.get_bind(), Engine)
        assert (alone, together) == (False, True)

"""Statements composed once: values given anew, and words of our own that cannot be anybody else's."""

import pytest
from flask import Flask
from sqlalchemy import String, bindparam, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from accounts.models import Unit
from foundation.database import db
from foundation.prepared import inline, prepare
from tests.accounts.factories import make_unit


def test_values_can_be_given_with_each_run(session: Session) -> None:
    first, second = make_unit(session), make_unit(session)
    session.flush()
    code = bindparam("code", None, type_=String())
    statement = prepare(select(Unit.id).where(Unit.code == code, Unit.id.in_([first.id, second.id])))

    assert [row.id for row in statement.rows(session, code=first.code)] == [first.id]
    assert [row.id for row in statement.rows(session, code=second.code)] == [second.id]


@pytest.mark.parametrize("word", ["", "x'; drop table units; --", "Draft", "a b", "đóng"])
def test_only_plain_words_are_written_into_statements(word: str) -> None:
    with pytest.raises(ValueError, match="plain word"):
        inline(word)


def test_a_plain_word_stands_in_the_statement() -> None:
    statement = prepare(select(Unit.id).where(Unit.kind == inline("department")))

    assert "'department'" in statement.words
    assert not statement.values


def test_what_the_database_refuses_is_told_as_a_session_tells_it(session: Session) -> None:
    code = make_unit(session).code
    session.flush()
    again = prepare(text("INSERT INTO units (code) SELECT code FROM units WHERE code = :code"))

    with pytest.raises(IntegrityError) as refused, session.begin_nested():
        again.run(session, code=code)

    assert refused.value.orig.diag.table_name == "units"


def test_a_connection_that_the_server_closed_is_not_used_again(app: Flask) -> None:
    own = prepare(text("SELECT pg_backend_pid() AS pid"))
    end = prepare(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with app.app_context(), Session(db.engine) as session:
        before = own.rows(session)[0].pid
        with pytest.raises(OperationalError) as gone:
            end.rows(session)
        session.rollback()
        after = own.rows(session)[0].pid

    assert gone.value.connection_invalidated
    assert after != before

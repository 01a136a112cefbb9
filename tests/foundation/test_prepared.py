"""Statements composed once: values given anew, and words of our own that cannot be anybody else's."""

import pytest
from sqlalchemy import String, bindparam, select
from sqlalchemy.orm import Session

from accounts.models import Unit
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

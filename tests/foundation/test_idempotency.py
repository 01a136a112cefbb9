"""Repeated requests: executed once, answered alike, never mixed up."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from foundation import idempotency
from foundation.database import now
from foundation.errors import Blocked, Invalid
from foundation.idempotency import HEADER, Begun, IdempotentRequest, KeyReused, StoredAnswer, begin, prune
from tests.databases import FreshDatabase

REQUEST: dict[str, Any] = {"operation": "POST /api/v1/applications", "body": b'{"title": "x"}'}
ANSWER = StoredAnswer(201, b'{"key": "abc"}', {"Location": "/api/v1/applications/abc"})


def _begin(session: Session, scope: str = "token:1", key: str = "k-1", **changes: Any) -> Begun:
    return begin(session, scope, key, **{**REQUEST, **changes})


def test_a_repeated_request_gets_the_stored_answer(session: Session) -> None:
    first = _begin(session)
    first.end(session, ANSWER)
    again = _begin(session)
    assert (first.answer, again.answer) == (None, ANSWER)


def test_scopes_do_not_share_keys(session: Session) -> None:
    _begin(session).end(session, ANSWER)
    assert _begin(session, scope="token:2").answer is None


@pytest.mark.parametrize("changes", [{"body": b"{}"}, {"operation": "POST /api/v1/organisations"}])
def test_a_key_used_for_another_request_is_refused(session: Session, changes: dict[str, Any]) -> None:
    _begin(session).end(session, ANSWER)
    with pytest.raises(KeyReused) as refusal:
        _begin(session, **changes)
    assert (refusal.value.status, refusal.value.code) == (422, "idempotency_key_reused")


@pytest.mark.parametrize("key", ["", "a b", "ă", "x" * 256, "a\n"])
def test_a_malformed_key_is_refused(session: Session, key: str) -> None:
    with pytest.raises(Invalid) as refusal:
        _begin(session, key=key)
    assert [reason.code for reason in refusal.value.fields[HEADER]] == ["idempotency_key_malformed"]


def test_an_unfinished_request_is_in_progress(session: Session) -> None:
    _begin(session)
    with pytest.raises(Blocked, match="request_in_progress"):
        _begin(session)


def test_the_rest_of_the_transaction_may_wait_as_before(session: Session) -> None:
    before = session.scalar(text("SHOW lock_timeout"))
    _begin(session)
    assert session.scalar(text("SHOW lock_timeout")) == before


def test_old_keys_are_forgotten(session: Session) -> None:
    _begin(session, key="old")
    session.get_one(IdempotentRequest, _id_of(session, "old")).created_at = now() - timedelta(hours=25)
    _begin(session, key="young")
    session.flush()
    prune.work(session)
    assert list(session.scalars(select(IdempotentRequest.key))) == ["young"]


def _id_of(session: Session, key: str) -> int | None:
    return session.scalar(select(IdempotentRequest.id).where(IdempotentRequest.key == key))


def test_two_at_once_are_executed_once_and_answered_alike(fresh_database: FreshDatabase) -> None:
    together = threading.Barrier(4)

    def request(number: int) -> tuple[bool, StoredAnswer]:
        together.wait()
        with fresh_database.session() as session:
            begun = _begin(session)
            if begun.answer is not None:
                return False, begun.answer
            session.execute(text("SELECT pg_sleep(0.2)"))
            answer = StoredAnswer(201, f"by {number}".encode(), {})
            begun.end(session, answer)
            session.commit()
            return True, answer

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(request, range(4)))

    assert sum(was_executed for was_executed, _ in outcomes) == 1
    assert len({answer.body for _, answer in outcomes}) == 1


def test_where_the_first_fails_the_second_is_executed(fresh_database: FreshDatabase) -> None:
    with fresh_database.session() as first, fresh_database.session() as second:
        _begin(first)
        first.rollback()
        assert _begin(second).answer is None


def test_a_request_that_runs_long_is_in_progress(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "PATIENCE_MS", 50)
    with fresh_database.session() as first, fresh_database.session() as second:
        _begin(first)
        with pytest.raises(Blocked, match="request_in_progress"):
            _begin(second)

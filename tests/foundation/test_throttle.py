"""Throttling: limits hold over processes and survive the rollback of what was attempted."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from foundation.throttle import Allowance, AttemptCount, forget, hit, prune
from tests.databases import FreshDatabase

END_WINDOWS = text("UPDATE attempt_counts SET ends_at = now() - interval '2 minutes'")


def test_a_limit_is_counted_down_and_held(session: Session) -> None:
    allowances = [hit(session, "sign-in:an", limit=2, window_seconds=60) for _ in range(4)]
    assert [(one.remaining, one.is_allowed) for one in allowances] == [(1, True), (0, True), (0, False), (0, False)]
    assert all(one.limit == 2 and 0 < one.reset_seconds <= 60 for one in allowances)


def test_keys_do_not_touch(session: Session) -> None:
    hit(session, "sign-in:an", limit=1, window_seconds=60)
    assert hit(session, "sign-in:bình", limit=1, window_seconds=60).is_allowed


def test_the_limit_is_back_when_the_window_ends(session: Session) -> None:
    for _ in range(3):
        hit(session, "k", limit=1, window_seconds=60)
    session.execute(END_WINDOWS)
    assert hit(session, "k", limit=1, window_seconds=60) == Allowance(1, 0, 60, True)


def test_a_success_gives_the_limit_back(session: Session) -> None:
    hit(session, "k", limit=1, window_seconds=60)
    forget(session, "k")
    assert hit(session, "k", limit=1, window_seconds=60).is_allowed


def test_ended_windows_are_pruned(session: Session) -> None:
    hit(session, "old", limit=1, window_seconds=60)
    session.execute(END_WINDOWS)
    hit(session, "young", limit=1, window_seconds=60)
    prune.work(session)
    assert session.query(AttemptCount).count() == 1


def test_keys_are_not_kept_readable(session: Session) -> None:
    before = set(session.scalars(select(AttemptCount.key)))
    hit(session, "an@example.vn", limit=1, window_seconds=60)

    (key,) = set(session.scalars(select(AttemptCount.key))) - before
    assert b"an@" not in key
    assert len(key) == 32


def test_an_attempt_counts_even_when_its_request_is_rolled_back(fresh_database: FreshDatabase) -> None:
    for _ in range(2):
        with fresh_database.session() as session:
            allowance = hit(session, "k", limit=1, window_seconds=60)
            session.rollback()
    assert not allowance.is_allowed


def test_a_limit_holds_over_many_at_once(fresh_database: FreshDatabase) -> None:
    engine = fresh_database.engine

    def attempt(_: int) -> bool:
        return hit(engine, "k", limit=5, window_seconds=60).is_allowed

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(40))) == 5

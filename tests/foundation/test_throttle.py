"""Throttling: limits hold over processes and survive the rollback of what was attempted."""

import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from foundation.throttle import Allowance, AttemptCount, Purse, forget, hit, prune
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


def test_purses_together_never_pass_a_limit_and_use_it_up(fresh_database: FreshDatabase) -> None:
    purses = [Purse(share=10), Purse(share=10)]

    def attempt(number: int) -> bool:
        return purses[number % 2].hit(fresh_database.engine, "k", limit=55, window_seconds=60).is_allowed

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(160))) == 55


def test_a_purse_tells_what_is_left_as_if_it_counted_each(fresh_database: FreshDatabase) -> None:
    purse = Purse(share=10)

    told = [purse.hit(fresh_database.engine, "k", limit=25, window_seconds=60) for _ in range(27)]

    assert [one.remaining for one in told] == [*range(24, -1, -1), 0, 0]
    assert [one.is_allowed for one in told] == [True] * 25 + [False] * 2


def test_a_purse_asks_the_database_once_for_a_portion(fresh_database: FreshDatabase) -> None:
    purse = Purse(share=10)
    for _ in range(10):
        purse.hit(fresh_database.engine, "k", limit=100, window_seconds=60)
    with fresh_database.session() as session:
        assert session.scalar(select(AttemptCount.hits)) == 10


def test_what_a_purse_holds_ends_with_its_window(fresh_database: FreshDatabase) -> None:
    purse = Purse(share=1)
    purse.hit(fresh_database.engine, "k", limit=5, window_seconds=1)
    time.sleep(1.1)

    assert purse.hit(fresh_database.engine, "k", limit=5, window_seconds=1).remaining == 4

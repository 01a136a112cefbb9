"""What the database refuses by itself, whoever writes: no space is given twice on any day."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.errors import Blocked
from parks.operations.allocations import hold_space
from tests.databases import FreshDatabase
from tests.parks.grounds import make_park, wanted

INSERT = text(
    """INSERT INTO space_allocations (space_id, kind, period, area_m2, holder, expires_at, made_at)
       SELECT id, :kind, daterange(:first, :until), :area, 'X', CAST(:expires AS timestamptz), now()
         FROM spaces WHERE code = :code"""
)


def sql_claim(session: Session, code: str, first: str, until: str, area: int, expires: str | None = None) -> None:
    kind = "lease" if expires is None else "hold"
    facts = {"code": code, "first": first, "until": until, "area": area, "kind": kind, "expires": expires}
    session.execute(INSERT, facts)


@pytest.fixture
def park(session: Session) -> Session:
    make_park(session)
    session.flush()
    return session


@pytest.mark.parametrize(
    ("code", "first", "until", "area"),
    [
        ("P1-U1", "2026-02-01", "2026-03-01", 120),
        ("P1-U1", "2025-12-01", "2026-01-02", 120),
        ("P1-L", "2026-06-30", "2026-07-01", 401),
        ("P1-L", "2025-01-01", "2028-01-01", 401),
        ("P1-L", "2030-01-01", "2030-02-01", 1001),
        ("P1-U2", "2026-01-01", "2026-02-01", 60),
        ("P1-H", "2026-01-01", "2026-02-01", 60),
        ("P1-U2", "2019-12-31", "2026-02-01", 120),
    ],
    ids=[
        "taken",
        "its first day",
        "last day",
        "in the middle",
        "too large",
        "half a unit",
        "not let",
        "before it stood",
    ],
)
def test_plain_sql_gives_no_space_twice(park: Session, code: str, first: str, until: str, area: int) -> None:
    sql_claim(park, "P1-U1", "2026-01-01", "2027-01-01", 120)
    sql_claim(park, "P1-L", "2026-01-01", "2026-07-01", 600)
    with pytest.raises(IntegrityError):
        sql_claim(park, code, first, until, area)


def test_plain_sql_gives_what_is_free(park: Session) -> None:
    sql_claim(park, "P1-U1", "2026-01-01", "2027-01-01", 120)
    sql_claim(park, "P1-U1", "2027-01-01", "2028-01-01", 120)
    sql_claim(park, "P1-L", "2026-01-01", "2026-07-01", 600)
    sql_claim(park, "P1-L", "2026-03-01", "2026-09-01", 400)
    sql_claim(park, "P1-L", "2026-07-01", "2026-10-01", 600)
    assert park.scalar(text("SELECT count(*) FROM space_allocations")) == 5


def test_a_claim_that_grows_or_comes_back_is_counted_again(park: Session) -> None:
    sql_claim(park, "P1-L", "2026-01-01", "2026-07-01", 600)
    sql_claim(park, "P1-L", "2026-07-01", "2026-10-01", 600)
    longer = (
        "UPDATE space_allocations SET period = daterange('2026-01-01', '2026-07-02') WHERE lower(period) = '2026-01-01'"
    )
    with pytest.raises(IntegrityError), park.begin_nested():
        park.execute(text(longer))
    park.execute(text("UPDATE space_allocations SET released_at = now(), release_reason = 'ended'"))
    with pytest.raises(IntegrityError, match="is closed"):
        park.execute(text("UPDATE space_allocations SET released_at = NULL, release_reason = NULL"))


def test_what_was_released_may_be_marked_as_told_and_nothing_else(park: Session) -> None:
    sql_claim(park, "P1-U1", "2026-01-01", "2027-01-01", 120)
    park.execute(text("UPDATE space_allocations SET released_at = now(), release_reason = 'ended'"))
    park.execute(text("UPDATE space_allocations SET told_at = now()"))
    with pytest.raises(IntegrityError, match="is closed"):
        park.execute(text("UPDATE space_allocations SET holder = 'Y', told_at = now()"))


def test_what_lapsed_makes_room_by_itself_and_does_not_come_back(park: Session) -> None:
    sql_claim(park, "P1-U1", "2026-01-01", "2027-01-01", 120, expires="2020-01-01")
    sql_claim(park, "P1-U1", "2026-01-01", "2027-01-01", 120)
    rows = park.execute(text("SELECT kind, release_reason FROM space_allocations ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [("hold", "lapsed"), ("lease", None)]
    sql_claim(park, "P1-U2", "2026-01-01", "2027-01-01", 120, expires="2020-01-01")
    with pytest.raises(IntegrityError, match="has lapsed"):
        park.execute(
            text(
                "UPDATE space_allocations SET expires_at = '2090-01-01' WHERE expires_at < '2021-01-01' "
                "AND released_at IS NULL"
            )
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE spaces SET usable_m2 = 599 WHERE code = 'P1-L'",
        "UPDATE spaces SET is_divisible = false WHERE code = 'P1-L'",
        "UPDATE spaces SET usable_m2 = NULL, is_divisible = false WHERE code = 'P1-L'",
        "UPDATE spaces SET closed_on = '2089-06-30' WHERE code = 'P1-L'",
        "UPDATE spaces SET parent_id = NULL WHERE code = 'P1-L'",
        "UPDATE spaces SET path = '/' WHERE code = 'P1-L'",
        "UPDATE spaces SET usable_m2 = 240 WHERE code = 'P1-H1'",
        "DELETE FROM space_allocations",
        "TRUNCATE space_allocations",
    ],
)
def test_a_space_stays_what_was_given_of_it(park: Session, statement: str) -> None:
    sql_claim(park, "P1-L", "2026-01-01", "2090-07-01", 600)
    with pytest.raises(DBAPIError):
        park.execute(text(statement))


@pytest.fixture
def shared_park(fresh_database: FreshDatabase) -> Iterator[FreshDatabase]:
    with fresh_database.app.app_context(), Session(fresh_database.engine) as session:
        make_park(session)
        sql_claim(session, "P1-L", "2026-01-01", "2027-01-01", 300)
        session.commit()
        yield fresh_database


@pytest.mark.parametrize("isolation", ["READ COMMITTED", "REPEATABLE READ"])
@pytest.mark.parametrize(("code", "area"), [("P1-L", 400), ("P1-U1", 120)])
def test_of_two_that_only_together_are_too_much_one_is_taken_by_sql(
    shared_park: FreshDatabase, isolation: str, code: str, area: int
) -> None:
    start = Barrier(2)

    def claim(_: int) -> bool:
        with Session(shared_park.engine.execution_options(isolation_level=isolation)) as session:
            session.execute(text("SELECT 1 FROM spaces"))
            start.wait(timeout=20)
            try:
                sql_claim(session, code, "2026-05-01", "2026-06-01", area)
                session.commit()
            except (IntegrityError, OperationalError):  # refused, or its snapshot was too old
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(claim, range(2))) == [False, True]


@pytest.mark.parametrize(("code", "area"), [("P1-L", 400), ("P1-U1", None)])
def test_of_two_who_hold_one_space_at_once_one_succeeds(
    shared_park: FreshDatabase, code: str, area: int | None
) -> None:
    start = Barrier(2)

    def hold(_: int) -> str:
        with shared_park.app.app_context(), Session(shared_park.engine) as session:
            start.wait(timeout=20)
            try:
                hold_space(session, code, wanted("2026-05-01", "2026-05-31", area), actor=SYSTEM)
                session.commit()
            except Blocked as refusal:
                return refusal.reasons[0].code
            return "held"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(hold, range(2))) == ["held", "space_taken"]

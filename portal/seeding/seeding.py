"""Makes a large world in an empty database, or in one that holds the demonstration and nothing else."""

from functools import partial

import psycopg
from psycopg import sql
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from applications.counting import AT_ONCE, count_anew, fold_some
from applications.models import StuckCase
from applications.stuck import list_stuck
from foundation.auditmonths import begin_months_at, month_after, month_of
from foundation.database import now
from portal.demo.loading import InstallationMark, is_demo, load_demo
from portal.seeding.lifting import side_by_side
from portal.seeding.loading import (
    Counted,
    Told,
    first_numbers,
    load_in_parallel,
    load_within,
    mend,
    serials_given,
    units_apart,
)
from portal.seeding.plans import Planner
from portal.seeding.population import make_population
from portal.seeding.rows import World
from portal.seeding.stories import PROCEDURES, driver_of, read_stories
from portal.seeding.tables import FILLED

SEEDED = "seeded"
BY_SIZE = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ORDER BY pg_table_size(oid) DESC
"""
MONTHS = 12
"""Of the past, each of which gets its piece of the audit trail."""
MOST_AT_ONCE = 5_000
"""Up to so many dossiers come in one transaction, with all indexes in place."""


class InUse(Exception):  # noqa: N818 - named after what is so
    """This database is not one to be filled."""


def ensure_fillable(session: Session) -> None:
    """Only what nobody would miss is filled, and only once.

    Raises:
        InUse: real people use this database, or it was filled before.
    """
    if session.get(InstallationMark, SEEDED) is not None:
        raise InUse("This database was filled before: give it up with `flask demo reset`, then fill it again.")
    if not is_demo(session) and session.execute(text("SELECT FROM people LIMIT 1")).first() is not None:
        raise InUse("This database is in use and not a demonstration: nothing was loaded.")


def prepare_world(session: Session, total: int, seed: int) -> tuple[World, Planner]:
    """Load the demonstration where it is missing, read its stories and add the people of a large world."""
    load_demo(session)
    stories = read_stories(session)
    population = make_population(session, total, apart=units_apart(stories, PROCEDURES[0]))
    session.add(InstallationMark(name=SEEDED, since=now()))
    session.flush()
    connection = driver_of(session)
    starts, first_case, first_receipt = first_numbers(connection)
    serials = serials_given(connection)
    planner = Planner(stories, population, seed=seed, starts=starts, serials=serials)
    return World(stories, population, seed, first_case, first_receipt), planner


def seed_here(session: Session, total: int, seed: int, *, counted: Counted) -> World:
    """Fill in the session's own transaction; the world that was told."""
    ensure_fillable(session)
    world, planner = prepare_world(session, total, seed)
    load_within(driver_of(session), world, planner, total=total, counted=counted)
    while fold_some(session) == AT_ONCE:
        session.flush()
    _list_stuck(session, world)
    session.execute(text(f"ANALYZE {', '.join(FILLED)}"))
    return world


def seed_in_parallel(session: Session, total: int, seed: int, *, url: str, counted: Counted, told: Told) -> None:
    """Fill by all processors; the world's people are committed first, and each part by itself."""
    ensure_fillable(session)
    told("The demonstration, units and people")
    world, planner = prepare_world(session, total, seed)
    begin_months_at(session, month_after(month_of(now()), -MONTHS))
    session.commit()
    told("Dossiers")
    load_in_parallel(url, world, planner, total=total, counted=counted, told=told)
    told("Counters and statistics")
    count_anew(session)
    session.execute(text("DELETE FROM test_regulations WHERE false"))  # whose change gives a new revision
    session.commit()
    settle(url)
    _list_stuck(session, world)
    session.execute(text(f"ANALYZE {StuckCase.__tablename__}"))
    session.commit()


def mend_loading(session: Session, *, url: str) -> bool:
    """Let a database work again whose loading was killed; whether it was. The dossiers that came in stay."""
    if not mend(url):
        return False
    count_anew(session)
    session.commit()
    settle(url)
    return True


def settle(url: str) -> None:
    """Leave nothing to the server's housekeeping: what is visible to all is marked so, and statistics are taken.

    Long values, which lie apart, need no such marks: nobody reads them by an index alone.
    """
    with psycopg.connect(url) as connection:
        names = [name for (name,) in connection.execute(BY_SIZE).fetchall()]
    side_by_side(url, [partial(_vacuum, name) for name in names])


def _vacuum(table: str, connection: psycopg.Connection) -> None:
    connection.execute(
        sql.SQL("VACUUM (ANALYZE, INDEX_CLEANUP OFF, PROCESS_TOAST OFF) {}").format(sql.Identifier(table))
    )


def _list_stuck(session: Session, world: World) -> None:
    """What stands still in the world that was told stands on the lists, and its people know."""
    list_stuck(session, at=now())
    new = update(StuckCase).where(StuckCase.case_id >= world.first_case, StuckCase.told_at.is_(None))
    session.execute(new.values(told_at=StuckCase.listed_at))

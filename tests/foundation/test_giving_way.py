"""Who writes a file of everything, and who works behind the pages, takes no time from those who answer them."""

import os

from sqlalchemy import create_engine, text

from foundation.database import db
from foundation.givingway import BEHIND_PAGES, LAST, all_give_way
from foundation.longlists import one_instant
from tests.databases import FreshDatabase

OWN = text("SELECT pg_backend_pid()")


def test_the_connection_of_a_long_list_gives_way_and_serves_nobody_else(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context(), fresh_database.session() as session:
        with one_instant(session) as connection:
            writing = connection.execute(OWN).scalar_one()
            zone = connection.execute(text("SHOW TimeZone")).scalar_one()
            niceness = os.getpriority(os.PRIO_PROCESS, writing)
        with db.engine.connect() as other:
            answering = other.execute(OWN).scalar_one()

    assert (niceness, zone) == (LAST, "Asia/Ho_Chi_Minh")
    assert answering != writing


def test_each_process_of_the_database_that_works_for_a_worker_gives_way(fresh_database: FreshDatabase) -> None:
    engine = create_engine(fresh_database.engine.url)
    all_give_way(engine)

    with engine.connect() as first, engine.connect() as second:
        numbers = [connection.execute(OWN).scalar_one() for connection in (first, second)]
        niceness = [os.getpriority(os.PRIO_PROCESS, number) for number in numbers]
    engine.dispose()

    assert niceness == [BEHIND_PAGES] * 2

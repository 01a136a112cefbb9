"""Who writes a file of everything takes no time from those who answer pages."""

import os

from sqlalchemy import text

from foundation.database import db
from foundation.givingway import LAST
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

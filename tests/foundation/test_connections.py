"""A connection that the server closed while it lay in the pool is replaced before anybody uses it."""

import psycopg
from sqlalchemy import text

from tests.databases import FreshDatabase


def test_a_closed_connection_is_not_handed_out(fresh_database: FreshDatabase) -> None:
    with fresh_database.session() as session:
        pid = session.scalar(text("SELECT pg_backend_pid()"))
    with psycopg.connect(fresh_database.url.replace("+psycopg", "")) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    with fresh_database.session() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != pid

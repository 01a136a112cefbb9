"""The promises that the harness makes to every other test."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from foundation.database import db
from tests.databases import FreshDatabase


def count_tables(session: Session, name: str) -> int:
    found = session.execute(text("SELECT count(*) FROM pg_tables WHERE tablename = :name"), {"name": name})
    return int(found.scalar_one())


@pytest.mark.parametrize("turn", [1, 2])
def test_what_a_test_commits_is_gone_in_the_next(session: Session, turn: int) -> None:
    assert count_tables(session, "kept") == 0

    session.execute(text("CREATE TABLE kept (turn int)"))
    session.commit()

    assert count_tables(session, "kept") == 1


def test_request_and_test_share_one_transaction(app: Flask, session: Session) -> None:
    session.execute(text("CREATE TABLE shared (word text)"))
    session.commit()

    with app.app_context():
        db.session.execute(text("INSERT INTO shared VALUES ('from the request')"))
        db.session.commit()
        db.session.execute(text("INSERT INTO shared VALUES ('undone')"))
        db.session.rollback()

    assert session.execute(text("SELECT word FROM shared")).scalars().all() == ["from the request"]


def test_client_works_on_the_connection_of_the_test(app: Flask, client: FlaskClient, connection: Connection) -> None:
    with app.app_context():
        used = db.session.connection()

    assert used is connection
    assert client.get("/no-such-address").status_code == 404


def test_fresh_database_commits_for_all_to_see(fresh_database: FreshDatabase) -> None:
    with fresh_database.session() as one, fresh_database.session() as other:
        one.execute(text("CREATE TABLE seen (word text)"))
        one.execute(text("INSERT INTO seen VALUES ('yes')"))
        one.commit()

        assert other.execute(text("SELECT word FROM seen")).scalars().all() == ["yes"]


def test_fresh_database_holds_the_schema(fresh_database: FreshDatabase) -> None:
    with fresh_database.session() as session:
        tables = set(session.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars())

    assert {table.name for table in db.metadata.tables.values()} <= tables

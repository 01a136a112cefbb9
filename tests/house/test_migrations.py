"""Migrations lead up, down and up again, to the very schema that the models describe."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import text

from foundation.database import db
from foundation.jobs import create_tables
from portal.factory import create_app
from tests.databases import create_database, drop_database, settings_for

NAME = "khuevan_migrations"

OBJECTS = text(
    """
    SELECT 'table ' || tablename AS name FROM pg_tables WHERE schemaname = 'public'
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'type ' || typname FROM pg_type
      WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
    UNION ALL SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable, column_default,
      generation_expression, is_identity) FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'trigger ' || tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    ORDER BY name
    """
)
WRITTEN = text(
    "INSERT INTO audit_entries (id, stream, seq, at, actor_kind, action, facts, prev_hash, hash)"
    " VALUES (:id, 'case:1', :id, now(), 'system', 'applications:case:open', '{}', '', 'x')"
)


@pytest.fixture
def empty_app(server_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The product over a database in which nothing is yet."""
    app = create_app(settings_for(create_database(server_url, NAME), tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    drop_database(server_url, NAME)


def objects() -> list[str]:
    with db.engine.connect() as connection:
        return list(connection.execute(OBJECTS).scalars())


def test_up_down_and_up_lead_to_the_same_schema(empty_app: Flask) -> None:
    upgrade()
    first = objects()

    downgrade(revision="base")
    left = objects()
    upgrade()

    assert [name for name in left if "alembic_version" not in name] == []
    assert objects() == first


def test_models_ask_for_nothing_that_migrations_lack(empty_app: Flask) -> None:
    upgrade()

    check()


def test_migrations_make_what_the_models_would(empty_app: Flask, server_url: str, tmp_path: Path) -> None:
    """Triggers, functions and constraints too, which ``flask db check`` does not compare."""
    upgrade()
    migrated = [name for name in objects() if "alembic_version" not in name]
    url = create_database(server_url, f"{NAME}_models")
    app = create_app(settings_for(url, tmp_path))

    with app.app_context():
        with db.engine.begin() as connection:
            db.metadata.create_all(connection)
            create_tables(connection)
        described = objects()
        db.engine.dispose()
    drop_database(server_url, f"{NAME}_models")

    assert described == migrated


def test_a_database_of_an_earlier_version_is_led_up(empty_app: Flask) -> None:
    upgrade(revision="0027")

    upgrade()

    assert "function settle_fund_breach" in objects()


def test_the_audit_trail_that_was_there_becomes_its_first_piece(empty_app: Flask) -> None:
    upgrade(revision="0061")
    with db.engine.begin() as connection:
        connection.execute(WRITTEN, {"id": 41})

    upgrade()
    with db.engine.begin() as connection:
        connection.execute(WRITTEN, {"id": 42})
        placed = connection.execute(text("SELECT tableoid::regclass::text FROM audit_entries")).scalars().all()
        following = connection.execute(text("SELECT nextval('audit_entries_id_seq')")).scalar_one()
    downgrade(revision="0061")
    with db.engine.begin() as connection:
        kept = connection.execute(text("SELECT id FROM audit_entries ORDER BY id")).scalars().all()

    assert placed == ["audit_entries_earlier", "audit_entries_earlier"]
    assert (following, kept) == (1, [41, 42])

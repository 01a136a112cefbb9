"""A command over a database that is away or empty says so, without a traceback."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from foundation.database import db
from portal.factory import create_app
from portal.settings import Settings
from tests.databases import FreshDatabase

COMMANDS = [["audit", "verify"], ["users", "list"], ["demo", "load"], ["demo", "reset", "--yes"]]


def application(folder: Path, url: str) -> Flask:
    return create_app(Settings.from_environment({"DATABASE_URL": url, "KHUEVAN_INSTANCE": str(folder)}))


@pytest.mark.parametrize("command", [*COMMANDS, ["restore", __file__]])
def test_a_database_that_is_away_is_told(command: list[str], tmp_path: Path) -> None:
    app = application(tmp_path, f"postgresql://khuevan@/khuevan?host={tmp_path}")

    result = app.test_cli_runner().invoke(args=command)

    assert result.exit_code == 1
    assert result.output.startswith("Error: The database does not answer: ")


def test_a_database_without_tables_is_told(fresh_database: FreshDatabase) -> None:
    with fresh_database.app.app_context(), db.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    runner = fresh_database.app.test_cli_runner()

    told = [runner.invoke(args=command).output for command in COMMANDS]

    assert [words.startswith("Error: The database lacks tables") for words in told] == [True] * len(COMMANDS), told

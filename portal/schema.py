"""The state of the database's schema: brought to the newest migration, and asked whether it is there."""

from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.engine import Connection

from foundation.database import db
from portal.settings import ROOT

MIGRATIONS = ROOT / "migrations"


def bring_to_head(app: Flask) -> None:
    """Apply every migration that the database of ``app`` lacks."""
    with app.app_context():
        upgrade()
        db.engine.dispose()


@cache
def newest_revision() -> str | None:
    """The migration that this code needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def is_at_head(connection: Connection) -> bool:
    """Whether the database has the schema of this code."""
    return MigrationContext.configure(connection).get_current_revision() == newest_revision()

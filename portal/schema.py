"""The schema of the database, brought to the newest migration."""

from flask import Flask
from flask_migrate import Migrate, upgrade

from foundation.database import db
from portal.revision import MIGRATIONS


def know_migrations(app: Flask) -> None:
    """Let ``app`` migrate its database."""
    Migrate(app, db, directory=str(MIGRATIONS))


def bring_to_head(app: Flask) -> None:
    """Apply every migration that the database of ``app`` lacks."""
    with app.app_context():
        upgrade()
        db.engine.dispose()

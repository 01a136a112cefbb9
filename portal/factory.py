"""Builds the application from its settings and from what the domains registered."""

import importlib

from flask import Flask
from flask_migrate import Migrate

from foundation.database import db
from foundation.register import DOMAINS
from portal.settings import ROOT, Settings

PACKAGES = ("accounts", "applications", "sandbox", "fund", "parks", "portal.health", "portal.commands")


def create_app(settings: Settings | None = None) -> Flask:
    """The whole product as one WSGI application."""
    settings = settings or Settings.from_environment()
    app = Flask("khuevan", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True},
        SECRET_KEY=settings.secret_key,
        KHUEVAN=settings,
    )
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    for package in PACKAGES:
        importlib.import_module(package)
    for domain in DOMAINS.values():
        for blueprint in domain.blueprints:
            app.register_blueprint(blueprint)
        for command in domain.commands:
            app.cli.add_command(command)
    return app

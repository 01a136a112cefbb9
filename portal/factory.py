"""Builds the application from its settings and from what the domains registered."""

import gc
import importlib
from collections.abc import Callable
from functools import cache, partial
from typing import Any

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import Rule

from accounts.web import identify
from foundation import access
from foundation.connections import watch_connections
from foundation.database import db
from foundation.register import DOMAINS
from portal import (
    addresses,
    api,
    assets,
    formats,
    language,
    navigation,
    problems,
    ratelimits,
    readonly,
    security,
    turns,
)
from portal.addresses import KeptNumber
from portal.encoding import FastJson
from portal.settings import ROOT, Settings
from portal.spoken import SpokenEnvironment

PACKAGES = ("accounts", "applications", "sandbox", "fund", "parks", "portal.web", "portal.calculators", "portal.health")
FOR_OPERATORS = "portal.commands"
"""What a process that only serves does without: the tools that migrate and fill a database."""


class LateRule(Rule):
    """A route whose builder of addresses is compiled when the first address is built: a start has hundreds of them."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(partial(super()._compile_builder, append_unknown))

        def build(rule: Rule, *arguments: Any, **values: Any) -> tuple[str, str]:
            return compiled()(rule, *arguments, **values)

        return build


class Portal(Flask):
    """Flask with templates in the reader's language, and with plain functions only."""

    url_rule_class = LateRule
    jinja_environment = SpokenEnvironment  # type: ignore[assignment]  # a subclass, as Flask says it may be

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Every view and hook is a plain function: none is asked, at each request, whether it is a coroutine."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The whole product as one WSGI application."""
    settings = settings or Settings.from_environment()
    if settings.is_serving:
        gc.disable()  # nothing of what is made here is ever given back
    app = Portal("khuevan", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.json = FastJson(app)
    app.url_map.converters["int"] = KeptNumber
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 8, "max_overflow": 8},
        SECRET_KEY=settings.secret_key,
        TEMPLATES_AUTO_RELOAD=False,
        KHUEVAN=settings,
    )
    db.init_app(app)
    watch_connections()
    for package in PACKAGES:
        importlib.import_module(package)
    if not settings.is_serving:
        _serve_operators(app)
    _guard(app, settings)
    _furnish(app, settings)
    _register_domains(app)
    if settings.is_serving:
        _settle_memory()
    return app


def _settle_memory() -> None:
    """Keep what a serving process holds for good out of every later collection: a full one takes 150 ms."""
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def _serve_operators(app: Flask) -> None:
    importlib.import_module(FOR_OPERATORS)
    importlib.import_module("portal.schema").know_migrations(app)


def _guard(app: Flask, settings: Settings) -> None:
    """What stands before every view, in this order."""
    security.install(app, settings)
    turns.install(app, settings)
    readonly.install(app)
    access.install(app, identify=identify, count=ratelimits.count)
    ratelimits.install(app)
    CSRFProtect(app)
    problems.install(app)


def _furnish(app: Flask, settings: Settings) -> None:
    """What templates can use."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    language.install(app, settings)
    assets.install(app)
    addresses.install(app)
    formats.install(app)
    navigation.install(app)
    app.jinja_env.globals.update(is_demo=settings.is_demo, csrf_token=security.page_token)


def _register_domains(app: Flask) -> None:
    for domain in DOMAINS.values():
        for blueprint in domain.blueprints:
            app.register_blueprint(blueprint)
        for command in domain.commands:
            app.cli.add_command(command)
    api.install(app, app.extensions["csrf"])

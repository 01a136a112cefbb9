"""Databases for tests: a migrated template, one with the demonstration, and as many clones as tests need."""

import itertools
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy import URL, Engine, make_url
from sqlalchemy.orm import Session

from foundation.database import db, libpq_address
from portal.factory import create_app
from portal.preparation import run_command
from portal.schema import bring_to_head
from portal.settings import Settings

TEMPLATE = "khuevan_template"
DEMONSTRATION = "khuevan_demonstration"
"""The template with the demonstration; made by whichever process of a run needs it first."""
DEMO_FOLDER = "DEMO_FOLDER"
"""Names the folder with the documents of that template. Workers of xdist inherit it."""

_numbers = itertools.count(1)


def settings_for(url: str, folder: Path) -> Settings:
    """Settings of a test installation over one database, with its documents in ``folder``."""
    return Settings.from_environment(
        {
            "DATABASE_URL": url,
            "SECRET_KEY": "key of the tests",
            "ANCHOR_KEY": "anchor key of the tests",
            "KHUEVAN_INSTANCE": str(folder),
            "VENDOR_FOLDER": os.environ.get("VENDOR_FOLDER", str(folder / "vendor")),
            "TRANSLATIONS_FOLDER": os.environ.get("TRANSLATIONS_FOLDER", str(folder / "translations")),
            "PUBLIC_URL": "http://localhost",
            "DEMO": "1",
        }
    )


def make_template(server: str, folder: Path) -> None:
    """Create the template database that all others are cloned from."""
    drop_database(server, DEMONSTRATION)
    url = create_database(server, TEMPLATE)
    bring_to_head(create_app(settings_for(url, folder)))


def ensure_demonstration(server: str) -> None:
    """Create the template that holds what ``make run`` shows the first time, unless a process of this run has."""
    with psycopg.connect(server, autocommit=True) as lock:
        lock.execute("SELECT pg_advisory_lock(hashtext(%s))", [DEMONSTRATION])
        if lock.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DEMONSTRATION]).fetchone():
            return
        unfinished = f"{DEMONSTRATION}_unfinished"
        url = create_database(server, unfinished, template=TEMPLATE)
        fresh = FreshDatabase(url, create_app(settings_for(url, Path(os.environ[DEMO_FOLDER]))))
        for command in ("procedures", "demo"):
            run_command(fresh.app, command, "load")
        fresh.engine.dispose()
        names = sql.Identifier(unfinished), sql.Identifier(DEMONSTRATION)
        lock.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*names))


def create_database(server: str, name: str, *, template: str | None = None) -> str:
    """Create a database on ``server`` (the address of any of its databases) and return its address."""
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(statement)
    return _address(make_url(server).set(database=name))


def drop_database(server: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _address(url: URL) -> str:
    return libpq_address(url)


@dataclass(frozen=True, slots=True)
class FreshDatabase:
    """A database of one test's own, where commits are real, and an application bound to it."""

    url: str
    app: Flask

    @property
    def engine(self) -> Engine:
        with self.app.app_context():
            return db.engine

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session on a connection of its own, for one of several actors; rolled back unless committed."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session


@contextmanager
def demonstration(server: str, folder: Path) -> Iterator[FreshDatabase]:
    """A clone of the demonstration, with its documents in ``folder``, for as long as the block lasts."""
    ensure_demonstration(server)
    shutil.copytree(os.environ[DEMO_FOLDER], folder, dirs_exist_ok=True)
    with cloned_database(server, folder, template=DEMONSTRATION) as database:
        yield database


@contextmanager
def cloned_database(server: str, folder: Path, *, template: str = TEMPLATE) -> Iterator[FreshDatabase]:
    """A clone of a template for as long as the block lasts."""
    name = f"khuevan_{os.getpid()}_{next(_numbers)}"
    url = create_database(server, name, template=template)
    fresh = FreshDatabase(url, create_app(settings_for(url, folder)))
    try:
        yield fresh
    finally:
        fresh.engine.dispose()
        drop_database(server, name)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port

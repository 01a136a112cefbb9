"""The harness: a real PostgreSQL for the whole run and a clean database for each test."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from accounts.operations import sessions
from applications.packs import catalogue
from foundation.database import db
from portal.catalogues import compile_catalogues
from portal.embedded import disposable_server
from portal.statefolder import open_state_folder
from tests.databases import DEMO_FOLDER, FreshDatabase, cloned_database, demonstration, make_template

SERVER = "TEST_DATABASE_URL"
"""Names a PostgreSQL to test on; without it the embedded one is started. Workers of xdist inherit it."""

settings.register_profile("khuevan", deadline=None)
settings.register_profile("fuzz", deadline=None, max_examples=10_000)
settings.load_profile("khuevan")

TRANSLATIONS = "TRANSLATIONS_FOLDER"
"""Names the compiled catalogues; without it they are compiled for this run."""

_held = pytest.StashKey[ExitStack]()


def pytest_configure(config: pytest.Config) -> None:
    """In the process that leads the run: start the server and build the template that workers clone."""
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    held = config.stash[_held] = ExitStack()
    if SERVER not in os.environ:
        server = held.enter_context(disposable_server(open_state_folder()))
        os.environ[SERVER] = server.url("postgres")
        held.callback(os.environ.pop, SERVER)
    if TRANSLATIONS not in os.environ:
        os.environ[TRANSLATIONS] = held.enter_context(TemporaryDirectory())
        held.callback(os.environ.pop, TRANSLATIONS)
        compile_catalogues(Path(os.environ[TRANSLATIONS]))
    os.environ[DEMO_FOLDER] = held.enter_context(TemporaryDirectory())
    make_template(os.environ[SERVER], Path(config.rootpath) / "instance" / "unused")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Two processes begin with what takes longest: one with the browser, which needs the demonstration, one with
    the checks of the house. Each process is given a run of the list and hands on from its end."""
    folders = {name: Path(config.rootpath) / "tests" / name for name in ("browser", "house")}
    browser, house = ([item for item in items if folder in item.path.parents] for folder in folders.values())
    long = {*browser, *house}
    others = [item for item in items if item not in long]
    half = max(0, len(items) // 2 - len(browser))
    items[:] = [*browser, *others[:half], *house, *others[half:]]


def pytest_unconfigure(config: pytest.Config) -> None:
    if held := config.stash.get(_held, None):
        held.close()


@pytest.fixture(autouse=True)
def forget_parsed_packs() -> None:
    """Each test may read another database, where the same version number means another pack."""
    catalogue._parsed.clear()
    sessions._noted.clear()


@pytest.fixture(scope="session")
def server_url() -> str:
    """Address of the server's maintenance database."""
    return os.environ[SERVER]


@pytest.fixture(scope="session")
def own_database(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreshDatabase]:
    """The database that this process's tests share; nothing is ever committed to it."""
    with cloned_database(server_url, tmp_path_factory.mktemp("state")) as database:
        database.app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield database


@pytest.fixture(scope="session")
def demo_database(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreshDatabase]:
    """The demonstration, for tests that look at it: nothing is ever committed to it."""
    with demonstration(server_url, tmp_path_factory.mktemp("demonstration")) as database:
        yield database


@pytest.fixture(scope="session")
def database_url(own_database: FreshDatabase) -> str:
    return own_database.url


@pytest.fixture(scope="session")
def app(own_database: FreshDatabase) -> Flask:
    """The application over the shared database: see ``client``."""
    return own_database.app


@pytest.fixture
def connection(own_database: FreshDatabase) -> Iterator[Connection]:
    """One connection inside a transaction that is rolled back, used by every session of the test."""
    app = own_database.app
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    with own_database.engine.connect() as connection:
        outer = connection.begin()
        engines = db._app_engines[app]
        engine, engines[None] = engines[None], connection  # type: ignore[assignment]  # stands in for the engine
        yield connection
        engines[None] = engine
        outer.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session whose commits end with the test. Call ``expire_all()`` to see what a request changed."""
    with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def client(app: Flask, connection: Connection) -> FlaskClient:
    """A browser without JavaScript on the connection of ``session``: commit there before you ask here."""
    return app.test_client()


@pytest.fixture
def fresh_database(server_url: str, tmp_path: Path) -> Iterator[FreshDatabase]:
    """A database of the test's own, with real commits: for races and for other processes."""
    with cloned_database(server_url, tmp_path) as database:
        database.app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
        yield database

"""``python -m portal.preparation``: makes a database ready: schema, procedure packs, demonstration."""

import contextlib
import io
import sys
import time
from collections.abc import Callable

import psycopg
from flask import Flask
from flask.cli import ScriptInfo

from portal.factory import create_app
from portal.schema import bring_to_head
from portal.settings import Settings

SECONDS_FOR_THE_DATABASE = 60


def prepare(app: Flask, settings: Settings) -> None:
    """Everything that web and worker rely on; quick when it is there already."""
    _await_database(settings)
    _step("Migrations", lambda: bring_to_head(app))
    if "procedures" in app.cli.commands:
        _step("Procedure packs", lambda: run_command(app, "procedures", "load"))
    if settings.is_demo and "demo" in app.cli.commands:
        _step("Demonstration", lambda: run_command(app, "demo", "load"))
        accounts = run_command(app, "demo", "accounts")
        (settings.state_folder / "demo-accounts.txt").write_text(accounts, encoding="utf-8")


def _step(title: str, do: Callable[[], object]) -> None:
    started = time.monotonic()
    do()
    sys.stdout.write(f"{title}: {time.monotonic() - started:.1f} s\n")
    sys.stdout.flush()


def run_command(app: Flask, *arguments: str) -> str:
    """Run a command of the product's own command line within this process; what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        app.cli.main(list(arguments), obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)
    return printed.getvalue()


def _await_database(settings: Settings) -> None:
    """A server elsewhere may come up a little later than we do."""
    deadline = time.monotonic() + SECONDS_FOR_THE_DATABASE
    while True:
        try:
            psycopg.connect(settings.libpq_url, connect_timeout=5).close()
            return
        except psycopg.OperationalError as failure:
            if time.monotonic() > deadline:
                sys.exit(f"The database does not answer: {failure}")
            time.sleep(0.5)


def main() -> None:
    settings = Settings.from_environment()
    prepare(create_app(settings), settings)


if __name__ == "__main__":
    main()

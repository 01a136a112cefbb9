"""``python -m portal.preparation``: makes a database ready: schema, procedure packs, demonstration."""

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import psycopg
from flask import Flask
from flask.cli import ScriptInfo

from foundation.auditmonths import ensure_months
from foundation.database import db, now, transaction
from portal.factory import create_app
from portal.schema import bring_to_head
from portal.settings import Settings

SECONDS_FOR_THE_DATABASE = 60
UNASKED = "auto"


def prepare(app: Flask, settings: Settings) -> None:
    """Everything that web and worker rely on; quick when it is there already.

    Raises:
        ClickException: a command refused; its message is for people.
    """
    _await_database(settings)
    _step("Migrations", lambda: bring_to_head(app))
    with app.app_context(), transaction(db.session()) as session:
        ensure_months(session, now())
    mend_loading_cut_short(app, settings)
    _step("Procedure packs", lambda: run_command(app, "procedures", "load"))


def mend_loading_cut_short(app: Flask, settings: Settings) -> None:
    """A killed ``flask seed`` leaves a database without indexes, and its ``seeding_lifted`` says so."""
    with psycopg.connect(settings.libpq_url) as connection:
        if connection.execute("SELECT to_regclass('seeding_lifted')").fetchone() == (None,):
            return
    from portal.seeding.seeding import mend_loading  # noqa: PLC0415 - the whole world of seeding, hardly ever needed

    with app.app_context():
        _step("Indexes of a loading cut short", lambda: mend_loading(db.session(), url=settings.libpq_url))


def prepare_demonstration(app: Flask, settings: Settings, *, is_asked_for: bool) -> None:
    """Load the demonstration and note its accounts. Unasked, a database in use by real people stays as it is."""
    accounts = accounts_file(settings.state_folder)
    accounts.unlink(missing_ok=True)
    try:
        _step("Demonstration", lambda: run_command(app, "demo", "load"))
    except click.ClickException:
        if is_asked_for:
            raise
        return
    accounts.write_text(run_command(app, "demo", "accounts"), encoding="utf-8")


def accounts_file(state: Path) -> Path:
    """Where the accounts of the demonstration are noted; it exists while there is one."""
    return state / "demo-accounts.txt"


def _step(title: str, do: Callable[[], object]) -> None:
    started = time.monotonic()
    do()
    _say(f"{title}: {time.monotonic() - started:.1f} s")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run_command(app: Flask, *arguments: str) -> str:
    """Run a command of the product's own command line within this process; what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        app.cli.main(list(arguments), obj=ScriptInfo(create_app=lambda: app), standalone_mode=False)
    return printed.getvalue()


def _await_database(settings: Settings) -> None:
    """A server elsewhere may come up a little later than we do; why we wait is said at once."""
    deadline = time.monotonic() + SECONDS_FOR_THE_DATABASE
    is_said = False
    while True:
        try:
            psycopg.connect(settings.libpq_url, connect_timeout=5).close()
            return
        except psycopg.OperationalError as failure:
            if time.monotonic() > deadline:
                sys.exit(f"The database does not answer: {failure}")
            if not is_said:
                _say(f"Waiting up to {SECONDS_FOR_THE_DATABASE} s for the database: {failure}")
            is_said = True
            time.sleep(0.5)


def main() -> None:
    """``DEMO`` says whether there shall be a demonstration: 1, 0, or auto."""
    demo = os.environ.get("DEMO")
    try:
        settings = Settings.from_environment()
        if demo == UNASKED:
            settings = replace(settings, is_demo=True)
        app = create_app(settings)
        prepare(app, settings)
        if settings.is_demo:
            prepare_demonstration(app, settings, is_asked_for=demo != UNASKED)
    except click.ClickException as refusal:
        sys.exit(refusal.format_message())


if __name__ == "__main__":
    main()

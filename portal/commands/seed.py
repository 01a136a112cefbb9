"""``flask seed``: a database filled with very many dossiers, for measuring and for trying out."""

import time
from dataclasses import dataclass, field

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text
from sqlalchemy.orm import Session

from applications.stuck import list_as_told
from foundation.database import db, now, transaction
from portal.seeding.seeding import MOST_AT_ONCE, InUse, mend_loading, seed_here, seed_in_parallel

BETWEEN_LINES = 10
"""Seconds."""


@dataclass(slots=True)
class Progress:
    """Says now and then how far it is."""

    total: int
    begun: float = field(default_factory=time.monotonic)
    said: float = 0
    done: int = 0

    def stage(self, name: str) -> None:
        click.echo(f"{name} …")
        if not self.done:
            self.begun = time.monotonic()

    def count(self, number: int) -> None:
        self.done += number
        seconds = time.monotonic() - self.begun
        if seconds - self.said >= BETWEEN_LINES or self.done == self.total:
            self.said = seconds
            click.echo(f"{self.done:,} of {self.total:,} dossiers, {self.done / seconds:,.0f} a second")


@click.command("seed")
@click.option("--applications", type=click.IntRange(min=1), required=True, help="How many dossiers.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Another one, another world.")
@with_appcontext
def cli(applications: int, seed: int) -> None:
    """Fill an empty database, or a demonstration, with very many dossiers.

    The same seed makes the same dossiers. A database in use is refused. Stop the product meanwhile, or let it be
    slow: indexes are taken away while rows come in, and made again.
    """
    progress = Progress(applications)
    session = db.session()
    if mend_loading(session, url=_url()):
        click.echo("A loading that was cut short had left indexes away; they stand again.")
    before = _size(session)
    try:
        _fill(session, applications, seed, progress)
        with transaction(session):
            list_as_told(session, at=now())
    except InUse as refusal:
        raise click.ClickException(str(refusal)) from refusal
    seconds, grown = time.monotonic() - progress.begun, _size(session) - before
    click.echo(f"{applications:,} dossiers in {seconds:,.0f} s, indexes and statistics included:", nl=False)
    click.echo(f" {applications / seconds:,.0f} a second, {grown / applications / 1000:,.1f} kB each.")


def _fill(session: Session, applications: int, seed: int, progress: Progress) -> None:
    if applications <= MOST_AT_ONCE:
        with transaction(session):
            seed_here(session, applications, seed, counted=progress.count)
        return
    seed_in_parallel(session, applications, seed, url=_url(), counted=progress.count, told=progress.stage)


def _url() -> str:
    url: str = current_app.config["KHUEVAN"].libpq_url
    return url


def _size(session: Session) -> int:
    size: int = session.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    session.rollback()
    return size

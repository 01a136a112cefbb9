"""The audit trail on the command line: anchored by hand, verified by whoever doubts it."""

import sys
from datetime import datetime

import click
import orjson
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import text

from foundation.anchors import anchors_folder, write_anchor
from foundation.audit import history
from foundation.auditarchive import NotArchivable, archive_before, archived_entries
from foundation.database import db, transaction
from foundation.verification import Fault, elsewhere, verify

NO_LIMIT = 1_000_000

cli = AppGroup("audit", help="Anchor and verify the audit trail.")

MEANINGS = {
    "changed": "was changed after it was written",
    "missing": "is missing",
    "foreign": "does not belong to the chain",
    "broken_link": "does not continue the entry before it",
    "head_differs": "is not where the chain is said to end",
    "head_missing": "is the last one, but the record of the chain's end is gone",
    "anchor_differs": "is not the entry that was anchored",
    "anchor_missing": "names an anchor whose file is gone",
    "anchor_changed": "names an anchor whose file was changed",
    "anchor_unsigned": "names an anchor without a valid signature",
    "anchor_unrecorded": "should name this anchor, but is not there",
    "archive_changed": "names an archive whose file was changed",
}


@cli.command("anchor")
def anchor_command() -> None:
    """Write down, signed, where every chain stands now."""
    with transaction(db.session()) as session:
        path = write_anchor(session, anchors_folder(), current_app.config["KHUEVAN"].anchor_key)
    click.echo(str(path))


@cli.command("verify")
def verify_command() -> None:
    """Recompute every chain and compare it with the anchors; exit code 1 and the first bad entries if one fails."""
    faults = verify(db.session(), anchors_folder(), current_app.config["KHUEVAN"].anchor_key)
    for file in elsewhere(db.session(), anchors_folder()):
        click.echo(f"{file} is not here: of what it holds only the ends of chains were looked at.", err=True)
    for fault in faults:
        click.echo(_line(fault), err=True)
    if faults:
        sys.exit(1)
    click.echo("The audit trail is whole.")


@cli.command("archive")
@click.option("--before", type=click.DateTime(["%Y-%m"]), required=True, help="The first month that stays, as YYYY-MM.")
def archive_command(before: datetime) -> None:
    """Write what is older than a month into files beside the anchors, and take it out of the database.

    Each entry is verified before. Dossiers keep their timeline; their chains go on behind what was taken out.
    """
    session = db.session()
    session.execute(text("SET statement_timeout = 0"))
    archived = 0
    try:
        for archive in archive_before(session, before.date(), anchors_folder()):
            archived += archive.entries
            click.echo(f"{archive.file}: {archive.entries:,} entries")
    except NotArchivable as refusal:
        session.rollback()
        raise click.ClickException(str(refusal)) from None
    if not archived:
        click.echo("Nothing is that old.")


@cli.command("read")
@click.argument("stream")
def read_command(stream: str) -> None:
    """Print what the archives and the trail hold of a chain such as case:12, one entry a line."""
    session = db.session()
    try:
        for entry in archived_entries(session, anchors_folder(), stream):
            click.echo(orjson.dumps(entry))
    except FileNotFoundError as missing:
        raise click.ClickException(f"{missing.filename} is not here.") from None
    for kept in history(session, stream, limit=NO_LIMIT):
        click.echo(kept.as_kept())


def _line(fault: Fault) -> str:
    file = f" ({fault.file})" if fault.file else ""
    return f"{fault.stream}: entry {fault.seq} {MEANINGS[fault.code]}{file}"

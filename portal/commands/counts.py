"""``counts``: the counters beside the filters, held against the dossiers themselves by whoever doubts them."""

import sys

import click
from flask.cli import AppGroup

from applications.counting import count_anew, count_differences
from foundation.database import db, transaction

cli = AppGroup("counts", help="Verify and rebuild the counters of dossiers.")


@cli.command("verify")
def verify_command() -> None:
    """Compare every counter with the dossiers; exit code 1 and the counters that are wrong, if one is."""
    wrong = count_differences(db.session())
    for row in wrong:
        place = f"procedure {row.procedure_id}, unit {row.unit_id}, state {row.state}, holder {row.holder_id or '-'}"
        click.echo(f"{place}: counted {row.counted}, there are {row.actual}", err=True)
    if wrong:
        sys.exit(1)
    click.echo("Every counter is right.")


@cli.command("rebuild")
def rebuild_command() -> None:
    """Count all dossiers anew. Whoever moves one meanwhile waits."""
    with transaction(db.session()) as session:
        count_anew(session)
    click.echo("All dossiers were counted.")

"""The audit trail on the command line: anchored by hand, verified by whoever doubts it."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from foundation.anchors import anchors_folder, write_anchor
from foundation.database import db, transaction
from foundation.verification import Fault, verify

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
    for fault in faults:
        click.echo(_line(fault), err=True)
    if faults:
        sys.exit(1)
    click.echo("The audit trail is whole.")


def _line(fault: Fault) -> str:
    file = f" ({fault.file})" if fault.file else ""
    return f"{fault.stream}: entry {fault.seq} {MEANINGS[fault.code]}{file}"

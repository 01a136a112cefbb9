"""``backup FILE``: the database and every document in one file."""

import os
import tempfile
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from foundation.anchors import anchors_folder
from foundation.storage import open_blob, stored_digests
from portal.archive import Contents, write_archive
from portal.dump import DumpFailed, dump_database
from portal.revision import newest_revision
from portal.settings import Settings


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def cli(file: Path) -> None:
    """Write the database, all documents and anchors to FILE, while the product goes on working.

    The secrets of the installation are not in it: keep them apart (see docs/operations.md).
    """
    if file.exists():
        raise click.ClickException(f"{file} exists already.")
    if not os.access(file.absolute().parent, os.W_OK | os.X_OK):
        raise click.ClickException(f"{file.absolute().parent} is no folder that can be written to.")
    settings: Settings = current_app.config["KHUEVAN"]
    with tempfile.TemporaryDirectory(dir=file.absolute().parent, prefix=".backup-") as folder:
        dump = Path(folder) / "database.dump"
        try:
            dump_database(settings.libpq_url, dump)
        except DumpFailed as failure:
            raise click.ClickException(str(failure)) from None
        contents = Contents(dump, newest_revision() or "", stored_digests(), open_blob, anchors_folder())
        manifest = write_archive(file, contents)
    click.echo(f"{file}: the database and {len(manifest.documents)} documents, {file.stat().st_size:,} bytes")

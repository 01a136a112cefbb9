"""``restore FILE``: the installation as it was when the backup was made."""

import tempfile
from pathlib import Path
from typing import BinaryIO, cast

import click
from flask import current_app
from flask.cli import with_appcontext

from foundation.anchors import anchors_folder
from foundation.storage import store
from portal.archive import BadArchive, opened_archive, verify_archive
from portal.dump import DumpFailed, is_empty, restore_database
from portal.schema import bring_to_head
from portal.settings import Settings

NO_LIMIT = 1 << 62


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace what the database holds. End web and workers first.")
@with_appcontext
def cli(file: Path, replace: bool) -> None:
    """Bring back the database and documents of FILE, after checking that it is whole.

    A database that holds tables is refused without --replace. Newer migrations are applied afterwards.
    """
    settings: Settings = current_app.config["KHUEVAN"]
    if not replace and not is_empty(settings.libpq_url):
        raise click.ClickException("The database is not empty; --replace gives up what it holds.")
    try:
        manifest = verify_archive(file)
        _restore(file, settings, replace=replace)
    except (BadArchive, DumpFailed) as failure:
        raise click.ClickException(str(failure)) from None
    bring_to_head(current_app)
    click.echo(f"Restored the state of {manifest.created_at}, with {len(manifest.documents)} documents.")


def _restore(file: Path, settings: Settings, *, replace: bool) -> None:
    """Documents first: a document without a row is harmless, a row without its document is not."""
    with opened_archive(file) as archive, tempfile.TemporaryDirectory(dir=settings.state_folder) as folder:
        for content in archive.documents():
            store(cast(BinaryIO, content), limit=NO_LIMIT)
        dump = Path(folder) / "database.dump"
        archive.extract_dump(dump)
        archive.extract_anchors(anchors_folder())
        restore_database(settings.libpq_url, dump, replace=replace)

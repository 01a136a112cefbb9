"""``flask procedures``: publish, check and draw the procedure packs."""

from pathlib import Path

import click
from flask.cli import AppGroup

from accounts.places import ensure_units, ensure_wards
from applications.packs.catalogue import check_file, pack_files, publish_files
from applications.packs.diagram import document as document_of
from applications.packs.diagram import mermaid
from applications.packs.reading import PackError
from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from foundation.database import db, transaction
from portal.settings import ROOT

cli = AppGroup("procedures", help="Procedure packs: publish them, check them, draw their workflow.")
FILES = click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))


def _chosen(files: tuple[Path, ...]) -> list[Path]:
    return list(files) or pack_files()


@cli.command()
@FILES
def load(files: tuple[Path, ...]) -> None:
    """Publish packs (all shipped ones without FILES), with the wards, units and calendar they rely on.

    A version that is published stays as it is; one with other words is refused: raise its number.
    """
    with transaction(db.session()) as session:
        ensure_wards(session)
        ensure_units(session)
        ensure_calendars(session, actor=SYSTEM)
        try:
            published = publish_files(session, _chosen(files), actor=SYSTEM)
        except PackError as error:
            raise click.ClickException(str(error)) from error
    for publication in published:
        what = "published" if publication.is_new else "there already"
        click.echo(f"{publication.pack.code} version {publication.pack.version}: {what}")


@cli.command()
@FILES
def check(files: tuple[Path, ...]) -> None:
    """Check packs (all shipped ones without FILES) and name every fault; nothing is written."""
    faults = []
    for file in _chosen(files):
        try:
            pack = check_file(file)
            click.echo(f"{pack.code} version {pack.version}: sound")
        except PackError as error:
            faults += [f"{file.name}: {fault}" for fault in error.faults]
    if faults:
        raise click.ClickException("\n".join(faults))


@cli.command()
@FILES
@click.option("--language", type=click.Choice(["vi", "en", "fr"]), default="vi", show_default=True)
def diagram(files: tuple[Path, ...], language: str) -> None:
    """Print the workflow of packs as Mermaid state diagrams."""
    for file in _chosen(files):
        click.echo(mermaid(check_file(file), language))


@cli.command()
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), default=ROOT / "docs" / "workflows.md")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail when the page has drifted.")
def document(target: Path, only_check: bool) -> None:
    """Write the page on permissions and workflows from the shipped packs."""
    text = document_of(check_file(file) for file in pack_files())
    if not only_check:
        target.write_text(text, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != text:
        raise click.ClickException(f"{target.name} has drifted from the packs: run flask procedures document")

"""``flask access``: write down who may call which address."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from foundation.access import access_table
from portal.accesspage import document as document_of
from portal.settings import ROOT

cli = AppGroup("access", help="Access rules: who may call which address.")


@cli.command()
@click.option("--to", "target", type=click.Path(dir_okay=False, path_type=Path), default=ROOT / "docs" / "access.md")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; fail when the page has drifted.")
def document(target: Path, only_check: bool) -> None:
    """Write the page on access from the routes."""
    text = document_of(access_table(current_app))
    if not only_check:
        target.write_text(text, encoding="utf-8")
    elif not target.exists() or target.read_text(encoding="utf-8") != text:
        raise click.ClickException(f"{target.name} has drifted from the routes: run flask access document")

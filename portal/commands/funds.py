"""``flask funds``: found a fund from its charter, written as data."""

from pathlib import Path

import click
import yaml
from flask.cli import AppGroup

from foundation.actors import SYSTEM
from fund.operations.founding import found_fund
from portal.terminal import terminal_transaction

cli = AppGroup("funds", help="Venture funds.")


@cli.command("found")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def found(file: Path) -> None:
    """Found the fund that FILE (YAML) describes: code, name, legal_form, terms and contributors."""
    charter = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(charter, dict):
        raise click.ClickException(f"{file.name} holds no charter")
    try:
        with terminal_transaction() as session:
            fund = found_fund(session, charter, actor=SYSTEM)
    except (KeyError, TypeError, ValueError) as fault:
        raise click.ClickException(f"{file.name} is no charter: {fault}") from fault
    click.echo(f"{fund.code} founded")

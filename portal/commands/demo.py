"""``flask demo``: the demonstration world, loaded, reset, and its accounts."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import text

from foundation.anchors import anchors_folder, set_anchors_aside
from foundation.database import db, transaction
from foundation.wording import in_language
from portal.demo.loading import is_demo, load_demo
from portal.demo.people import world
from portal.schema import bring_to_head

cli = AppGroup("demo", help="The demonstration: an invented city at work.")


@cli.command()
def load() -> None:
    """Fill an empty database with the demonstration; nothing happens when it is there already."""
    with transaction(db.session()) as session:
        if not is_demo(session) and _has_people():
            raise click.ClickException("This database is in use and not a demonstration: nothing was loaded.")
        count = load_demo(session)
    click.echo(f"{count} dossiers" if count else "The demonstration is there already.")


def _has_people() -> bool:
    return db.session.execute(text("SELECT 1 FROM people LIMIT 1")).first() is not None


@cli.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def reset(context: click.Context, *, yes: bool) -> None:
    """Drop and recreate the database, if and only if it is marked as a demonstration."""
    with transaction(db.session()) as session:
        if not is_demo(session):
            raise click.ClickException("This database is not marked as a demonstration and stays as it is.")
    if not yes:
        click.confirm("Everything in the demonstration database will be lost. Go on?", abort=True)
    with db.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    db.engine.dispose()
    set_anchors_aside(anchors_folder())
    bring_to_head(current_app._get_current_object())  # type: ignore[attr-defined]  # Flask's proxy, documented
    procedures = context.find_root().command
    assert isinstance(procedures, click.Group)  # noqa: S101 - flask's own group
    group = procedures.get_command(context, "procedures")
    assert isinstance(group, click.Group)  # noqa: S101 - registered beside this one
    context.invoke(group.commands["load"], files=())
    context.invoke(load)


@cli.command()
@click.option("--language", type=click.Choice(["vi", "en", "fr"]), default="en", show_default=True)
def accounts(language: str) -> None:
    """List the accounts to try, with their password."""
    for account in world()["accounts"]:
        click.echo(f"{account['email']:<26} {in_language(account['what'], language)}")
    click.echo(f"password: {world()['password']}")

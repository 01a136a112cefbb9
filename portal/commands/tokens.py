"""``flask tokens``: access tokens for programs."""

import click
from flask.cli import with_appcontext

from accounts.models.credentials import TOKEN_SCOPES
from accounts.operations.tokens import create_token
from accounts.queries import actor_of_person
from portal.commands.users import person_called
from portal.terminal import terminal_transaction

cli = click.Group("tokens", help="Access tokens for programs.")


@cli.command("create")
@click.argument("email")
@click.option("--name", default="command line", show_default=True, help="What the token is for.")
@click.option("--scopes", default="read", show_default=True, help="read, or read,write.")
@click.option("--days", type=click.IntRange(1, 366), default=90, show_default=True)
@with_appcontext
def create(email: str, name: str, scopes: str, days: int) -> None:
    """Create a token that acts for EMAIL and print it; it cannot be shown again."""
    wanted = [scope.strip() for scope in scopes.split(",")]
    if unknown := sorted(set(wanted) - set(TOKEN_SCOPES)):
        raise click.BadParameter(f"unknown scope {unknown[0]!r}", param_hint="--scopes")
    with terminal_transaction() as session:
        actor = actor_of_person(session, person_called(session, email).id)
        _, secret = create_token(session, actor, name=name, scopes=wanted, days=days)
    click.echo(secret)

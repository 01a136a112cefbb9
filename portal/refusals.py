"""Commands that say in words when the database does not answer or lacks its tables."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import psycopg
from sqlalchemy.exc import DBAPIError

UNKNOWN_TABLE, UNKNOWN_COLUMN = "42P01", "42703"


def in_words(command: click.Command) -> click.Command:
    """The command, and those below it, with refusals of the database told to a person."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            in_words(below)
    if command.callback is not None:
        command.callback = _told(command.callback)
    return command


def _told(do: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(do)
    def told(*arguments: Any, **options: Any) -> Any:
        try:
            return do(*arguments, **options)
        except (DBAPIError, psycopg.Error) as error:
            if words := _words_for(getattr(error, "orig", error)):
                raise click.ClickException(words) from error
            raise

    return told


def _words_for(error: BaseException | None) -> str | None:
    """What to tell; ``None`` for what is a fault of the product."""
    if not isinstance(error, psycopg.Error):
        return None
    if error.sqlstate in {UNKNOWN_TABLE, UNKNOWN_COLUMN}:
        return (
            "The database lacks tables of this version: run `flask --app wsgi db upgrade` and `procedures load` first."
        )
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return f"The database does not answer: {error}"
    return None

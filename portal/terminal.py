"""What the command line says when the product says no."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask_babel import force_locale
from sqlalchemy.orm import Session

from foundation.database import db, transaction
from foundation.errors import Blocked, Invalid, Reason, Refusal
from foundation.reasons import sentence_of


@contextmanager
def terminal_transaction() -> Iterator[Session]:
    """A session that is committed at the end; a refusal becomes an error of the command line, in English."""
    try:
        with transaction(db.session()) as session:
            yield session
    except Refusal as refusal:
        with force_locale("en"):
            raise click.ClickException("\n".join(_lines(refusal))) from refusal


def _lines(refusal: Refusal) -> list[str]:
    if isinstance(refusal, Invalid):
        return [f"{field}: {sentence_of(reason)}" for field, reasons in refusal.fields.items() for reason in reasons]
    if isinstance(refusal, Blocked):
        return [sentence_of(reason) for reason in refusal.reasons]
    return [sentence_of(Reason(refusal.code))]

"""Numbers that people quote: keys of dossiers, receipt numbers, and the gapless dossier code of a unit's day."""

import random
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.database import Model
from foundation.prepared import prepare

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters and digits that nobody mistakes for one another."""

RECEIPTS = DatabaseSequence("receipt_numbers", metadata=Model.metadata)
NEXT_RECEIPT = prepare(select(RECEIPTS.next_value()))
PLACEHOLDER = re.compile(r"\{(unit|yymmdd|yyyy|serial)(?::0?(\d))?\}")


_chance: ContextVar[random.Random] = ContextVar("chance")


@contextmanager
def repeatable(seed: str) -> Iterator[None]:
    """Give the same keys and codes each time: for a demonstration, whose dossiers need not be unguessable."""
    token = _chance.set(random.Random(seed))  # noqa: S311 - guessed on purpose
    try:
        yield
    finally:
        _chance.reset(token)


def _letters(count: int) -> str:
    if chance := _chance.get(None):
        return "".join(chance.choice(ALPHABET) for _ in range(count))
    drawn, letters = secrets.randbelow(len(ALPHABET) ** count), []
    for _ in range(count):
        drawn, place = divmod(drawn, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def new_key(prefix: str) -> str:
    """A readable, unguessable key: ``TN-7K3M-Q9XW`` (39 bits behind the prefix)."""
    letters = _letters(8)
    return f"{prefix}-{letters[:4]}-{letters[4:]}"


def new_check_code() -> str:
    """The code under which anybody who holds a letter can check it: 98 bits that nobody guesses."""
    letters = _letters(20)
    return "-".join(letters[start : start + 5] for start in range(0, 20, 5))


def next_receipt_number(session: Session, on: date, drawn: int | None = None) -> str:
    """The number of an acknowledgement of submission; unique, in order, not necessarily without gaps.

    ``drawn`` is the serial number, where the caller has it from the sequence already.
    """
    serial = drawn or NEXT_RECEIPT.rows(session)[0][0]
    return f"BN-{on:%Y}-{serial:07d}"


def dossier_code(pattern: str, unit_code: str, on: date, serial: int) -> str:
    """A code by its pattern: ``{unit}``, ``{yymmdd}``, ``{yyyy}``, ``{serial:04}`` (at least four digits)."""

    def fill(match: re.Match[str]) -> str:
        name, width = match.groups()
        return str(serial).zfill(int(width or 1)) if name == "serial" else filled(name, unit_code, on)

    return PLACEHOLDER.sub(fill, pattern)


def filled(name: str, unit_code: str, on: date) -> str:
    """What a placeholder other than the serial number stands for."""
    return {"unit": unit_code, "yymmdd": f"{on:%y%m%d}", "yyyy": f"{on:%Y}"}[name]

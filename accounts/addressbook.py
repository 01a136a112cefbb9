"""Where notices to people are mailed: to whoever has an account that is not disabled."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from foundation.noticemails import Recipient, register_address_book


def recipients(session: Session, people: Sequence[int]) -> Iterable[Recipient]:
    """The people among these ids who can be written to."""
    query = select(Person.id, Person.email, Person.language)
    rows = session.execute(query.where(Person.id.in_(people), Person.disabled_at.is_(None)))
    return [Recipient(*row) for row in rows]


def register() -> None:
    """Have notices find people here."""
    register_address_book(recipients)

"""The names of those who wrote answers."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.revisions import Edit


def names_of(session: Session, edits: Iterable[Edit]) -> Mapping[int | None, str]:
    """Who made these changes, by person."""
    ids = sorted({edit.person_id for edit in edits if edit.person_id is not None})
    rows = session.execute(select(Person.id, Person.full_name).where(Person.id.in_(ids)))
    return {row.id: row.full_name for row in rows}

"""What answers are checked against: the wards, people and files that really exist."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person, RoleGrant
from accounts.places import ward_facts
from applications.fields import Setting
from applications.models import Document
from applications.packs.model import FieldSpec
from foundation.workdays import local_date


def setting_of(
    session: Session, specs: Iterable[FieldSpec], answers: Mapping[str, Any], *, at: datetime, case_id: int
) -> Setting:
    """The setting for these answers; asks the database only for what the questions need."""
    people = set(_values("person", specs, answers))
    files = set(_values("file", specs, answers))
    roles = _roles(session, people) if people else {}
    known_files = _files(session, files, case_id) if files else frozenset()
    wards = {facts["code"] for facts in ward_facts()}
    return Setting(
        today=local_date(at),
        is_ward=wards.__contains__,
        is_person=lambda person, role: person in roles and (role is None or role in roles[person]),
        is_file=known_files.__contains__,
    )


def _values(kind: str, specs: Iterable[FieldSpec], answers: Mapping[str, Any]) -> Iterator[int]:
    for spec in specs:
        value = answers.get(spec.key)
        if spec.type == kind and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**62:
            yield value
        for row in value if spec.type == "table" and isinstance(value, list) else ():
            if isinstance(row, Mapping):
                yield from _values(kind, spec.columns, row)


def _roles(session: Session, ids: set[int]) -> dict[int, set[str]]:
    """Of these people, those who hold roles of the city and are not disabled, with their roles."""
    query = (
        select(RoleGrant.person_id, RoleGrant.role)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.person_id.in_(ids), RoleGrant.revoked_at.is_(None), Person.disabled_at.is_(None))
    )
    found: dict[int, set[str]] = {}
    for person_id, role in session.execute(query):
        found.setdefault(person_id, set()).add(role)
    return found


def _files(session: Session, ids: set[int], case_id: int) -> frozenset[int]:
    query = select(Document.id).where(Document.id.in_(ids), Document.case_id == case_id, Document.removed_at.is_(None))
    return frozenset(session.scalars(query))

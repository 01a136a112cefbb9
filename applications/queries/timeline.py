"""What happened to a dossier: the steps made, by whom, in which role, on which basis, with their letters."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person
from applications.models import Case, CaseEvent, Letter
from applications.packs.catalogue import pack_of_version
from applications.packs.conditions import is_answered
from applications.packs.model import INTERNAL, FieldSpec, Pack, Source, State
from applications.visibility import Reader
from foundation.wording import Trilingual

APPLICANT_ROLES = ("applicant", "registrar")
"""The rules by which the side of the applicant makes a step."""


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that a step carries."""

    spec: FieldSpec
    value: Any


@dataclass(frozen=True, slots=True)
class Happening:
    """One step as it is told. ``person`` is empty for the clock; ``basis`` is none for our own rules."""

    seq: int
    step: str
    title: Trilingual
    at: datetime
    person: str
    role: str | None
    basis: Source | None
    before: State
    after: State
    said: tuple[Said, ...]
    letters: tuple[Any, ...]

    @property
    def marks_parts(self) -> bool:
        """Whether the step marked parts of the dossier for correction."""
        return any(column.type == "part" for said in self.said for column in said.spec.columns)

    @property
    def moved(self) -> bool:
        return self.before.key != self.after.key


def happenings(session: Session, case: Case, reader: Reader) -> list[Happening]:
    """The steps made, oldest first, as far as the reader gets to see them."""
    rows = events_of(session, case)
    letters = session.scalars(select(Letter).where(Letter.case_id == case.id).order_by(Letter.id)).all()
    names = {row.CaseEvent.person_id: row.full_name for row in rows if row.full_name}
    return told_of(session, reader, [row.CaseEvent for row in rows], letters, names)


def events_of(session: Session, case: Case) -> list[Any]:
    """The steps made, oldest first: rows of the event with ``full_name`` of its person."""
    query = (
        select(CaseEvent, Person.full_name)
        .outerjoin(Person, Person.id == CaseEvent.person_id)
        .where(CaseEvent.case_id == case.id)
        .order_by(CaseEvent.seq)
    )
    return list(session.execute(query))


def told_of(
    session: Session, reader: Reader, events: Sequence[Any], letters: Sequence[Any], names: Mapping[int, str]
) -> list[Happening]:
    """These events, oldest first, as this reader gets to see them, each with its letters."""
    told = []
    for event in events:
        pack = pack_of_version(session, event.version_id)
        if reader.is_staff or _is_public(pack, event.step):
            own = tuple(letter for letter in letters if letter.event_id == event.id)
            told.append(_told(event, pack, reader, own, names.get(event.person_id or 0, "")))
    return told


def _is_public(pack: Pack, step: str) -> bool:
    known = pack.step_by_key.get(step)
    return known is not None and known.is_public


def _told(event: Any, pack: Pack, reader: Reader, letters: tuple[Any, ...], person: str) -> Happening:
    step = pack.step_by_key.get(event.step)
    in_full = _is_told_in_full(reader, event.role, letters)
    return Happening(
        seq=event.seq,
        step=event.step,
        title=step.title if step else {"vi": event.step},
        at=event.at,
        person=person,
        role=event.role,
        basis=None if event.basis == INTERNAL else pack.sources.get(event.basis),
        before=_state(pack, event.from_state),
        after=_state(pack, event.to_state),
        said=tuple(_said(step.asks, event.data)) if step and in_full else (),
        letters=letters,
    )


def _state(pack: Pack, key: str) -> State:
    """The state of that name; a version pinned by the step itself may no longer know where it began."""
    return pack.state_by_key.get(key) or State(key, {"vi": key}, "open", "nobody")


def _is_told_in_full(reader: Reader, role: str | None, letters: tuple[Any, ...]) -> bool:
    """Outside the house, what a step said is told when a letter told it or the applicant said it."""
    return reader.is_staff or bool(letters) or role in APPLICANT_ROLES


def _said(asks: Iterable[FieldSpec], data: Mapping[str, Any]) -> Iterator[Said]:
    return (Said(spec, data[spec.key]) for spec in asks if is_answered(data.get(spec.key)))


def attached_files(told: Iterable[Happening]) -> frozenset[int]:
    """The files that these steps carry."""
    return frozenset(said.value for happening in told for said in happening.said if said.spec.type == "file")

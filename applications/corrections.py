"""What the authority marked for correction, what is open for change because of it, and what then changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.fields import completeness_faults, visible_fields
from applications.models import Application, CaseEvent
from applications.packs.catalogue import pack_of_version
from applications.packs.conditions import is_answered
from applications.packs.model import DocumentSpec, FieldSpec, Pack, Step
from foundation.errors import NotAllowed, Reason
from foundation.reasons import register_reasons

FIELD, DOCUMENT = "field", "document"


@dataclass(frozen=True, slots=True)
class Mark:
    """A question or a document of the dossier that has to be corrected, and what the officer said of it."""

    part: str
    said: tuple[tuple[FieldSpec, Any], ...]

    @property
    def kind(self) -> str:
        return self.part.partition(".")[0]

    @property
    def key(self) -> str:
        return self.part.partition(".")[2]


@dataclass(frozen=True)
class Opening:
    """What the applicant may change: everything, or only what was marked and what follows from it."""

    marks: tuple[Mark, ...] = ()
    closed: frozenset[str] = frozenset()

    @property
    def is_targeted(self) -> bool:
        return bool(self.marks)

    @cached_property
    def marks_by_part(self) -> Mapping[str, list[Mark]]:
        found: dict[str, list[Mark]] = {}
        for mark in self.marks:
            found.setdefault(mark.part, []).append(mark)
        return found

    def marks_on(self, kind: str, key: str) -> list[Mark]:
        return self.marks_by_part.get(f"{kind}.{key}", [])

    def is_field_open(self, key: str) -> bool:
        return f"{FIELD}.{key}" not in self.closed

    def is_document_open(self, slot: str) -> bool:
        return f"{DOCUMENT}.{slot}" not in self.closed


EVERYTHING = Opening()


def marking_table(step: Step) -> FieldSpec | None:
    """The question of a step by which parts of the dossier are marked, if it has one."""
    return next((spec for spec in step.asks if _part_column(spec) is not None), None)


def _part_column(table: FieldSpec) -> FieldSpec | None:
    return next((column for column in table.columns if column.type == "part"), None)


def marks_of(step: Step, data: Mapping[str, Any]) -> tuple[Mark, ...]:
    """What a step marked, in the officer's order."""
    table = marking_table(step)
    return () if table is None else tuple(_marks(table, data.get(table.key) or []))


def _marks(table: FieldSpec, rows: Iterable[Mapping[str, Any]]) -> Iterator[Mark]:
    column = _part_column(table)
    assert column is not None  # noqa: S101 - it is what makes the table one
    for row in rows:
        said = (
            (spec, row[spec.key]) for spec in table.columns if spec is not column and is_answered(row.get(spec.key))
        )
        yield Mark(row.get(column.key, ""), tuple(said))


def opening_of(session: Session, pack: Pack, application: Application) -> Opening:
    """What is open for change in a dossier that is with its applicant."""
    if application.state_kind != "open" or application.submitted is None:
        return EVERYTHING
    event = returning_event(session, application)
    marks = () if event is None else marks_of_event(session, event)
    return Opening(marks, _closed(pack, application.submitted, marks)) if marks else EVERYTHING


def returning_event(session: Session, application: Application) -> CaseEvent | None:
    """The step that brought the dossier to where it is."""
    query = select(CaseEvent).where(
        CaseEvent.case_id == application.id,
        CaseEvent.to_state == application.state,
        CaseEvent.from_state != CaseEvent.to_state,
    )
    return session.scalar(query.order_by(CaseEvent.seq.desc()).limit(1))


def marks_of_event(session: Session, event: CaseEvent) -> tuple[Mark, ...]:
    """What was marked by a step that was made."""
    step = pack_of_version(session, event.version_id).step_by_key.get(event.step)
    return () if step is None else marks_of(step, event.data)


def _closed(pack: Pack, sent: Mapping[str, Any], marks: Sequence[Mark]) -> frozenset[str]:
    """What was asked and soundly given when the dossier was sent, and is not marked.

    Questions that a correction opens, and those that a newer version of the pack demands, stay open.
    """
    answers = sent["answers"]
    asked = (spec for _, spec in visible_fields(pack.sections, answers) if spec.type != "declaration")
    given = {f"{FIELD}.{spec.key}" for spec in asked if not completeness_faults([spec], answers)}
    held = {row["slot"] for row in sent["documents"]}
    given |= {f"{DOCUMENT}.{spec.key}" for spec in pack.documents if _is_settled(spec, answers, held)}
    return frozenset(given - {mark.part for mark in marks})


def _is_settled(spec: DocumentSpec, answers: Mapping[str, Any], held: set[str]) -> bool:
    if spec.when is not None and not spec.when.holds(answers):
        return spec.key in held
    return spec.key in held or not spec.required


def require_open_fields(
    session: Session, pack: Pack, application: Application, changes: Mapping[str, Any], broken: Iterable[str]
) -> None:
    """Raise NotAllowed when a closed question would get another answer; ``broken`` are the unsound ones."""
    opening = opening_of(session, pack, application)
    stored = application.answers
    touched = {key for key, value in changes.items() if value != stored.get(key)} | set(broken)
    if shut := sorted(key for key in touched if not opening.is_field_open(key)):
        raise NotAllowed(Reason("parts_not_open", {"parts": shut}))


def require_open_document(session: Session, pack: Pack, application: Application, slot: str) -> None:
    """Raise NotAllowed when the documents of this slot may not change now."""
    if not opening_of(session, pack, application).is_document_open(slot):
        raise NotAllowed(Reason("parts_not_open", {"parts": [slot]}))


@dataclass(frozen=True, slots=True)
class Change:
    """A part of the dossier before and after; ``spec`` is its question or document, ``marks`` why it was open."""

    spec: FieldSpec | DocumentSpec
    before: Any
    after: Any
    marks: tuple[Mark, ...]

    @property
    def is_document(self) -> bool:
        return isinstance(self.spec, DocumentSpec)

    @property
    def is_changed(self) -> bool:
        if self.is_document:
            return sorted(row["sha256"] for row in self.before) != sorted(row["sha256"] for row in self.after)
        return bool(self.before != self.after)


def changes_between(
    pack: Pack, before: Mapping[str, Any], after: Mapping[str, Any], marks: Sequence[Mark]
) -> list[Change]:
    """Each marked part, changed or not, and whatever else differs between two submissions, in the pack's order."""
    opening = Opening(tuple(marks))
    fields = (
        Change(
            spec,
            before["answers"].get(spec.key),
            after["answers"].get(spec.key),
            tuple(opening.marks_on(FIELD, spec.key)),
        )
        for spec in pack.field_by_key.values()
    )
    documents = (
        Change(spec, _files(before, spec), _files(after, spec), tuple(opening.marks_on(DOCUMENT, spec.key)))
        for spec in pack.documents
    )
    return [change for change in (*fields, *documents) if change.marks or change.is_changed]


def is_untouched(mark: Mark, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a marked part stands as it did."""
    if mark.kind == FIELD:
        return bool(before["answers"].get(mark.key) == after["answers"].get(mark.key))
    return _digests(before, mark.key) == _digests(after, mark.key)


def _digests(sent: Mapping[str, Any], slot: str) -> list[str]:
    return sorted(row["sha256"] for row in sent["documents"] if row["slot"] == slot)


def _files(sent: Mapping[str, Any], spec: DocumentSpec) -> list[Mapping[str, Any]]:
    return [row for row in sent["documents"] if row["slot"] == spec.key]


register_reasons(
    {
        "parts_not_open": lazy_gettext(
            "The authority asked for other corrections: this part of the dossier cannot be changed now."
        ),
    }
)

"""A draft: who writes it and when, what each section and document still needs, and the step that sends it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy.orm import Session

from applications.dossier import demanded_documents, dossier_faults
from applications.fields import check_answers, visible_fields
from applications.fields.types import Faults
from applications.models import REGISTERED, Application, Case, Document
from applications.packs.conditions import is_answered
from applications.packs.model import DocumentSpec, FieldSpec, Pack, Section, Step
from applications.revisions import Edit, latest
from applications.settings import setting_of
from foundation.actors import Actor

Status = Literal["complete", "incomplete", "not_started", "missing", "optional"]


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """A section that applies: its questions that apply, what they still need, and its last change."""

    section: Section
    specs: tuple[FieldSpec, ...]
    faults: Faults
    is_started: bool
    last: Edit | None

    @property
    def status(self) -> Status:
        if self.faults:
            return "incomplete" if self.is_started else "not_started"
        return "complete" if self.is_started else "optional"


@dataclass(frozen=True, slots=True)
class SlotProgress:
    """A document that applies: its files now, and those that were replaced or removed."""

    spec: DocumentSpec
    current: tuple[Document, ...]
    earlier: tuple[Document, ...]

    @property
    def status(self) -> Status:
        if self.current:
            return "complete"
        return "missing" if self.spec.required else "optional"

    @property
    def is_full(self) -> bool:
        return len(self.current) >= self.spec.max_files


def may_draft(case: Case, actor: Actor) -> bool:
    """Whether the actor writes this dossier: for the applying organisation, or as the officer who registered it."""
    is_registrar = case.channel in REGISTERED and case.created_by_id == actor.person_id
    return case.organisation_id in actor.editing_organisation_ids or is_registrar


def is_with_applicant(case: Case, pack: Pack) -> bool:
    """Whether the answers may change now: a draft, or a supplement that the applicant owes."""
    state = pack.state_by_key[case.state]
    return state.kind != "final" and state.responsible == "applicant"


def is_declaration(section: Section) -> bool:
    """Whether a section only asks to confirm; it is shown where the dossier is checked and sent."""
    return all(spec.type == "declaration" for spec in section.fields)


def shown_values(application: Application) -> Mapping[str, Any]:
    """The answers as a form shows them: what is no sound answer stands as it was typed."""
    return {**application.answers, **application.unsound}


def unsound_faults(session: Session, pack: Pack, application: Application, *, at: datetime) -> Faults:
    """What is wrong with the answers that were kept as typed, by path."""
    specs = [spec for spec in pack.field_by_key.values() if spec.key in application.unsound]
    if not specs:
        return {}
    setting = setting_of(session, specs, application.unsound, at=at, case_id=application.id)
    return check_answers(specs, application.unsound, setting)[1]


def draft_faults(session: Session, pack: Pack, application: Application, *, at: datetime) -> Faults:
    """All that the answers still need, by path: what is missing, and what is wrong and why."""
    faults = dossier_faults(pack, application)
    applying = {spec.key for _, spec in visible_fields(pack.sections, application.answers)}
    wrong = unsound_faults(session, pack, application, at=at)
    wrong = {path: found for path, found in wrong.items() if _root(path) in applying}
    explained = {_root(path) for path in wrong}
    return {path: found for path, found in faults.items() if _root(path) not in explained} | wrong


def _root(path: str) -> str:
    return path.split(".")[0]


def section_progress(pack: Pack, application: Application, faults: Faults) -> list[SectionProgress]:
    """The sections that apply, in order, each with its share of the faults."""
    applying: dict[str, list[FieldSpec]] = {}
    for section, spec in visible_fields(pack.sections, application.answers):
        applying.setdefault(section.key, []).append(spec)
    return [_section(pack.section_by_key[key], specs, application, faults) for key, specs in applying.items()]


def _section(section: Section, specs: Sequence[FieldSpec], application: Application, faults: Faults) -> SectionProgress:
    keys = {spec.key for spec in specs}
    values, edits = shown_values(application), application.edits
    return SectionProgress(
        section,
        tuple(specs),
        {path: found for path, found in faults.items() if _root(path) in keys},
        any(is_answered(values.get(key)) for key in keys),
        latest(Edit.of(edits[spec.key]) for spec in section.fields if spec.key in edits),
    )


def slot_progress(pack: Pack, application: Application, documents: Sequence[Document]) -> list[SlotProgress]:
    """The documents that apply, in order, and those that no longer do but hold a file."""
    return [
        SlotProgress(
            spec,
            tuple(row for row in documents if row.slot == spec.key and row.removed_at is None),
            tuple(row for row in documents if row.slot == spec.key and row.removed_at is not None),
        )
        for spec in _slots(pack, application, documents)
    ]


def _slots(pack: Pack, application: Application, documents: Sequence[Document]) -> Iterator[DocumentSpec]:
    demanded = list(demanded_documents(pack, application))
    held = {row.slot for row in documents if row.removed_at is None}
    return (spec for spec in pack.documents if spec in demanded or spec.key in held)


def sending_step(pack: Pack, state: str) -> Step | None:
    """The step by which the applicant hands the dossier to the authority in this state."""
    for step in pack.steps_from(state):
        target = pack.state_by_key.get(step.to or "")
        if "applicant" in step.who.names() and target is not None and target.responsible == "unit":
            return step
    return None

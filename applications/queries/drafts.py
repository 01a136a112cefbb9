"""A dossier as those see it who write it: what it asks, what it holds, what it still needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from accounts.models import Organisation, Unit
from applications.corrections import (
    DOCUMENT,
    EVERYTHING,
    FIELD,
    Mark,
    Opening,
    is_untouched,
    marking_table,
    opening_of,
    returning_event,
)
from applications.dossier import frozen_copy
from applications.drafting import (
    SectionProgress,
    SlotProgress,
    draft_faults,
    is_declaration,
    is_with_applicant,
    may_draft,
    section_progress,
    sending_step,
    slot_progress,
)
from applications.fields.types import Faults
from applications.models import TAKEN_OVER, Application, Case, ClockRun, Document, Upload
from applications.models.documents import STEP_SLOT
from applications.packs.catalogue import pack_of_version
from applications.packs.conditions import is_answered
from applications.packs.model import DocumentSpec, FieldSpec, Pack, Section, Step
from applications.succession import newer_version
from applications.visibility import written_cases
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound


@dataclass(frozen=True)
class DraftView:
    """What the drafting pages show. ``request`` is what the authority asked for, with its answers.

    ``may_write`` says whether the reader writes this dossier, ``is_open`` whether it can be changed now.
    """

    application: Application
    pack: Pack
    organisation: Organisation
    unit: Unit
    documents: Sequence[Document]
    faults: Faults
    may_write: bool
    is_open: bool
    due_at: datetime | None
    request: Sequence[tuple[FieldSpec, Any]]
    opening: Opening = EVERYTHING
    newer_version_id: int | None = None

    @property
    def can_edit(self) -> bool:
        return self.may_write and self.is_open

    def section_status(self, part: SectionProgress) -> str:
        """What a section still needs; while parts are marked: whether any is here, or nothing can change."""
        if not self.can_edit or not self.opening.is_targeted or part.status in ("incomplete", "not_started"):
            return part.status
        if any(mark in self.untouched for spec in part.specs for mark in self.opening.marks_on(FIELD, spec.key)):
            return "marked"
        return part.status if any(self.opening.is_field_open(spec.key) for spec in part.specs) else "closed"

    def slot_status(self, slot: SlotProgress) -> str:
        """The same of a document."""
        if not self.can_edit or not self.opening.is_targeted or slot.status == "missing":
            return slot.status
        if any(mark in self.untouched for mark in self.opening.marks_on(DOCUMENT, slot.spec.key)):
            return "marked"
        return slot.status if self.opening.is_document_open(slot.spec.key) else "closed"

    def place_of(self, mark: Mark) -> tuple[FieldSpec | DocumentSpec | None, str]:
        """What is marked and the section that asks it; a document belongs to none, nor what no longer applies."""
        if mark.kind == DOCUMENT:
            return self.pack.document_by_key.get(mark.key), ""
        sections = (part.section.key for part in self.sections if any(spec.key == mark.key for spec in part.specs))
        return self.pack.field_by_key.get(mark.key), next(sections, "")

    @cached_property
    def untouched(self) -> list[Mark]:
        """The marked parts that are still as they were sent."""
        sent = self.application.submitted
        if sent is None or not self.opening.is_targeted:
            return []
        now = frozen_copy(self.pack, self.application, self.current_documents, number=0, at=self.application.updated_at)
        return [mark for mark in self.opening.marks if is_untouched(mark, sent, now)]

    @property
    def current_documents(self) -> list[Document]:
        return [row for row in self.documents if row.removed_at is None]

    @cached_property
    def sections(self) -> list[SectionProgress]:
        return section_progress(self.pack, self.application, self.faults)

    @property
    def questions(self) -> list[SectionProgress]:
        """The sections with questions, one page each."""
        return [part for part in self.sections if not is_declaration(part.section)]

    @property
    def declarations(self) -> list[SectionProgress]:
        """The sections that only ask to confirm, answered where the dossier is sent."""
        return [part for part in self.sections if is_declaration(part.section)]

    @cached_property
    def slots(self) -> list[SlotProgress]:
        return slot_progress(self.pack, self.application, self.documents)

    @property
    def sending(self) -> Step | None:
        return sending_step(self.pack, self.application.state)

    @property
    def is_certified_before_sending(self) -> bool:
        """Whether the step that sends asks for the certificate."""
        return self.sending is not None and "is_certified" in self.sending.guards

    @property
    def missing_documents(self) -> list[SlotProgress]:
        return [slot for slot in self.slots if slot.status == "missing"]

    @property
    def is_ready(self) -> bool:
        """Whether all but the declarations is there."""
        return not self.missing_documents and not any(part.faults for part in self.questions)

    @property
    def done(self) -> int:
        """How many parts are complete or may stay empty."""
        parts = [part.status for part in self.questions] + [slot.status for slot in self.slots]
        return sum(status in ("complete", "optional") for status in parts)

    @property
    def parts(self) -> int:
        return len(self.questions) + len(self.slots)

    @property
    def latest(self) -> SectionProgress | None:
        """The section that was written last: where its writers go on, from whichever device."""
        written = [part for part in self.questions if part.last is not None]
        return max(written, key=lambda part: part.last.revision if part.last else 0, default=None)

    def section(self, key: str) -> Section:
        """A section that applies and has a page of its own. Raises NotFound."""
        for part in self.questions:
            if part.section.key == key:
                return part.section
        raise NotFound

    def after(self, key: str) -> str | None:
        """The section that follows, if any."""
        keys = [part.section.key for part in self.questions]
        place = keys.index(key) + 1 if key in keys else len(keys)
        return keys[place] if place < len(keys) else None


def find_draft(session: Session, key: str, *, actor: Actor) -> Application:
    """The dossier with this key, for the applicant's side alone. Raises NotFound."""
    query = select(Application).where(Case.key == key, Case.channel != TAKEN_OVER, written_cases(actor))
    application = session.scalar(query)
    if application is None:
        raise NotFound
    return application


def draft_view(session: Session, key: str, *, actor: Actor) -> DraftView:
    """The dossier as its writers see it. Raises NotFound."""
    application = find_draft(session, key, actor=actor)
    pack = pack_of_version(session, application.version_id)
    around = (
        select(Organisation, Unit)
        .select_from(Case)
        .join(Organisation, Organisation.id == Case.organisation_id)
        .join(Unit, Unit.id == Case.unit_id)
        .where(Case.id == application.id)
    )
    organisation, unit = session.execute(around).one()
    return DraftView(
        application=application,
        pack=pack,
        organisation=organisation,
        unit=unit,
        documents=_documents(session, application),
        faults=draft_faults(session, pack, application, at=now()),
        may_write=may_draft(application, actor),
        is_open=is_with_applicant(application, pack),
        due_at=_due_at(session, application),
        request=_request(session, pack, application),
        opening=opening_of(session, pack, application),
        newer_version_id=newer_version(session, application),
    )


def _documents(session: Session, application: Application) -> list[Document]:
    query = select(Document).where(Document.case_id == application.id, Document.slot != STEP_SLOT)
    return list(session.scalars(query.order_by(Document.slot, Document.number, Document.id)))


def unfinished_uploads(session: Session, application: Application, *, actor: Actor) -> Sequence[Upload]:
    """The actor's own files for this dossier of which only a part has arrived, in order."""
    query = select(Upload).where(
        Upload.case_id == application.id,
        Upload.person_id == actor.person_id,
        Upload.document_id.is_(None),
        Upload.received > 0,
    )
    return session.scalars(query.order_by(Upload.id)).all()


def _due_at(session: Session, application: Application) -> datetime | None:
    """Until when the applicant has to answer, if a clock of theirs runs."""
    if application.state_kind != "open":
        return None
    query = select(func.min(ClockRun.due_at)).where(
        ClockRun.case_id == application.id, ClockRun.responsible == "applicant", ClockRun.ended_at.is_(None)
    )
    return session.scalar(query)


def _request(session: Session, pack: Pack, application: Application) -> list[tuple[FieldSpec, Any]]:
    """What the authority said, in a letter, when it gave the dossier back to the applicant."""
    if application.state_kind != "open":
        return []
    event = returning_event(session, application)
    step = pack.step_by_key.get(event.step) if event else None
    if event is None or step is None or step.letter is None:
        return []
    asked = (spec for spec in step.asks if spec != marking_table(step))
    return [(spec, event.data[spec.key]) for spec in asked if is_answered(event.data.get(spec.key))]

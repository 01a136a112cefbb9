"""One dossier as its page shows it: in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person, Unit
from applications.clockwork import runs_of
from applications.engine import Offer, offers
from applications.models import (
    Case,
    CaseEvent,
    ClockRun,
    Decision,
    Document,
    Letter,
    Message,
    ReviewAssignment,
)
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.visibility import READING_ROLES, find_case
from foundation.actors import Actor
from foundation.errors import NotFound


@dataclass(frozen=True, slots=True)
class DossierView:
    """All that the dossier page needs, already narrowed to what the actor may see."""

    case: Case
    pack: Pack
    organisation: Organisation | None
    unit: Unit
    holder: Person | None
    offers: Sequence[Offer]
    documents: Sequence[Document]
    events: Sequence[Any]
    runs: Sequence[ClockRun]
    letters: Sequence[Letter]
    messages: Sequence[Any]
    reviews: Sequence[Any]
    decision: Decision | None
    is_applicant: bool
    is_staff: bool


def dossier_view(session: Session, key: str, *, actor: Actor) -> DossierView:
    """The dossier with this key. Raises NotFound when it is not there or not for this actor."""
    case = find_case(session, key, actor=actor)
    pack = pack_of_version(session, case.version_id)
    is_staff = actor.has_role(*READING_ROLES, procedure=pack.code, unit_id=case.unit_id)
    organisation, unit, holder = _around(session, case)
    return DossierView(
        case=case,
        pack=pack,
        organisation=organisation,
        unit=unit,
        holder=holder,
        offers=offers(session, case, actor=actor),
        documents=_documents(session, case),
        events=_events(session, case, pack, is_staff=is_staff),
        runs=runs_of(session, case),
        letters=list(session.scalars(select(Letter).where(Letter.case_id == case.id).order_by(Letter.id))),
        messages=_messages(session, case),
        reviews=_reviews(session, case, actor, is_staff=is_staff),
        decision=session.scalar(select(Decision).where(Decision.case_id == case.id)),
        is_applicant=case.organisation_id in actor.organisation_ids,
        is_staff=is_staff,
    )


def _around(session: Session, case: Case) -> tuple[Organisation | None, Unit, Person | None]:
    query = (
        select(Organisation, Unit, Person)
        .select_from(Case)
        .join(Unit, Unit.id == Case.unit_id)
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Case.holder_id)
        .where(Case.id == case.id)
    )
    organisation, unit, holder = session.execute(query).one()
    return organisation, unit, holder


def _documents(session: Session, case: Case) -> list[Document]:
    query = select(Document).where(Document.case_id == case.id).order_by(Document.slot, Document.id)
    return list(session.scalars(query))


def _events(session: Session, case: Case, pack: Pack, *, is_staff: bool) -> list[Any]:
    """The steps made, oldest first, with who made them; applicants see the public ones."""
    query = (
        select(CaseEvent, Person.full_name)
        .outerjoin(Person, Person.id == CaseEvent.person_id)
        .where(CaseEvent.case_id == case.id)
        .order_by(CaseEvent.seq)
    )
    return [row for row in session.execute(query) if is_staff or _is_public(pack, row.CaseEvent.step)]


def _is_public(pack: Pack, step: str) -> bool:
    known = pack.step_by_key.get(step)
    return known is not None and known.is_public


def _messages(session: Session, case: Case) -> list[Any]:
    query = (
        select(Message, Person.full_name)
        .join(Person, Person.id == Message.author_id)
        .where(Message.case_id == case.id)
        .order_by(Message.id)
    )
    return list(session.execute(query))


def _reviews(session: Session, case: Case, actor: Actor, *, is_staff: bool) -> list[Any]:
    """The reviews that the actor may see: staff all; a reviewer the others' only after submitting one's own."""
    query = (
        select(ReviewAssignment, Person.full_name)
        .join(Person, Person.id == ReviewAssignment.reviewer_id)
        .where(ReviewAssignment.case_id == case.id, ReviewAssignment.removed_at.is_(None))
        .order_by(ReviewAssignment.id)
    )
    rows = list(session.execute(query))
    own = [row for row in rows if row.ReviewAssignment.reviewer_id == actor.person_id]
    if own:
        submitted = own[0].ReviewAssignment.submitted_at is not None
        return [row for row in rows if row.ReviewAssignment.submitted_at is not None] if submitted else own
    return rows if is_staff else []


def own_assignment(session: Session, assignment_id: int, *, actor: Actor) -> ReviewAssignment:
    """One's own review task. Raises NotFound for anybody else's."""
    assignment = session.get(ReviewAssignment, assignment_id)
    if assignment is None or assignment.reviewer_id != actor.person_id or assignment.removed_at is not None:
        raise NotFound
    return assignment


def visible_document(session: Session, key: str, document_id: int, *, actor: Actor) -> Document:
    """A file of a dossier that the actor may see. Raises NotFound."""
    case = find_case(session, key, actor=actor)
    document = session.scalar(select(Document).where(Document.id == document_id, Document.case_id == case.id))
    if document is None:
        raise NotFound
    return document


def visible_letter(session: Session, key: str, letter_id: int, *, actor: Actor) -> Letter:
    """A letter of a dossier that the actor may see. Raises NotFound."""
    case = find_case(session, key, actor=actor)
    letter = session.scalar(select(Letter).where(Letter.id == letter_id, Letter.case_id == case.id))
    if letter is None:
        raise NotFound
    return letter

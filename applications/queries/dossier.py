"""One dossier as its page shows it: in a fixed number of queries, narrowed to what the reader may see."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from accounts.models import Organisation, Person, Unit
from applications.engine import Offer, offers
from applications.firing import Known
from applications.models import (
    Application,
    Case,
    Decision,
    Document,
    Letter,
    ReviewAssignment,
)
from applications.models.documents import STEP_SLOT
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.queries.belongings import Belongings, belongings_of
from applications.queries.ledger import LedgerRun, ledger_of
from applications.queries.timeline import (
    Happening,
    attached_files,
    happenings,
    told_of,
)
from applications.visibility import WHOLE_CASE, Reader, find_case, reader_of, visible_cases
from foundation.actors import Actor
from foundation.errors import NotFound
from foundation.seen import Seen, see


@dataclass(frozen=True, slots=True)
class Review:
    """A review that was asked for, with the name of the reviewer."""

    ReviewAssignment: Any
    full_name: str


@dataclass(frozen=True, slots=True)
class DossierView:
    """All that the dossier page needs, already narrowed to what the actor may see.

    ``names`` are those of the people whom events, clocks, messages and answers refer to.
    """

    case: Case
    pack: Pack
    reader: Reader
    organisation: Organisation | None
    unit: Unit
    holder: Person | None
    offers: Sequence[Offer]
    documents: Sequence[Any]
    happenings: Sequence[Happening]
    ledger: Sequence[LedgerRun]
    messages: Sequence[Any]
    reviews: Sequence[Any]
    decision: Decision | None
    names: Mapping[int, str]
    stuck: Any

    @property
    def answers(self) -> Mapping[str, Any]:
        """What the applicant said: the applicant sees it as it stands, everybody else as it was sent."""
        return answers_for(self.case, self.reader)

    @property
    def is_applicant(self) -> bool:
        return self.reader.is_applicant

    @property
    def is_staff(self) -> bool:
        return self.reader.is_staff


def answers_for(case: Case, reader: Reader) -> Mapping[str, Any]:
    """The answers that this reader gets to see."""
    if not isinstance(case, Application):
        return {}
    if reader.is_applicant or case.submitted is None:
        return case.answers
    sent: Mapping[str, Any] = case.submitted["answers"]
    return sent


def dossier_view(session: Session, key: str, *, actor: Actor) -> DossierView:
    """The dossier with this key. Raises NotFound when it is not there or not for this actor."""
    case, organisation, unit, holder, decision = _with_surroundings(session, key, actor)
    pack = pack_of_version(session, case.version_id)
    reader = reader_of(case, pack.code, actor)
    belongings = belongings_of(session, case, actor)
    names = belongings.names
    told = told_of(session, reader, belongings.events, belongings.letters, names)
    reviews = [Review(row, names[row.reviewer_id]) for row in belongings.assignments]
    return DossierView(
        case=case,
        pack=pack,
        reader=reader,
        organisation=organisation,
        unit=unit,
        holder=holder,
        offers=offers(session, case, actor=actor, known=_known(belongings, unit)),
        documents=_documents(belongings, case, reader, attached_files(told)),
        happenings=told,
        ledger=ledger_of(session, belongings.runs, pack, names, everything=reader.is_staff),
        messages=[] if reader.is_reviewer else belongings.messages,
        reviews=_narrowed(reviews, actor, is_staff=reader.is_staff),
        decision=decision,
        names=names,
        stuck=belongings.stuck if case.state_kind == "open" else None,
    )


def _with_surroundings(
    session: Session, key: str, actor: Actor
) -> tuple[Case, Organisation | None, Unit, Person | None, Decision | None]:
    """The case with what it refers to, if the actor may see it. Raises NotFound, whichever is missing."""
    row = _visible_with_surroundings(actor).one(session, key=key)
    if row is None:
        raise NotFound
    case, organisation, unit, holder, decision = row
    return case, organisation, unit, holder, decision


@lru_cache(maxsize=256)
def _visible_with_surroundings(actor: Actor) -> Seen:
    """The same people open dossiers all day: composing takes longer than asking."""
    return see(
        select(WHOLE_CASE, Organisation, Unit, Person, Decision)
        .join(Unit, Unit.id == Case.unit_id)
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Person, Person.id == Case.holder_id)
        .outerjoin(Decision, Decision.case_id == Case.id)
        .where(Case.key == bindparam("key", None), visible_cases(actor))
    )


def _known(belongings: Belongings, unit: Unit) -> Known:
    """What the steps that are tried need not ask again."""
    return Known(
        events=list(belongings.events),
        assignments=[row for row in belongings.assignments if row.has_conflict is not True],
        runs=list(belongings.runs),
        unit=unit,
        has_declared_interest=belongings.has_declared_interest,
    )


def _documents(belongings: Belongings, case: Case, reader: Reader, attached: frozenset[int]) -> list[Any]:
    """The pack's documents in their versions, and the files of steps, that the reader gets to see."""
    rows = (row for row in belongings.documents if row.slot != STEP_SLOT or row.id in attached)
    return [row for row in rows if _belongs(case, reader, row)]


def _belongs(case: Case, reader: Reader, document: Any) -> bool:
    """Whether a file is part of the dossier for this reader: what was replaced or taken out before anything was sent
    never reached the authority."""
    sent_at = case.submitted_at if isinstance(case, Application) else None
    if reader.is_applicant or sent_at is None or document.removed_at is None:
        return True
    return bool(document.removed_at > sent_at)


def _reviews(session: Session, case: Case) -> list[Any]:
    """The reviewers asked and not released: rows of the assignment with ``full_name`` of its reviewer."""
    query = (
        select(ReviewAssignment, Person.full_name)
        .join(Person, Person.id == ReviewAssignment.reviewer_id)
        .where(ReviewAssignment.case_id == case.id, ReviewAssignment.removed_at.is_(None))
        .options(joinedload(ReviewAssignment.scores))
        .order_by(ReviewAssignment.id)
    )
    return list(session.execute(query).unique())


def _narrowed(rows: list[Any], actor: Actor, *, is_staff: bool) -> list[Any]:
    """The reviews that the actor may see: staff all; a reviewer the others' only after submitting one's own."""
    own = [row for row in rows if row.ReviewAssignment.reviewer_id == actor.person_id]
    if own:
        submitted = own[0].ReviewAssignment.submitted_at is not None
        return [row for row in rows if row.ReviewAssignment.submitted_at is not None] if submitted else own
    return rows if is_staff else []


def visible_reviews(session: Session, case: Case, *, actor: Actor, is_staff: bool) -> list[Any]:
    """The reviews of a case, with ``full_name`` of the reviewer: all for staff; to a reviewer the others' only
    after one's own is in."""
    return _narrowed(_reviews(session, case), actor, is_staff=is_staff)


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
    if document is None or not _is_for(session, case, document, actor):
        raise NotFound
    return document


def visible_versions(session: Session, document: Document, *, actor: Actor) -> list[Document]:
    """All versions, the newest first, of a file that the actor may see, as far as they may see them."""
    if document.slot == STEP_SLOT:
        return [document]
    case = session.get_one(Case, document.case_id)
    query = select(Document).where(
        Document.case_id == case.id, Document.slot == document.slot, Document.number == document.number
    )
    versions = session.scalars(query.order_by(Document.version.desc()))
    return [version for version in versions if _is_for(session, case, version, actor)]


def _is_for(session: Session, case: Case, document: Document, actor: Actor) -> bool:
    if document.slot == STEP_SLOT:
        return _is_attached(session, case, document, actor)
    return _belongs(case, reader_of(case, pack_of_version(session, case.version_id).code, actor), document)


def _is_attached(session: Session, case: Case, document: Document, actor: Actor) -> bool:
    """Whether a step that this reader gets to see carries the file; its uploader sees it before that too."""
    if document.uploaded_by_id == actor.person_id:
        return True
    reader = reader_of(case, pack_of_version(session, case.version_id).code, actor)
    return document.id in attached_files(happenings(session, case, reader))


def visible_letter(session: Session, key: str, letter_id: int, *, actor: Actor) -> Letter:
    """A letter of a dossier that the actor may see. Raises NotFound."""
    case = find_case(session, key, actor=actor)
    reader = reader_of(case, pack_of_version(session, case.version_id).code, actor)
    told = (letter for happening in happenings(session, case, reader) for letter in happening.letters)
    found: Letter | None = next((letter for letter in told if letter.id == letter_id), None)
    if found is None:
        raise NotFound
    return found

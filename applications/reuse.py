"""What an organisation gave before, in its profile or an earlier dossier, is offered again: nothing is asked twice.

A pack says by ``once`` which datum a question or a document is; the same datum in another pack is the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications.fields import check_answers
from applications.models import Application, Case, Document
from applications.models.documents import STEP_SLOT
from applications.packs.catalogue import pack_of_version
from applications.packs.conditions import is_answered
from applications.packs.model import DocumentSpec, FieldSpec
from applications.settings import setting_of
from foundation.actors import Actor
from foundation.database import now
from foundation.inspection import MEDIA_TYPES

PROFILE: Mapping[str, str] = {
    "organisation_name": "name_vi",
    "organisation_name_en": "name_en",
    "tax_code": "tax_code",
    "address": "address",
    "ward": "ward_code",
    "contact_phone": "phone",
    "contact_email": "email",
    "website": "website",
    "founded_on": "founded_on",
}
"""Data that the profile of an organisation holds, by the names that packs use."""

MOST_DOSSIERS = 20
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Offer:
    """An answer given before; ``dossier`` is empty when the profile holds it, which bears no date."""

    spec: FieldSpec
    value: Any
    dossier: str = ""
    given_at: datetime | None = None

    @property
    def origin(self) -> str:
        return self.dossier or "profile"


@dataclass(frozen=True, slots=True)
class FileOffer:
    """A document sent before that fits the one that is asked for."""

    spec: DocumentSpec
    document: Document
    dossier: str


def is_offered_to(case: Any, actor: Actor) -> bool:
    """Whether the actor writes for the organisation itself: its data are not offered to an officer."""
    return case.organisation_id in actor.editing_organisation_ids


def answer_offers(session: Session, case: Any, specs: Iterable[FieldSpec]) -> list[Offer]:
    """What can be offered for these questions of a case; asks nothing when no question is of that kind."""
    wanted = [spec for spec in specs if spec.once is not None]
    if not wanted:
        return []
    earlier = _earlier_dossiers(session, case)
    profile = session.get(Organisation, case.organisation_id)
    found = [offer for spec in wanted if (offer := _offer(session, spec, earlier, profile)) is not None]
    values = {offer.spec.key: offer.value for offer in found}
    setting = setting_of(session, wanted, values, at=now(), case_id=case.id)
    sound, _ = check_answers([offer.spec for offer in found], values, setting)
    return [offer for offer in found if is_answered(sound.get(offer.spec.key))]


def _earlier_dossiers(session: Session, case: Any) -> Sequence[Application]:
    """What the organisation sent, latest first."""
    query = select(Application).where(
        Case.organisation_id == case.organisation_id, Application.submitted_at.is_not(None), Case.id != case.id
    )
    return session.scalars(query.order_by(Application.submitted_at.desc()).limit(MOST_DOSSIERS)).all()


def _offer(session: Session, spec: FieldSpec, earlier: Iterable[Application], profile: Any) -> Offer | None:
    """The latest answer to what this question asks; otherwise what the profile says."""
    for dossier in earlier:
        for known in pack_of_version(session, dossier.version_id).field_by_key.values():
            value = dossier.answers.get(known.key)
            if known.once == spec.once and known.type == spec.type and is_answered(value):
                return Offer(spec, value, dossier.key, dossier.submitted_at)
    value = getattr(profile, PROFILE.get(spec.once or "", ""), None)
    if not is_answered(value):
        return None
    return Offer(spec, value.isoformat() if isinstance(value, date) else value)


def file_offers(session: Session, case: Any, specs: Iterable[DocumentSpec]) -> dict[str, FileOffer]:
    """By slot, the latest document sent before that is the same and fits."""
    wanted = {spec.key: spec for spec in specs if spec.once is not None}
    if not wanted:
        return {}
    query = (
        select(Document, Case.key, Case.version_id)
        .join(Application, Application.id == Document.case_id)
        .where(
            Case.organisation_id == case.organisation_id,
            Case.id != case.id,
            Application.submitted_at.is_not(None),
            Document.removed_at.is_(None),
            Document.infection.is_(None),
            Document.slot != STEP_SLOT,
        )
        .order_by(Document.uploaded_at.desc())
        .limit(MOST_DOSSIERS * 10)
    )
    return dict(_fitting(session, wanted, session.execute(query)))


def _fitting(
    session: Session, wanted: Mapping[str, DocumentSpec], rows: Iterable[Any]
) -> Iterator[tuple[str, FileOffer]]:
    """For each slot the first of these rows that fits, latest last, so that the latest stays."""
    for document, dossier, version_id in reversed(list(rows)):
        known = pack_of_version(session, version_id).document_by_key.get(document.slot)
        for spec in wanted.values():
            if known is not None and known.once == spec.once and _fits(document, spec):
                yield spec.key, FileOffer(spec, document, dossier)


def _fits(document: Document, spec: DocumentSpec) -> bool:
    return MEDIA_TYPES.get(document.media_type) in spec.accept and document.size <= spec.max_mb * MEGABYTE

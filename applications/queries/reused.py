"""Where answers and documents were taken over from: what was given before and not asked again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.models import Application, Case, Document
from applications.revisions import Edit, digest_of


@dataclass(frozen=True, slots=True)
class EarlierFile:
    """The document of an earlier dossier that was used again: in which dossier, and when it came."""

    dossier: str
    uploaded_at: datetime


def has_reused(case: Case) -> bool:
    """Whether any answer of the case was taken over."""
    return isinstance(case, Application) and any(edit.get("origin") for edit in case.edits.values())


def reuse_of(case: Case, question: str, shown: Any) -> Edit | None:
    """The taking over of the answer that is shown; none where it was typed, or is another by now."""
    if not isinstance(case, Application) or not case.edits.get(question, {}).get("origin"):
        return None
    is_same = digest_of(case.answers.get(question)) == digest_of(shown)
    return Edit.of(case.edits[question]) if is_same else None


def earlier_files(session: Session, documents: Iterable[Document]) -> Mapping[int, EarlierFile]:
    """By document, from where it was taken over; asks nothing when none was."""
    sources = {row.reused_from_id: row.id for row in documents if row.reused_from_id is not None}
    if not sources:
        return {}
    query = select(Document.id, Document.uploaded_at, Case.key).join(Case, Case.id == Document.case_id)
    rows = session.execute(query.where(Document.id.in_(sources)))
    return {sources[row.id]: EarlierFile(row.key, row.uploaded_at) for row in rows}

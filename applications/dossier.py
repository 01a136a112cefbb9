"""A dossier against its pack: what applies, what is missing, what was sent."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from applications.fields import completeness_faults, visible_fields
from applications.fields.types import Faults
from applications.models import Application, Document
from applications.models.documents import STEP_SLOT
from applications.packs.model import DocumentSpec, Pack
from foundation.errors import Reason
from foundation.prepared import prepare

DOCUMENTS: Any = Document.__table__
CURRENT = prepare(
    select(DOCUMENTS)
    .where(
        DOCUMENTS.c.case_id == bindparam("case_id", None),
        DOCUMENTS.c.removed_at.is_(None),
        DOCUMENTS.c.slot != STEP_SLOT,
    )
    .order_by(DOCUMENTS.c.slot, DOCUMENTS.c.number)
)

CURRENT_SQL = f"""(
    SELECT json_agg(d ORDER BY d.slot, d.number) FROM documents d
     WHERE d.case_id = {{case_id}} AND d.removed_at IS NULL AND d.slot <> '{STEP_SLOT}'
)"""  # noqa: S608 - a constant
"""The same of ``{case_id}``, to be asked among other things."""


def dossier_faults(pack: Pack, application: Application) -> Faults:
    """What the answers still need before the dossier is complete, by field path."""
    applying = [spec for _, spec in visible_fields(pack.sections, application.answers)]
    faults = completeness_faults(applying, application.answers)
    shown = {spec.key for spec in applying}
    unsound = {path for path in application.unsound if path.split(".")[0] in shown}
    return faults | {path: [Reason("needs_correction")] for path in unsound}


def demanded_documents(pack: Pack, application: Application) -> Iterator[DocumentSpec]:
    """The documents that apply to these answers."""
    return (spec for spec in pack.documents if spec.when is None or spec.when.holds(application.answers))


def current_documents(session: Session, case_id: int) -> Sequence[Any]:
    """The documents of the dossier as it stands, to read: without replaced versions and files of steps."""
    return CURRENT.rows(session, case_id=case_id)


def document_faults(pack: Pack, application: Application, documents: Iterable[Any]) -> Faults:
    """Which required documents are missing among those that are there, by document key."""
    there = {document.slot for document in documents}
    return {
        spec.key: [Reason("required")]
        for spec in demanded_documents(pack, application)
        if spec.required and spec.key not in there
    }


def frozen_copy(
    pack: Pack, application: Application, documents: Iterable[Any], *, number: int, at: datetime
) -> dict[str, Any]:
    """What is sent, word for word: the answers that apply, the documents with their digests, the pack version."""
    applying = {spec.key for _, spec in visible_fields(pack.sections, application.answers)}
    return {
        "procedure": pack.code,
        "version": pack.version,
        "number": number,
        "submitted_at": at.isoformat(timespec="milliseconds"),
        "answers": {key: value for key, value in application.answers.items() if key in applying},
        "documents": [
            {"id": document.id, "slot": document.slot, "filename": document.filename, "sha256": document.sha256}
            | {"size": document.size, "media_type": document.media_type, "pages": document.pages}
            for document in documents
        ],
    }


def digest_of(sent: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical form (sorted keys, no spaces, UTF-8) of what was sent, in hexadecimal."""
    return hashlib.sha256(canonical(sent)).hexdigest()


def canonical(sent: Mapping[str, Any]) -> bytes:
    """What was sent as JSON in canonical form."""
    return orjson.dumps(sent, option=orjson.OPT_SORT_KEYS)

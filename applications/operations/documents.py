"""The documents of a dossier: added with a check on arrival, replaced without losing the older version."""

import logging
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from flask_babel import lazy_gettext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from applications.corrections import require_open_document
from applications.documenttexts import read_later
from applications.engine import lock, require_makeable
from applications.models import Application, Case, Document
from applications.models.documents import STEP_SLOT
from applications.operations.drafts import require_drafting
from applications.packs.catalogue import pack_of_version
from applications.packs.model import DocumentSpec, FieldSpec, Pack
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.inspection import KINDS, MEDIA_TYPES, fitting_name, inspect
from foundation.reasons import register_reasons
from foundation.storage import store
from foundation.virusscan import ScannerAway, infection_in, is_configured

LOG = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
MEDIA_TYPE_OF = {kind: media_type for media_type, kind in MEDIA_TYPES.items()}
LARGEST_MB = 50
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was checked and stored, but does not belong to any dossier yet."""

    filename: str
    sha256: str
    size: int
    media_type: str
    pages: int | None
    scanned_at: datetime | None = None


def receive_file(stream: BinaryIO, filename: str, declared_type: str, *, accept: Iterable[str], max_mb: int) -> Arrival:
    """Check a file on arrival and store it; before any lock or database work, because it may be slow.

    Raises Invalid with field ``file`` when it is not what is accepted.
    """
    found = inspect(stream, declared_type, accept=frozenset(accept))
    if found.faults or found.kind is None:
        raise Invalid({"file": list(found.faults) or ["file_type_unknown"]})
    name = fitting_name(plain_name(filename), found.kind)
    scanned_at = _scanned(stream)
    stream.seek(0)
    blob = store(stream, limit=max_mb * MEGABYTE)
    return Arrival(name, blob.sha256, blob.size, MEDIA_TYPE_OF[found.kind], found.pages, scanned_at)


def _scanned(stream: BinaryIO) -> datetime | None:
    """When the scanner found nothing; ``None`` where there is none or it does not answer: a job asks it later."""
    if not is_configured():
        return None
    stream.seek(0)
    try:
        infection = infection_in(stream)
    except ScannerAway as away:
        LOG.warning("a file was taken without a look for viruses: %s", away)
        return None
    if infection:
        raise Invalid({"file": [Reason("file_infected", {"name": infection})]})
    return now()


def file_limits(question: FieldSpec | DocumentSpec) -> tuple[tuple[str, ...], int]:
    """The kinds of file that a question or a demanded document takes, and the most megabytes of one."""
    if isinstance(question, DocumentSpec):
        return question.accept, question.max_mb
    return tuple(question.limits.get("accept", sorted(KINDS))), question.limits.get("max_mb", LARGEST_MB)


def plain_name(filename: str) -> str:
    """The last part of a path, without control characters, in NFC, not too long."""
    name = unicodedata.normalize("NFC", filename.replace("\\", "/").rsplit("/", 1)[-1])
    name = "".join(letter for letter in name if letter.isprintable()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending[:10]}" if stem else name[:LONGEST_NAME] or "tai-lieu"


def add_document(session: Session, application: Application, slot: str, arrival: Arrival, *, actor: Actor) -> Document:
    """Put a received file into a slot of the pack; where the slot takes a single one, it replaces that.

    Raises:
        NotFound: the pack has no such slot.
        Blocked: the slot takes several files and has room for no more.
        NotAllowed, Blocked: see :func:`applications.operations.drafts.require_drafting`.
    """
    locked = lock(session, application)
    pack = _drafted_pack(session, locked, actor)
    spec = pack.document_by_key.get(slot)
    if spec is None:
        raise NotFound
    require_open_document(session, pack, application, slot)
    replaced = require_room(spec, current_documents(session, locked, slot))
    return _put(session, locked, slot, arrival, actor=actor, replaced=replaced)


def replace_document(
    session: Session, application: Application, document_id: int, arrival: Arrival, *, actor: Actor
) -> Document:
    """Put a received file in the place of a document, as its next version.

    Raises:
        NotFound: the document is not, or no longer, part of the dossier.
        Invalid: the file is of a kind or size that this document does not take.
        NotAllowed, Blocked: see :func:`applications.operations.drafts.require_drafting`.
    """
    locked = lock(session, application)
    pack = _drafted_pack(session, locked, actor)
    replaced = _current_document(session, locked, document_id)
    require_open_document(session, pack, application, replaced.slot)
    spec = pack.document_by_key[replaced.slot]
    if MEDIA_TYPES[arrival.media_type] not in spec.accept or arrival.size > spec.max_mb * MEGABYTE:
        raise Invalid({"file": ["file_for_another_document"]})
    return _put(session, locked, replaced.slot, arrival, actor=actor, replaced=replaced)


def require_room(spec: DocumentSpec, current: Sequence[Document]) -> Document | None:
    """The document that a further file replaces in a slot that takes a single one; raises Blocked where it is full."""
    if len(current) < spec.max_files:
        return None
    if spec.max_files > 1:
        raise Blocked(Reason("slot_full", {"limit": spec.max_files}))
    return current[-1]


def current_documents(session: Session, case: Case, slot: str) -> Sequence[Document]:
    """The files of a slot as they stand now, in order."""
    query = select(Document).where(Document.case_id == case.id, Document.slot == slot, Document.removed_at.is_(None))
    return session.scalars(query.order_by(Document.number)).all()


def _drafted_pack(session: Session, case: Case, actor: Actor) -> Pack:
    pack = pack_of_version(session, case.version_id)
    require_drafting(case, pack, actor)
    return pack


def _put(
    session: Session, case: Case, slot: str, arrival: Arrival, *, actor: Actor, replaced: Document | None
) -> Document:
    document = _document(case, slot, arrival, actor)
    if replaced is None:
        highest = select(func.max(Document.number)).where(Document.case_id == case.id, Document.slot == slot)
        document.number, document.version = (session.scalar(highest) or 0) + 1, 1
    else:
        replaced.removed_at = now()
        document.number, document.version = replaced.number, replaced.version + 1
        session.flush()
    session.add(document)
    _touch(case)
    session.flush()
    read_later(session, document)
    _note(session, case, document, actor, "applications:document:add")
    return document


def remove_document(session: Session, application: Application, document_id: int, *, actor: Actor) -> None:
    """Take a document out of the dossier; the file and its record stay for the trail."""
    locked = lock(session, application)
    pack = _drafted_pack(session, locked, actor)
    document = _current_document(session, locked, document_id)
    require_open_document(session, pack, application, document.slot)
    document.removed_at = now()
    _touch(locked)
    session.flush()
    _note(session, locked, document, actor, "applications:document:remove")


def _current_document(session: Session, case: Case, document_id: int) -> Document:
    query = select(Document).where(
        Document.id == document_id,
        Document.case_id == case.id,
        Document.removed_at.is_(None),
        Document.slot != STEP_SLOT,
    )
    document = session.scalar(query)
    if document is None:
        raise NotFound
    return document


def add_step_file(
    session: Session, case: Case, step: str, spec: FieldSpec, arrival: Arrival, *, actor: Actor
) -> Document:
    """Keep a file that answers a step's question (a signed original, say) until the step is made.

    Raises NotFound (no such step or question), NotAllowed, Blocked: whoever may not make the step adds nothing to it.
    """
    known = require_makeable(session, case, step, actor=actor)
    if spec not in known.asks or spec.type != "file":
        raise NotFound
    document = _document(case, STEP_SLOT, arrival, actor)
    document.step = step
    session.add(document)
    session.flush()
    read_later(session, document)
    _note(session, case, document, actor, "applications:document:add")
    return document


def _document(case: Case, slot: str, arrival: Arrival, actor: Actor) -> Document:
    return Document(
        case_id=case.id,
        slot=slot,
        sha256=arrival.sha256,
        size=arrival.size,
        filename=arrival.filename,
        media_type=arrival.media_type,
        pages=arrival.pages,
        uploaded_at=now(),
        uploaded_by_id=actor.person_id,
        scanned_at=arrival.scanned_at,
    )


def _touch(case: Case) -> None:
    case.updated_at = now()
    case.revision += 1


def _note(session: Session, case: Case, document: Document, actor: Actor, action: str) -> None:
    audit.append(
        session,
        case.stream,
        actor=actor,
        action=action,
        subject=("case", case.id),
        facts={"document": document.id, "slot": document.slot, "sha256": document.sha256},
    )


register_reasons(
    {
        "file_missing": lazy_gettext("Choose a file first."),
        "document_missing": lazy_gettext("Add this document."),
        "file_infected": lazy_gettext("The virus scanner found “%(name)s” in the file. It was not taken."),
        "file_for_another_document": lazy_gettext("This document does not take such a file."),
        "slot_full": lazy_gettext("No more than %(limit)s files fit here. Remove or replace one."),
    }
)

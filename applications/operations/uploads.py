"""Files that come in pieces: begun, continued where they stopped, finished into a document, or given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from applications.corrections import require_open_document
from applications.models import Application, Document, Upload
from applications.operations.documents import (
    MEGABYTE,
    Arrival,
    add_document,
    current_documents,
    replace_document,
    require_room,
)
from applications.operations.drafts import require_drafting
from applications.packs.catalogue import pack_of_version
from applications.packs.model import DocumentSpec
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotFound, Reason
from foundation.pieces import new_folder
from foundation.reasons import register_reasons

KEPT_FOR = timedelta(days=1)
"""So long after its last piece an unfinished upload can go on."""
MOST_UNFINISHED = 40
"""Uploads that one person may have on the way at a time."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A file as the browser announces it, before any of it has arrived; ``modified`` in milliseconds."""

    slot: str
    filename: str
    media_type: str
    size: int
    modified: int
    replaces_id: int | None = None


def begin_upload(session: Session, application: Application, promise: Promise, *, actor: Actor) -> Upload:
    """Open an upload, or find the unfinished one of the same file: it goes on after what has arrived.

    Raises:
        NotFound: no such slot, or nothing there to replace.
        Invalid: the file could not be taken when it had arrived.
        Blocked: the slot is full, or too many uploads are under way.
        NotAllowed, Blocked: the dossier, or this document, is not open to the actor now.
    """
    pack = pack_of_version(session, application.version_id)
    require_drafting(application, pack, actor)
    spec = pack.document_by_key.get(promise.slot)
    if spec is None:
        raise NotFound
    require_open_document(session, pack, application, promise.slot)
    _require_sensible(spec, promise)
    _require_place(session, application, spec, promise)
    upload = _opened(session, application, promise, actor)
    unfinished = select(func.count()).where(Upload.person_id == actor.person_id, Upload.document_id.is_(None))
    if (session.scalar(unfinished) or 0) > MOST_UNFINISHED:
        raise Blocked("too_many_uploads")
    return upload


def _require_sensible(spec: DocumentSpec, promise: Promise) -> None:
    """Refuse now what would be refused at the end: nobody waits for nothing."""
    if promise.size < 1:
        raise Invalid({"file": ["file_empty"]})
    if promise.size > spec.max_mb * MEGABYTE:
        raise Invalid({"file": [Reason("file_too_large", {"limit_mb": f"{spec.max_mb * MEGABYTE / 1e6:g}"})]})


def _require_place(session: Session, application: Application, spec: DocumentSpec, promise: Promise) -> None:
    current = current_documents(session, application, promise.slot)
    if promise.replaces_id is None:
        require_room(spec, current)
    elif promise.replaces_id not in {document.id for document in current}:
        raise NotFound


def _opened(session: Session, application: Application, promise: Promise, actor: Actor) -> Upload:
    values = {
        "folder": new_folder(),
        "case_id": application.id,
        "person_id": actor.person_id,
        **{name: getattr(promise, name) for name in ("slot", "filename", "media_type", "size", "modified")},
        "replaces_id": promise.replaces_id,
        "pieces": [],
    }
    opening = insert(Upload).values(values)
    opening = opening.on_conflict_do_update(
        index_elements=["person_id", "case_id", "slot", "filename", "size", "modified"],
        index_where=Upload.document_id.is_(None),
        set_={"touched_at": now(), "replaces_id": promise.replaces_id},
    )
    return session.scalars(opening.returning(Upload), execution_options={"populate_existing": True}).one()


def find_upload(session: Session, application: Application, folder: str, *, actor: Actor) -> Upload:
    """One's own upload for this dossier. Raises NotFound."""
    query = select(Upload).where(
        Upload.folder == folder, Upload.case_id == application.id, Upload.person_id == actor.person_id
    )
    upload = session.scalar(query)
    if upload is None:
        raise NotFound
    return upload


def require_next(upload: Upload, offset: int, size: int) -> None:
    """Raise unless a piece of ``size`` bytes continues the upload at ``offset``.

    Raises Blocked (it does not begin where the upload stands) or Invalid (it goes beyond the announced size).
    """
    if upload.document_id is not None or offset != upload.received:
        raise Blocked(Reason("piece_elsewhere", {"received": upload.received}))
    if not 0 < size <= upload.size - offset:
        raise Invalid({"file": ["piece_too_large" if size else "file_empty"]})


def append_piece(session: Session, upload: Upload, offset: int, name: str, size: int) -> int:
    """Record a stored piece that begins at ``offset``; how much has arrived now. Of two that race, one wins.

    Raises:
        Blocked: the upload stands elsewhere by now.
    """
    appended = (
        update(Upload)
        .where(Upload.id == upload.id, Upload.received == offset, Upload.document_id.is_(None))
        .values(received=offset + size, pieces=func.array_append(Upload.pieces, name), touched_at=now())
    )
    received: int | None = session.scalar(
        appended.returning(Upload.received), execution_options={"synchronize_session": False}
    )
    if received is None:
        raise Blocked("piece_elsewhere")
    return received


def finish_upload(
    session: Session, application: Application, upload: Upload, arrival: Arrival, *, actor: Actor
) -> Document:
    """Make a document of a whole upload; of an upload that is one already, that document.

    Raises what :func:`add_document` and :func:`replace_document` raise.
    """
    locked = session.get_one(Upload, upload.id, with_for_update=True, populate_existing=True)
    if locked.document_id is not None:
        return session.get_one(Document, locked.document_id)
    if locked.replaces_id is None:
        document = add_document(session, application, locked.slot, arrival, actor=actor)
    else:
        document = replace_document(session, application, locked.replaces_id, arrival, actor=actor)
    locked.document_id, locked.touched_at = document.id, now()
    session.flush()
    return document


def give_up_upload(session: Session, upload: Upload) -> None:
    """Forget an upload; its pieces are discarded by whoever calls this, once it is committed."""
    session.execute(delete(Upload).where(Upload.id == upload.id))


def remove_stale_uploads(session: Session) -> int:
    """Forget uploads that nobody continued within a day, and finished ones; how many."""
    stale = delete(Upload).where(Upload.touched_at < now() - KEPT_FOR).returning(Upload.id)
    return len(session.scalars(stale).all())


def known_folders(session: Session, folders: Sequence[str]) -> set[str]:
    """Of these folders of pieces, those whose upload still goes on."""
    query = select(Upload.folder).where(Upload.folder.in_(folders), Upload.document_id.is_(None))
    return set(session.scalars(query))


register_reasons(
    {
        "too_many_uploads": lazy_gettext("Too many files are on their way. Finish or give up some of them first."),
        "piece_elsewhere": lazy_gettext("This part of the file does not continue what has arrived."),
        "piece_too_large": lazy_gettext("More of the file arrived than was announced."),
    }
)

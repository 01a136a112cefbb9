"""The words of documents, kept for search: read by a job after a file has arrived."""

import logging

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from applications.models import Document, DocumentText
from applications.wordindex import words_changed
from foundation.database import now
from foundation.errors import NotFound
from foundation.inspection import MEDIA_TYPES
from foundation.jobs import defer, task
from foundation.plaintext import KINDS, TextUnreadable, words_of
from foundation.searchtext import fold
from foundation.storage import open_blob

LOG = logging.getLogger(__name__)

READABLE = frozenset(media_type for media_type, kind in MEDIA_TYPES.items() if kind in KINDS)
MOST_BYTES = 400_000
"""Of folded text: PostgreSQL refuses a ``tsvector`` of more than a megabyte, and short words take twice their bytes."""
AT_ONCE = 100


@task("applications:document:read", attempts=3)
def read_document(session: Session, document_id: int) -> None:
    """Keep the words of a document; of one that cannot be read, that it has none."""
    document = session.get(Document, document_id)
    if document is None or document.media_type not in READABLE:
        return
    row = {"document_id": document.id, "text": _text_of(document), "at": now()}
    changes = {"text": row["text"], "at": row["at"]}
    session.execute(
        insert(DocumentText).values(row).on_conflict_do_update(index_elements=["document_id"], set_=changes)
    )
    words_changed(session, document.case_id)


def read_later(session: Session, document: Document) -> None:
    """Have the words of a new document read, once its transaction is through."""
    if document.media_type in READABLE:
        defer(session, read_document, document_id=document.id)


def read_missed(session: Session) -> int:
    """Have documents read that have no text yet, the newest first; how many."""
    query = (
        select(Document)
        .outerjoin(DocumentText, DocumentText.document_id == Document.id)
        .where(DocumentText.document_id.is_(None), Document.media_type.in_(READABLE))
        .order_by(Document.id.desc())
        .limit(AT_ONCE)
    )
    missed = list(session.scalars(query))
    for document in missed:
        defer(session, read_document, queueing_lock=f"document:{document.id}", document_id=document.id)
    return len(missed)


def words_as_written(document: Document) -> str | None:
    """The words of a file as they are written; nothing where they cannot be read."""
    if document.media_type not in READABLE:
        return None
    try:
        with open_blob(document.sha256) as stream:
            return words_of(stream, MEDIA_TYPES[document.media_type]).strip() or None
    except TextUnreadable:
        return None


def _text_of(document: Document) -> str:
    try:
        with open_blob(document.sha256) as stream:
            folded = fold(words_of(stream, MEDIA_TYPES[document.media_type]))
    except (TextUnreadable, NotFound) as error:
        LOG.warning("document %s has no text for search: %s", document.id, error)
        return ""
    return folded.encode()[:MOST_BYTES].decode(errors="ignore")

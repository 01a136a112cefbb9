"""The audit trail of one dossier, a page at a time."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry
from foundation.paging import Order, Page, page_of

BY_SEQUENCE = Order((AuditEntry.seq,))


def audit_page(session: Session, stream: str, *, cursor: str | None, size: int) -> Page[AuditEntry]:
    """The entries of a stream in the order of the chain."""
    query = select(AuditEntry).where(AuditEntry.stream == stream)
    return page_of(session, query, BY_SEQUENCE, after=cursor, size=size)

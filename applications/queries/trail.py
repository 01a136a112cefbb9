"""The audit trail of one dossier, a page at a time."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.audit import AuditEntry, AuditHead
from foundation.paging import Order, Page, page_of

BY_SEQUENCE = Order((AuditEntry.seq,))


def audit_page(session: Session, stream: str, *, cursor: str | None, size: int) -> Page[AuditEntry]:
    """The entries of a stream in the order of the chain."""
    query = select(AuditEntry).where(AuditEntry.stream == stream)
    return page_of(session, query, BY_SEQUENCE, after=cursor, size=size)


def archived_before(session: Session, stream: str, page: Page[AuditEntry], *, cursor: str | None) -> int | None:
    """How many of the oldest entries are in archives and not here; None behind the first page, where nobody asks."""
    if cursor is not None:
        return None
    if page.rows:
        return page.rows[0].seq - 1
    head = session.get(AuditHead, stream)
    return head.seq if head else 0

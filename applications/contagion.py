"""Documents that no scanner has looked at yet, and those in which one found something later."""

import logging

from flask_babel import lazy_gettext
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from applications.models import Case, Document, MessageFile
from foundation import audit
from foundation.actors import SYSTEM
from foundation.database import now
from foundation.errors import Blocked, NotFound, Reason
from foundation.reasons import register_reasons
from foundation.storage import open_blob
from foundation.virusscan import ScannerAway, infection_in, is_configured

LOG = logging.getLogger(__name__)

AT_ONCE = 50
"""Files that one run of the job looks at."""


def scan_unscanned(session: Session) -> int:
    """Show the scanner the files that it has not seen, the newest first; how many were looked at.

    Nothing happens where no scanner is configured; where it does not answer, the rest waits for the next run.
    """
    if not is_configured():
        return 0
    done = 0
    for sha256 in _unscanned(session):
        try:
            with open_blob(sha256) as stream:
                _note(session, sha256, infection_in(stream))
            done += 1
        except NotFound:
            LOG.warning("no file %s is stored: it cannot be looked at", sha256)
        except ScannerAway as away:
            LOG.warning("the scanner did not look at file %s: %s", sha256, away)
    return done


def _unscanned(session: Session) -> list[str]:
    query = select(Document.sha256).where(Document.scanned_at.is_(None)).group_by(Document.sha256)
    found = list(session.scalars(query.order_by(func.max(Document.id).desc()).limit(AT_ONCE)))
    files = select(MessageFile.sha256).where(MessageFile.scanned_at.is_(None)).distinct().limit(AT_ONCE)
    return list(dict.fromkeys([*found, *session.scalars(files)]))


def _note(session: Session, sha256: str, infection: str | None) -> None:
    """Record the verdict on every document of this content; an infection also in the trail of its case."""
    marked = update(Document).where(Document.sha256 == sha256).values(scanned_at=now(), infection=infection)
    documents = session.scalars(marked.returning(Document)).all()
    files = update(MessageFile).where(MessageFile.sha256 == sha256).values(scanned_at=now(), infection=infection)
    session.execute(files)
    for document in documents if infection else ():
        audit.append(
            session,
            session.get_one(Case, document.case_id).stream,
            actor=SYSTEM,
            action="applications:document:infected",
            subject=("case", document.case_id),
            facts={"document": document.id, "infection": infection},
        )


def require_harmless(document: Document | MessageFile) -> None:
    """Raise Blocked for a file in which the scanner found something: nobody opens it any more."""
    if document.infection:
        raise Blocked(Reason("document_infected", {"name": document.infection}))


audit.register_actions(
    {"applications:document:infected": lazy_gettext("The virus scanner found something in a document.")}
)
register_reasons(
    {
        "document_infected": lazy_gettext(
            "The virus scanner found “%(name)s” in this file. It can no longer be opened; ask for it again."
        )
    }
)

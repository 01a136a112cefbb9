"""Taking over what an organisation gave before: by one press, with a note where it came from."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.orm import Session

from applications.models import Application, Document
from applications.operations.answers import Kept, hold_draft, keep_answers
from applications.operations.documents import Arrival, add_document
from applications.packs.catalogue import pack_of_version
from applications.packs.conditions import is_answered
from applications.reuse import answer_offers, file_offers, is_offered_to
from applications.revisions import Seen
from foundation.actors import Actor
from foundation.errors import NotAllowed, NotFound


def reuse_answers(session: Session, key: str, questions: Iterable[str], *, actor: Actor) -> Kept:
    """Answer these questions, where they are open still, with what was given before.

    Raises NotFound, NotAllowed, Blocked, Invalid: see :func:`hold_draft`.
    """
    held = hold_draft(session, key, questions, actor=actor)
    _require_own(held.row, actor)
    still_open = [spec for spec in held.specs if not is_answered(held.values.get(spec.key))]
    offers = answer_offers(session, held.row, still_open)
    origins = {offer.spec.key: offer.origin for offer in offers}
    taking = replace(held, specs=tuple(offer.spec for offer in offers), origins=origins)
    values = {offer.spec.key: offer.value for offer in offers}
    seen = dict.fromkeys(values, Seen(held.row.revision))
    return keep_answers(session, taking, values, seen, actor=actor)


def reuse_document(session: Session, application: Application, slot: str, *, actor: Actor) -> Document:
    """Put the document that was sent before into this slot; the file stands once in the store.

    Raises NotFound when there is none; see :func:`add_document` for the rest.
    """
    pack = pack_of_version(session, application.version_id)
    spec = pack.document_by_key.get(slot)
    _require_own(application, actor)
    offer = file_offers(session, application, [spec]).get(slot) if spec else None
    if offer is None:
        raise NotFound
    known = offer.document
    arrival = Arrival(known.filename, known.sha256, known.size, known.media_type, known.pages, known.scanned_at)
    document = add_document(session, application, slot, arrival, actor=actor)
    document.reused_from_id = known.id
    session.flush()
    return document


def _require_own(case: object, actor: Actor) -> None:
    if not is_offered_to(case, actor):
        raise NotAllowed

"""Everything on one timeline: steps, messages and documents of a dossier, as its reader gets to see them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import render_template

from applications.models.documents import STEP_SLOT
from applications.queries.dossier import DossierView, dossier_view
from applications.queries.messages import files_of_messages
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened: a ``step``, a ``message``, or a document ``added`` or ``removed``."""

    at: datetime
    kind: str
    what: Any


@blueprint.get("/dossiers/<key>/timeline")
@access(SIGNED_IN)
def story(key: str) -> str:
    """The whole timeline, newest first."""
    session = db.session()
    view = dossier_view(session, key, actor=current_actor())
    return render_template(
        "applications/story.html",
        view=view,
        case=view.case,
        pack=view.pack,
        entries=sorted(entries_of(view), key=lambda entry: entry.at, reverse=True),
        files=files_of_messages(session, view.case) if view.messages else {},
        language=language(),
    )


def entries_of(view: DossierView) -> Iterator[Entry]:
    """What happened, in no order."""
    yield from (Entry(happening.at, "step", happening) for happening in view.happenings)
    yield from (Entry(row.sent_at, "message", row) for row in view.messages)
    for document in view.documents:
        if document.slot == STEP_SLOT:
            continue
        yield Entry(document.uploaded_at, "added", document)
        if document.removed_at is not None:
            yield Entry(document.removed_at, "removed", document)

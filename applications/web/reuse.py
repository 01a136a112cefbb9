"""What was given before, taken over by one press: the answers of a section, a document."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from applications.operations.reuse import reuse_answers, reuse_document
from applications.queries.drafts import find_draft
from applications.web.blueprint import blueprint
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction


@blueprint.post("/dossiers/<key>/draft/<section>/reuse")
@access(SIGNED_IN)
def reuse_section(key: str, section: str) -> Response:
    """Answer the questions that were chosen with what was given before."""
    questions = request.form.getlist("question")
    with transaction(db.session()) as session:
        kept = reuse_answers(session, key, questions, actor=current_actor())
    taken = sum(1 for name in questions if name in kept.edits and kept.edits[name].revision == kept.revision)
    flash(ngettext("%(num)s answer was taken over.", "%(num)s answers were taken over.", taken), "success")
    return redirect(url_for("applications.draft_section", key=key, section=section), 303)


@blueprint.post("/dossiers/<key>/documents/<slot>/reuse")
@access(SIGNED_IN)
def reuse_file(key: str, slot: str) -> Response:
    """Put the document that was sent before into this dossier too."""
    actor = current_actor()
    with transaction(db.session()) as session:
        document = reuse_document(session, find_draft(session, key, actor=actor), slot, actor=actor)
        filename = document.filename
    flash(_("“%(filename)s” was taken over.", filename=filename), "success")
    return redirect(url_for("applications.documents", key=key, _anchor=slot), 303)

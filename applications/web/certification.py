"""A second person of the organisation: asked to certify, and certifying, on the page where a dossier is checked."""

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from applications.operations.certification import ask_certifier, certify
from applications.queries.drafts import find_draft
from applications.web.blueprint import blueprint
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db, transaction


@blueprint.post("/dossiers/<key>/certifier")
@access(SIGNED_IN)
def ask(key: str) -> Response:
    """Ask a colleague to certify."""
    actor = current_actor()
    with transaction(db.session()) as session:
        person_id = request.form.get("certifier", type=int)
        ask_certifier(session, find_draft(session, key, actor=actor), person_id, actor=actor)
    flash(_("Your colleague was told."), "success")
    return redirect(url_for("applications.check", key=key, _anchor="certification"), 303)


@blueprint.post("/dossiers/<key>/certificate")
@access(SIGNED_IN)
def give_certificate(key: str) -> Response:
    """Certify the dossier as it was shown."""
    actor = current_actor()
    with transaction(db.session()) as session:
        certify(session, find_draft(session, key, actor=actor), actor=actor, digest=request.form.get("digest", ""))
    flash(_("You certified this dossier."), "success")
    return redirect(url_for("applications.check", key=key, _anchor="certification"), 303)

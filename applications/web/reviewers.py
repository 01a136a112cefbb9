"""Whom officers ask for a review, and whom they release."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.actors import actor_of_person
from applications.models import ReviewAssignment
from applications.operations.reviews import ASSIGNING_ROLES, assign_reviewer, remove_reviewer
from applications.queries.dossier import dossier_view
from applications.queries.reviews import candidates
from applications.visibility import find_case
from applications.web.blueprint import blueprint
from applications.web.wording import language, sentences_by_field
from foundation.access import access, current_actor, roles
from foundation.database import db, transaction
from foundation.errors import Invalid, NotAllowed, NotFound

Answer = str | Response | tuple[str, int]
ASSIGNERS = roles(*ASSIGNING_ROLES)


@blueprint.get("/dossiers/<key>/reviewers")
@access(ASSIGNERS)
def reviewers(key: str) -> str:
    """Who reviews the dossier, and who else could be asked."""
    return _reviewers(key)


@blueprint.post("/dossiers/<key>/reviewers")
@access(ASSIGNERS)
def assign(key: str) -> Answer:
    """Ask a reviewer."""
    actor = current_actor()
    number = request.form.get("reviewer", type=int)
    try:
        if number is None:
            raise Invalid({"reviewer": ["required"]})
        with transaction(db.session()) as session:
            case = find_case(session, key, actor=actor)
            assign_reviewer(session, case, actor_of_person(session, number), actor=actor)
    except Invalid as refusal:
        return _reviewers(key, errors=sentences_by_field(refusal.fields)), 422
    flash(_("The reviewer was asked."), "success")
    return redirect(url_for("applications.reviewers", key=key), 303)


@blueprint.post("/dossiers/<key>/reviewers/<int:assignment_id>/release")
@access(ASSIGNERS)
def release(key: str, assignment_id: int) -> Response:
    """Release a reviewer who has not submitted."""
    actor = current_actor()
    with transaction(db.session()) as session:
        case = find_case(session, key, actor=actor)
        assignment = session.get(ReviewAssignment, assignment_id)
        if assignment is None or assignment.case_id != case.id or assignment.removed_at is not None:
            raise NotFound
        remove_reviewer(session, assignment, actor=actor)
    flash(_("The reviewer was released."), "success")
    return redirect(url_for("applications.reviewers", key=key), 303)


def _reviewers(key: str, errors: Mapping[str, list[str]] | None = None) -> str:
    session, actor = db.session(), current_actor()
    view = dossier_view(session, key, actor=actor)
    if not view.is_staff or not actor.has_role(*ASSIGNING_ROLES, procedure=view.pack.code, unit_id=view.case.unit_id):
        raise NotAllowed
    if view.pack.rubric is None:
        raise NotFound
    return render_template(
        "applications/reviewers.html",
        view=view,
        case=view.case,
        rubric=view.pack.rubric,
        candidates=candidates(session, view.case, actor=actor),
        errors=errors or {},
        language=language(),
    )

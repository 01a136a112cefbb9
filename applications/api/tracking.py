"""Endpoint for following a dossier without an account."""

from typing import Any

from flask import request

from applications.api.facts import day_of, state_title
from applications.operations.tracking import count_try
from applications.queries.tracking import TrackedView, tracked
from applications.schemas.tracking import TrackedShape, TrackingQuestion
from foundation.access import EVERYONE, access
from foundation.api import ApiBlueprint, reader_language, said
from foundation.database import db

blueprint = ApiBlueprint(
    "api_tracking",
    __name__,
    tag="Tracking",
    description="Where a dossier stands, for whoever has its code and secret. No token needed.",
)


@blueprint.post("/tracking/<string:code>")
@access(EVERYONE)
@blueprint.arguments(TrackingQuestion)
@blueprint.response(200, TrackedShape)
def track_dossier(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Follow a dossier

    `code` is the dossier's key, its code or its acknowledgement number; 404 alike whether it or the secret is wrong.
    """
    count_try(db.engine, code, address=request.remote_addr or "")
    return _facts(tracked(db.session(), code, sent["secret"]))


def _facts(view: TrackedView) -> dict[str, Any]:
    case, language = view.case, reader_language()
    shows_holder = view.is_open and view.holder is not None and not view.is_with_applicant
    return {
        "key": case.key,
        "code": case.code,
        "title": case.title,
        "procedure": said(view.pack.title),
        "state_title": state_title(view.pack, case.state, is_staff=False),
        "is_with_applicant": view.is_with_applicant,
        "due_on": day_of(view.due_at),
        "unit": view.unit.title(language),
        "holder": view.holder.full_name if shows_holder and view.holder else None,
        "asked": [mark.part for mark in view.opening.marks],
        "steps": [{"title": said(happening.title), "at": happening.at} for happening in view.happenings],
    }

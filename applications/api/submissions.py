"""Endpoints of what was sent."""

from typing import Any

from flask import send_file
from werkzeug.wrappers import Response

from applications.archive import archive
from applications.letters import render
from applications.queries.submissions import Submission, facts_to_print, submissions_view
from applications.schemas.submissions import SubmissionList
from foundation.access import SIGNED_IN, access, current_actor
from foundation.api import ApiBlueprint, reader_language
from foundation.database import db

blueprint = ApiBlueprint(
    "api_submissions",
    __name__,
    tag="Submissions",
    description="What was sent, frozen each time. Protected answers are left out unless the caller is the applicant.",
)


@blueprint.get("/applications/<string:key>/submissions")
@access(SIGNED_IN)
@blueprint.response(200, SubmissionList)
def list_submissions(key: str) -> dict[str, Any]:
    """List what was sent, newest first"""
    view = submissions_view(db.session(), key, actor=current_actor())
    return {"items": [_facts(found) for found in view.submissions], "next_cursor": None}


def _facts(found: Submission) -> dict[str, Any]:
    return {
        "number": found.number,
        "submitted_at": found.submitted_at,
        "sha256": found.digest,
        "masked": list(found.hidden),
    }


@blueprint.get("/applications/<string:key>/submissions/<int:number>/archive")
@access(SIGNED_IN)
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type="application/zip")
def read_archive(key: str, number: int) -> Response:
    """Download one sending: answers as JSON and PDF, files, and `SHA256SUMS`"""
    session = db.session()
    view = submissions_view(session, key, actor=current_actor())
    found = view.number(number)
    facts, name = facts_to_print(session, view.case, found), f"{key}-{number}.zip"
    session.rollback()
    target = archive(found.sent, render("submission.typ", facts, reader_language()))
    return send_file(target, mimetype="application/zip", as_attachment=True, download_name=name)

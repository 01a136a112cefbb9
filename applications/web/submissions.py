"""What was sent: each sending to read, and to keep as an archive with its digests."""

from flask import render_template, send_file
from werkzeug.wrappers import Response

from applications.archive import archive
from applications.letters import render
from applications.queries.submissions import facts_to_print, submissions_view
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db

TEMPLATE = "submission.typ"


@blueprint.get("/dossiers/<key>/submissions")
@access(SIGNED_IN)
def submissions(key: str) -> str:
    """Everything that was sent, newest first."""
    view = submissions_view(db.session(), key, actor=current_actor())
    return render_template("applications/submissions.html", view=view, case=view.case, language=language())


@blueprint.get("/dossiers/<key>/submissions/<int:number>.zip")
@access(SIGNED_IN)
def submission_archive(key: str, number: int) -> Response:
    """One sending as an archive; making it holds no connection to the database."""
    session = db.session()
    view = submissions_view(session, key, actor=current_actor())
    found = view.number(number)
    facts, name = facts_to_print(session, view.case, found), f"{view.case.code or view.case.key}-{number}.zip"
    session.rollback()
    target = archive(found.sent, render(TEMPLATE, facts, language()))
    response = send_file(target, mimetype="application/zip", as_attachment=True, download_name=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response

"""The decision file of a deal, for an audit: downloaded at once, or made by a job when its documents are large."""

from flask import redirect, render_template, send_file, url_for
from werkzeug.wrappers import Response

from foundation.access import access, current_actor
from foundation.database import db, transaction
from foundation.errors import NotFound
from foundation.passingfiles import open_file
from foundation.speech import current_language
from fund.dealchapters import contents_of
from fund.decisionexport import ask_decision_file, is_kept, latest_file
from fund.decisionfile import decision_pdf
from fund.models import Deal
from fund.models.decisionfiles import UNDER_WAY
from fund.queries.dealfile import deal_in
from fund.queries.deals import pipeline_of
from fund.web.blueprint import blueprint
from fund.web.deals import DEAL_READERS

AT_ONCE = 50_000_000
"""Bytes of documents that are put into one file while its reader waits."""


@blueprint.get("/funds/<code>/deals/<key>/decision-file.pdf")
@access(DEAL_READERS)
def decision_file(code: str, key: str) -> Response:
    """Everything that the decision rests on; making it holds no connection to the database."""
    session = db.session()
    pipeline = pipeline_of(session, code, actor=current_actor())
    contents = contents_of(session, pipeline, key, current_language())
    if contents.size > AT_ONCE:
        return redirect(url_for("fund.large_decision_file", code=code, key=key), 303)
    session.rollback()
    response = send_file(
        decision_pdf(contents.facts, contents.chapters, contents.documents),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=contents.name,
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.get("/funds/<code>/deals/<key>/decision-file")
@access(DEAL_READERS)
def large_decision_file(code: str, key: str) -> str:
    """Where a large file is asked for; how far it is; then the file."""
    pipeline = pipeline_of(db.session(), code, actor=current_actor())
    deal = deal_in(db.session(), pipeline, key)
    file = latest_file(db.session(), deal, actor=current_actor())
    return render_template(
        "fund/decision_file.html",
        fund=pipeline.fund,
        key=key,
        file=file,
        is_under_way=file is not None and file.status in UNDER_WAY,
        is_kept=file is not None and is_kept(file),
    )


@blueprint.post("/funds/<code>/deals/<key>/decision-file")
@access(DEAL_READERS)
def ask_large_decision_file(code: str, key: str) -> Response:
    """Have it made."""
    actor = current_actor()
    with transaction(db.session()) as session:
        ask_decision_file(session, _deal(code, key), actor=actor)
    return redirect(url_for("fund.large_decision_file", code=code, key=key), 303)


@blueprint.get("/funds/<code>/deals/<key>/decision-file/made.pdf")
@access(DEAL_READERS)
def made_decision_file(code: str, key: str) -> Response:
    """The file that was made last for this reader. Raises NotFound: there is none, or it is no longer kept."""
    file = latest_file(db.session(), _deal(code, key), actor=current_actor())
    if file is None or file.file is None or not is_kept(file):
        raise NotFound
    content = open_file(file.file)
    response = send_file(content, mimetype="application/pdf", as_attachment=True, download_name=f"{key}.pdf")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _deal(code: str, key: str) -> Deal:
    session = db.session()
    return deal_in(session, pipeline_of(session, code, actor=current_actor()), key)

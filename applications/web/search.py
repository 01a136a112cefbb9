"""The search page: the words stand in the address, so that what was found can be shared among those who may see it."""

from flask import render_template, request

from applications.queries.excerpts import excerpts_of
from applications.queries.search import LONGEST_QUERY, found
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db
from foundation.excerpts import marked, wanted

FOUND_PAGE = 20
"""Each is shown with what was found in it."""

blueprint.add_app_template_filter(marked)


@blueprint.get("/search")
@access(SIGNED_IN)
def search() -> str:
    """The dossiers that hold the words asked for."""
    words = request.args.get("q", "").strip()[:LONGEST_QUERY]
    session = db.session()
    page = found(session, words, actor=current_actor(), cursor=request.args.get("after"), size=FOUND_PAGE)
    return render_template(
        "applications/search.html",
        words=words,
        page=page,
        excerpts=excerpts_of(session, page.rows, words, language()) if page else {},
        mark=wanted(words).mark,
    )

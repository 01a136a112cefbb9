"""The search page: the words stand in the address, so that what was found can be shared among those who may see it."""

from flask import render_template, request

from applications.queries.search import LONGEST_QUERY, found
from applications.web.blueprint import blueprint
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db


@blueprint.get("/search")
@access(SIGNED_IN)
def search() -> str:
    """The dossiers that hold the words asked for."""
    words = request.args.get("q", "").strip()[:LONGEST_QUERY]
    page = found(db.session(), words, actor=current_actor(), cursor=request.args.get("after"))
    return render_template("applications/search.html", words=words, page=page)

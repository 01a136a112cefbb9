"""The endpoint of the search in dossiers."""

from typing import Any

from applications.api.facts import listed_case
from applications.queries.excerpts import Excerpt, excerpts_of
from applications.queries.search import found
from applications.schemas.search import FoundPage, SearchQuery
from foundation.access import SIGNED_IN, access, current_actor
from foundation.api import ApiBlueprint, page_answer, reader_language, said
from foundation.database import db
from foundation.paging import Page

blueprint = ApiBlueprint(
    "api_search",
    __name__,
    tag="Search",
    description="Dossiers by their words: names, answers, messages and documents, as far as the caller may see each.",
)


@blueprint.get("/search")
@access(SIGNED_IN)
@blueprint.arguments(SearchQuery, location="query")
@blueprint.response(200, FoundPage, headers={"Link": {"schema": {"type": "string"}}})
def search(asked: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Find dossiers by their words, newest first

    All words must occur, marks may be left out, "quoted words" must follow each other, and the last word may be
    a beginning. Each dossier comes with the places where the words stand, cut into pieces: found and not.
    """
    session, actor = db.session(), current_actor()
    page = found(session, asked["q"], actor=actor, cursor=asked.get("cursor"), size=asked["limit"]) or Page([], None)
    places = excerpts_of(session, page.rows, asked["q"], reader_language())
    items = [
        {**listed_case(line.row, is_staff=not line.is_own), "excerpts": [_shown(one) for one in places[line.row.id]]}
        for line in page.rows
    ]
    return page_answer(page, items)


def _shown(excerpt: Excerpt) -> dict[str, Any]:
    return {
        "kind": excerpt.kind,
        "label": said(excerpt.label) if excerpt.label else None,
        "pieces": [{"text": piece.text, "is_found": piece.is_found} for piece in excerpt.pieces],
    }

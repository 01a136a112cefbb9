"""The clock of a dossier, explained: stretch by stretch, what would follow, and whose days a delay was."""

from datetime import date

from flask import render_template, request

from applications.queries.clock import clock_view
from applications.web.blueprint import blueprint
from applications.web.wording import STATUS_TITLES, language
from foundation.access import SIGNED_IN, access, current_actor
from foundation.database import db
from foundation.errors import Reason
from foundation.reasons import sentence_of


@blueprint.get("/dossiers/<key>/clock")
@access(SIGNED_IN)
def clock(key: str) -> tuple[str, int]:
    """The page; ``?on=`` supposes that what everything waits for happens on that day."""
    typed = request.args.get("on", "")
    supposed, error = _day(typed)
    view = clock_view(db.session(), key, supposed, actor=current_actor())
    page = render_template(
        "applications/clock.html",
        view=view,
        case=view.case,
        is_supposed=supposed is not None,
        typed=typed,
        error=error,
        statuses=STATUS_TITLES,
        language=language(),
    )
    return page, 422 if error else 200


def _day(typed: str) -> tuple[date | None, str]:
    """The day that was typed, and what is wrong with it."""
    if not typed:
        return None, ""
    try:
        return date.fromisoformat(typed), ""
    except ValueError:
        return None, sentence_of(Reason("not_a_date"))

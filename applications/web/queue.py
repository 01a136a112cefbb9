"""The officer's queue: filters in the address, most urgent first."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from applications.batches import BATCH_ROLES, MOST
from applications.channels import CHANNEL_TITLES
from applications.queries.facets import facets_of
from applications.queries.filters import saved_filters
from applications.queries.queue import KINDS, filters_from, queue_choices, queue_lines
from applications.visibility import READING_ROLES
from applications.web.blueprint import blueprint
from applications.web.facets import facet_groups
from foundation.access import access, current_actor, roles
from foundation.database import db
from foundation.downloads import MOST_IN_AN_ANSWER

STAFF_WITH_CASES = roles(*READING_ROLES)
FILTERS = ("procedure", "state", "unit", "holder", "late", "kind", "q")


@blueprint.get("/queue")
@access(STAFF_WITH_CASES)
def queue() -> str | Response:
    """The cases that the reader's roles reach; the bare address leads to the filter to begin with."""
    session, actor = db.session(), current_actor()
    choices = queue_choices(session, actor=actor)
    saved = saved_filters(session, [unit.id for unit in choices.units], actor=actor)
    first = next((row for row in saved if row.is_first), None)
    if first is not None and not request.args:
        return redirect(url_for("applications.queue", **first.asked))
    asked = asked_for()
    filters = filters_from(asked, choices)
    found = facets_of(session, filters, choices, actor=actor)
    return render_template(
        "applications/queue.html",
        found=found,
        saved=saved,
        held_ids={str(held.id) for held, _ in found.holders} if found is not None else set(),
        groups=facet_groups(found, choices, asked, person_id=actor.person_id) if found is not None else [],
        person_id=actor.person_id,
        page=queue_lines(session, filters, actor=actor, cursor=request.args.get("after")),
        choices=choices,
        asked={name: value for name, value in asked.items() if value},
        kinds=KINDS,
        is_long=found is None or found.total > MOST_IN_AN_ANSWER,
        can_choose=actor.holds(*BATCH_ROLES),
        most=MOST,
        channels={code: str(title) for code, title in CHANNEL_TITLES.items()},
    )


def asked_for(source: Mapping[str, str] | None = None) -> dict[str, str]:
    """The filters in the address, or in a form, empty where none is named."""
    named = request.args if source is None else source
    return {name: named.get(name, "").strip() for name in FILTERS}

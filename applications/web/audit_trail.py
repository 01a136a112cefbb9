"""The search in the audit trail, for those who supervise."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import render_template, request

from applications.queries.audit_trail import SUPERVISING_ROLES, TrailFilters, archived_until, search_trail
from applications.web.blueprint import blueprint
from foundation.access import access, current_actor, roles
from foundation.audit import registered_actions, title_of
from foundation.database import db
from foundation.errors import Invalid

SUPERVISORS = roles(*SUPERVISING_ROLES)
FILTERS = ("stream", "action", "person", "since", "until")


@blueprint.get("/admin/audit")
@access(SUPERVISORS)
def audit_trail() -> str:
    """What happened, by whom and on what ground, newest first."""
    asked = asked_of_trail(request.args)
    session = db.session()
    page = search_trail(session, trail_filters(asked), actor=current_actor(), cursor=request.args.get("after"))
    return render_template(
        "applications/admin/audit.html",
        page=page,
        archived_until=archived_until(session, page),
        asked={name: value for name, value in asked.items() if value},
        actions=sorted((title_of(action), action) for action in registered_actions()),
        title_of=title_of,
        known=registered_actions(),
    )


def asked_of_trail(source: Mapping[str, str]) -> dict[str, str]:
    """The filters in an address, empty where none is named."""
    return {name: source.get(name, "").strip()[:200] for name in FILTERS}


def trail_filters(asked: dict[str, str]) -> TrailFilters:
    """What they ask. Raises Invalid for what cannot be chosen."""
    faults: dict[str, list[Any]] = {}
    if asked["action"] and asked["action"] not in registered_actions():
        faults["action"] = ["not_a_choice"]
    since, until = (_day(asked, name, faults) for name in ("since", "until"))
    if faults:
        raise Invalid(faults)
    return TrailFilters(asked["stream"], asked["action"], asked["person"], since, until)


def _day(asked: dict[str, str], name: str, faults: dict[str, list[Any]]) -> date | None:
    try:
        return date.fromisoformat(asked[name]) if asked[name] else None
    except ValueError:
        faults[name] = ["not_a_date"]
        return None

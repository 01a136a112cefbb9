"""The desk of those who run a park: its map, what is vacant, who waits, what lapses, what ends, what is owed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from foundation.access import access, current_actor
from foundation.database import db, now
from foundation.errors import NotFound
from foundation.workdays import local_date
from parks.indicatorrules import indicator_rules_on
from parks.models import Park
from parks.queries.parkdesk import lapsing, open_rounds, waiting
from parks.queries.reports import sight_of
from parks.queries.reportsheets import EXPIRING, Narrowing, Question, debtors, sheet_page
from parks.queries.sight import parks_in_sight
from parks.queries.spaces import present, tally
from parks.reportcharts import draw_forecast
from parks.reportfacts import indicator_facts
from parks.rules import may_run
from parks.tenancyrules import rules_on
from parks.web.blueprint import blueprint
from parks.web.leases import AGE_TITLES
from parks.web.names import CLAIM_TITLES
from parks.web.reports import READERS
from parks.web.spaces import WORDS

SHOWN, ALL = 6, 200
"""Rows of a section on the desk, and on its own page."""


@blueprint.get("/park-desk")
@access(READERS)
def park_desk() -> str | Response:
    """One park at a glance, each number with the rows behind it."""
    session, actor = db.session(), current_actor()
    parks = parks_in_sight(session, actor)
    if not parks:
        return redirect(url_for("parks.parks"))
    park = _chosen(parks)
    moment, on = present(), local_date(now())
    rules = indicator_rules_on(on)
    # what fell due long ago and was paid is no matter of the desk: only what is open is read
    asked = Question(actor, on, rules, park.code)
    sight = sight_of(session, actor, on, replace(rules, collection_months=0), park=park.code)
    return render_template(
        "parks/desk.html",
        parks=parks,
        park=park,
        on=on,
        facts=indicator_facts(sight, rules),
        tally=tally(session, [park.id], moment)[park.id],
        sections=_sections(park, SHOWN),
        expiring=sheet_page(session, asked, "rent-roll", Narrowing(state=EXPIRING), after=None, size=SHOWN),
        debtors=debtors(session, asked, SHOWN),
        forecast=draw_forecast(sight.forecast(rules.forecast_quarters)),
        ages=AGE_TITLES,
        months=rules_on(on).renewal_reminder_months,
        soon_days=rules.soon_days,
        most=SHOWN,
        claims=CLAIM_TITLES,
        may_run=may_run(actor, park.code),
        **WORDS,
    )


def _chosen(parks: list[Park]) -> Park:
    """The park that the address names, or the first. Raises NotFound where the reader sees no such park."""
    code = request.args.get("park", "")
    found = next((park for park in parks if park.code == code or not code), None)
    if found is None:
        raise NotFound
    return found


def _sections(park: Park, most: int) -> dict[str, Any]:
    session, actor, at = db.session(), current_actor(), now()
    days = timedelta(days=indicator_rules_on(local_date(at)).soon_days)
    return {
        "lapsing": lapsing(session, actor, [park], span=(at, at + days), most=most),
        "waiting": waiting(session, actor, [park], most),
        "rounds": open_rounds(session, [park], most),
    }


@blueprint.get("/park-desk/<section>")
@access(READERS)
def desk_section(section: str) -> str:
    """All rows of a section of the desk."""
    park = _chosen(parks_in_sight(db.session(), current_actor()))
    sections = _sections(park, ALL)
    if section not in sections:
        raise NotFound
    return render_template(
        "parks/desksection.html", park=park, section=section, found=sections[section], claims=CLAIM_TITLES
    )

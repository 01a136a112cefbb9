"""Deadlines in a calendar program of one's own: the secret address, and what it answers."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app, flash, make_response, redirect, render_template, url_for
from flask import session as cookie
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from applications.operations.feeds import close_feed, open_feed
from applications.queries.feeds import Deadline, deadlines_of, has_feed, reader_of_feed
from applications.web.blueprint import blueprint
from foundation.access import EVERYONE, SIGNED_IN, access, current_actor
from foundation.database import db, transaction
from foundation.wording import in_language

if TYPE_CHECKING:
    import icalendar

OPENED = "calendar_feed"
"""In the reader's own cookie, from opening the address to the page that shows it once."""
PRODUCT = "-//Khue Van//Deadlines//VI"
REFRESH = timedelta(hours=1)


@blueprint.get("/account/calendar")
@access(SIGNED_IN)
def calendar_feed() -> Response:
    """What the address is for; a new one, when it was opened just now."""
    secret = cookie.pop(OPENED, None)
    address = _address(secret) if secret else None
    feed = has_feed(db.session(), actor=current_actor())
    page = make_response(render_template("applications/calendar_feed.html", feed=feed, address=address))
    page.headers["Cache-Control"] = "no-store"
    return page


def _address(secret: str) -> str:
    site = current_app.config["KHUEVAN"].public_url
    return f"{site}{url_for('applications.deadlines_calendar', secret=secret)}"


@blueprint.post("/account/calendar")
@access(SIGNED_IN)
def open_calendar_feed() -> Response:
    """Open a new address; the one before ends."""
    with transaction(db.session()) as session:
        cookie[OPENED] = open_feed(session, actor=current_actor())
    return redirect(url_for("applications.calendar_feed"), 303)


@blueprint.post("/account/calendar/close")
@access(SIGNED_IN)
def close_calendar_feed() -> Response:
    """End the address."""
    with transaction(db.session()) as session:
        close_feed(session, actor=current_actor())
    flash(_("The address has ended: calendars get no dates from it any more."), "success")
    return redirect(url_for("applications.calendar_feed"), 303)


@blueprint.get("/calendar/<secret>.ics")
@access(EVERYONE)
def deadlines_calendar(secret: str) -> Response:
    """The deadlines of whoever has this address, in their language."""
    session = db.session()
    actor = reader_of_feed(session, secret)
    with force_locale(actor.locale):
        content = _calendar(deadlines_of(session, actor=actor), actor.locale)
    response = make_response(content.to_ical())
    response.mimetype = "text/calendar"
    response.headers["Cache-Control"] = "private, max-age=900"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _calendar(deadlines: Sequence[Deadline], language: str) -> "icalendar.Calendar":
    import icalendar  # noqa: PLC0415 - a hundred modules at each start, for what few ask for

    calendar = icalendar.Calendar.new(
        prodid=PRODUCT, name=_("Khuê Văn: deadlines"), language=language, refresh_interval=REFRESH
    )
    for deadline in deadlines:
        calendar.add_component(_event(deadline, language))
    return calendar


def _event(deadline: Deadline, language: str) -> "icalendar.Event":
    import icalendar  # noqa: PLC0415 - see above

    site: str = current_app.config["KHUEVAN"].public_url
    host = site.partition("://")[2].partition("/")[0].partition(":")[0]
    return icalendar.Event.new(
        uid=f"clock-{deadline.run}@{host}",
        start=deadline.on,
        end=deadline.on + timedelta(days=1),
        stamp=deadline.revised_at,
        last_modified=deadline.revised_at,
        summary=f"{in_language(deadline.clock, language)}: {deadline.title or deadline.code}",
        description=f"{in_language(deadline.procedure, language)}\n{deadline.code}",
        url=f"{site}{url_for('applications.dossier', key=deadline.key)}",
        transparency=icalendar.TRANSP.TRANSPARENT,
    )

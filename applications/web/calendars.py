"""Working calendars: the days that differ from their weekday, and where an administrator changes one."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from applications.forms.calendar import DayForm
from applications.web.blueprint import blueprint
from applications.web.wording import language
from foundation.access import access, current_actor, roles
from foundation.calendars import list_calendars, load_calendar, set_day
from foundation.database import db, now, transaction
from foundation.errors import NotFound
from foundation.workdays import Calendar, local_date

Answer = str | Response | tuple[str, int]
READERS = roles("administrator", "auditor", "intake_officer", "case_officer", "decision_drafter", "issuer")
ADMINISTRATORS = roles("administrator")


@blueprint.get("/admin/calendars")
@access(READERS)
def calendars() -> str:
    """The working calendars."""
    session = db.session()
    rows = [(row, load_calendar(session, row.code)) for row in list_calendars(session)]
    return render_template("applications/admin/calendars.html", rows=rows, year=local_date(now()).year)


@blueprint.get("/admin/calendars/<code>")
@access(READERS)
def calendar(code: str) -> str:
    """The listed days of one year."""
    return _page(code, None)


@blueprint.post("/admin/calendars/<code>")
@access(ADMINISTRATORS)
def change_day(code: str) -> Answer:
    """Declare a day off or working; open deadlines get their new dates at once."""
    form = DayForm()
    if not form.validate_on_submit():
        return _page(code, form), 422
    with transaction(db.session()) as session:
        set_day(session, code, form.day.data, form.rule(), actor=current_actor(), reason=form.reason.data)
    flash(_("The day is set, and open deadlines have their new dates."), "success")
    return redirect(url_for("applications.calendar", code=code, year=form.day.data.year), 303)


def _page(code: str, form: Any) -> str:
    session = db.session()
    row = next((row for row in list_calendars(session) if row.code == code), None)
    if row is None:
        raise NotFound
    known = load_calendar(session, code)
    years = sorted({day.year for day in known.days})
    year = request.args.get("year", local_date(now()).year, type=int)
    may_change = current_actor().has_role("administrator")
    return render_template(
        "applications/admin/calendar.html",
        row=row,
        days=_days(known, year),
        years=years,
        year=year,
        form=form or (DayForm(formdata=None) if may_change else None),
        language=language(),
    )


def _days(calendar: Calendar, year: int) -> list[tuple[date, Any]]:
    return sorted((day, rule) for day, rule in calendar.days.items() if day.year == year)

"""The deadline calculator: when a term of working days ends."""

from datetime import date
from typing import Any

from foundation.access import EVERYONE, access
from foundation.api import ApiBlueprint, said
from foundation.calendars import load_calendar
from foundation.database import db
from foundation.schemas import Day, Inner, Many, Shape, Text, Whole
from foundation.workdays import LONGEST_TERM

blueprint = ApiBlueprint(
    "api_calendars",
    __name__,
    tag="Calendars",
    description="Working days: holidays and swapped Saturdays as decreed each year.",
)


class Term(Shape):
    """A term in working days; its first day is the one after `start`."""

    start = Day(required=True, metadata={"examples": ["2026-11-20"]})
    working_days = Whole(is_text=True, required=True, lowest=1, highest=LONGEST_TERM, metadata={"examples": [15]})


class SkippedDay(Shape):
    """A day off within the term that is no ordinary weekend."""

    date = Day(required=True)
    reason = Text(required=True)


class DueDate(Shape):
    """When the term ends."""

    due = Day(required=True)
    skipped = Many(Inner(SkippedDay), required=True)


@blueprint.get("/calendars/<string:code>/due")
@access(EVERYONE)
@blueprint.arguments(Term, location="query")
@blueprint.response(200, DueDate, example={"due": "2026-12-14", "skipped": [{"date": "2026-11-24", "reason": "…"}]})
def read_due_date(term: dict[str, Any], code: str) -> dict[str, Any]:
    """Count working days from a day

    The day of the start is not counted (Civil Code, article 147). `skipped` lists the holidays within the term
    with their names in the language of the request.
    """
    calendar = load_calendar(db.session(), code)
    start: date = term["start"]
    due = calendar.add_working_days(start, term["working_days"])
    skipped = [{"date": day, "reason": said(listed.title)} for day, listed in calendar.skipped(start, due)]
    return {"due": due, "skipped": skipped}

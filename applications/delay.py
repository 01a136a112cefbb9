"""Whose days they were: each counted day of a term goes to who held the file when it ended; pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from applications.clock import Pause, counted_days
from foundation.workdays import Calendar, end_of_day

APPLICANT, UNIT = "applicant", "unit"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held a file: the applicant, or the unit, by the person in charge if there was one."""

    party: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """From when a file was with somebody, until the next holding begins."""

    holder: Holder
    since: datetime


def days_by_holder(
    start: date, until: date, holdings: Sequence[Holding], *, calendar: Calendar | None, pauses: Sequence[Pause] = ()
) -> Mapping[Holder, int]:
    """The days after ``start`` up to and including ``until``, split by who held the file at the end of each.

    Days that do not count (no working days of ``calendar``, or the clock stood still) go to nobody, so that the
    parts sum to :func:`applications.clock.used_days`. ``holdings`` are in order, and the first began in time.
    """
    days: Counter[Holder] = Counter()
    for day in counted_days(start, until, calendar=calendar, pauses=pauses):
        days[holder_at(holdings, end_of_day(day))] += 1
    return days


def holder_at(holdings: Sequence[Holding], at: datetime) -> Holder:
    """Who held the file at an instant; before the first holding, who held it first."""
    return next((holding.holder for holding in reversed(holdings) if holding.since <= at), holdings[0].holder)

"""Whose days they were: each counted day of a term goes to who held the file when the day or the term ended; pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

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


@dataclass(frozen=True, slots=True)
class Span:
    """The days after ``start`` up to and including ``until``; ``ended_at`` is when the term itself was over."""

    start: date
    until: date
    ended_at: datetime | None = None

    def last_instant_of(self, day: date) -> datetime:
        """The end of the day, or the moment before the term was over: what ended it also handed the file on."""
        end = end_of_day(day)
        return end if self.ended_at is None else min(end, self.ended_at - timedelta.resolution)


def days_by_holder(
    span: Span, holdings: Sequence[Holding], *, calendar: Calendar | None, pauses: Sequence[Pause] = ()
) -> Mapping[Holder, int]:
    """The days of a span, split by who held the file at the end of each, or when the term ended.

    Days that do not count (no working days of ``calendar``, or the clock stood still) go to nobody, so that the
    parts sum to :func:`applications.clock.used_days`. ``holdings`` are in order, and the first began in time.
    """
    days: Counter[Holder] = Counter()
    for day in counted_days(span.start, span.until, calendar=calendar, pauses=pauses):
        days[holder_at(holdings, span.last_instant_of(day))] += 1
    return days


def holder_at(holdings: Sequence[Holding], at: datetime) -> Holder:
    """Who held the file at an instant; before the first holding, who held it first."""
    return next((holding.holder for holding in reversed(holdings) if holding.since <= at), holdings[0].holder)

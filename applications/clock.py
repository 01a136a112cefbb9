"""The arithmetic of a legal clock: pure, over intervals that run or stand still."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from applications.packs.model import Length
from foundation.workdays import HANOI, Calendar, end_of_day, local_date

LONGEST_SEARCH = 40_000
"""Days looked at before giving up; more than a hundred years."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stood still; without an end it still does."""

    started_at: datetime
    ended_at: datetime | None


def counts_from(started_at: datetime, calendar: Calendar, cutoff: str | None) -> date:
    """The day that is not counted: the day of the start, or the next working day after the cut-off hour."""
    local = started_at.astimezone(HANOI)
    if cutoff is not None and local.time() > time.fromisoformat(cutoff):
        return calendar.next_working_day(local.date())
    return local.date()


def due_at(
    start: date, started_at: datetime, length: Length, *, calendar: Calendar, pauses: Sequence[Pause] = ()
) -> datetime | None:
    """The last instant of the term; ``None`` while the clock stands still.

    ``start`` is the day not counted (Civil Code art. 147). A working day or a calendar day counts when the
    clock runs at its end; months are lengthened by the days paused, hours by the exact time paused.
    """
    if any(pause.ended_at is None for pause in pauses):
        return None
    match length.unit:
        case "hours":
            paused = sum((_span(pause) for pause in pauses), timedelta())
            return started_at + timedelta(hours=length.amount) + paused
        case "months":
            stopped = sum(_nights(pause) for pause in pauses)
            return end_of_day(start + relativedelta(months=length.amount) + timedelta(days=stopped))
        case unit:
            return end_of_day(_count(start, length.amount, pauses, calendar if unit == "working_days" else None))


def put_off(promised: datetime, pause: Pause, calendar: Calendar) -> datetime:
    """A promised day after a pause that has ended: as many working days ahead as it was when the pause began."""
    day = local_date(pause.started_at) - timedelta(days=1)
    left = used_days(day, local_date(promised), calendar=calendar)
    return end_of_day(
        calendar.add_working_days(local_date(pause.ended_at or pause.started_at) - timedelta(days=1), left)
    )


def _span(pause: Pause) -> timedelta:
    return (pause.ended_at or pause.started_at) - pause.started_at


def _nights(pause: Pause) -> int:
    return (local_date(pause.ended_at or pause.started_at) - local_date(pause.started_at)).days


def _count(start: date, amount: int, pauses: Sequence[Pause], calendar: Calendar | None) -> date:
    day, left = start, amount
    for _ in range(LONGEST_SEARCH):
        day += timedelta(days=1)
        if (calendar is None or calendar.is_working(day)) and not _stands_still(day, pauses):
            left -= 1
            if left == 0:
                return day
    raise ValueError("the term does not end")


def used_days(start: date, until: date, *, calendar: Calendar | None, pauses: Sequence[Pause] = ()) -> int:
    """How many days of the term have been used up to and including ``until``: working days by a calendar."""
    return sum(1 for _ in counted_days(start, until, calendar=calendar, pauses=pauses))


def counted_days(
    start: date, until: date, *, calendar: Calendar | None, pauses: Sequence[Pause] = ()
) -> Iterator[date]:
    """The days of the term after ``start`` up to and including ``until``: working days, on which the clock ran."""
    for offset in range(1, (until - start).days + 1):
        day = start + timedelta(days=offset)
        if (calendar is None or calendar.is_working(day)) and not _stands_still(day, pauses):
            yield day


def _stands_still(day: date, pauses: Sequence[Pause]) -> bool:
    end = end_of_day(day)
    return any(pause.started_at <= end and (pause.ended_at is None or pause.ended_at > end) for pause in pauses)

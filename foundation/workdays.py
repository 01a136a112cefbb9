"""Working days: legal terms counted over holidays and swapped Saturdays, in Hanoi's local time."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from foundation.wording import Trilingual

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SATURDAY, SUNDAY = 5, 6
LONGEST_TERM = 10_000
"""Working days that a term may hold at most (about forty years), so that no input loops for long."""


@dataclass(frozen=True, slots=True)
class Day:
    """What is said of one date: off (a holiday) or on (a swapped Saturday), why, and by which act."""

    is_working: bool
    title: Trilingual
    source: str = ""
    is_confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of one place. ``weekend`` holds weekdays as Python numbers them (Monday is 0)."""

    code: str
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})
    days: Mapping[date, Day] = field(default_factory=dict)
    _listed: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.weekend < set(range(7)):
            raise ValueError("a weekend leaves at least one working weekday")
        object.__setattr__(self, "_listed", tuple(sorted(self.days)))

    def is_working(self, day: date) -> bool:
        listed = self.days.get(day)
        return day.weekday() not in self.weekend if listed is None else listed.is_working

    def next_working_day(self, day: date) -> date:
        """The first working day after ``day``."""
        return self.add_working_days(day, 1)

    def add_working_days(self, start: date, n: int) -> date:
        """The ``n``-th working day after ``start``, which itself is not counted (Civil Code art. 147).

        A negative ``n`` counts backwards; zero gives ``start`` itself, working or not.

        Raises:
            ValueError: ``n`` is beyond :data:`LONGEST_TERM`.
        """
        if abs(n) > LONGEST_TERM:
            raise ValueError(f"a term holds at most {LONGEST_TERM} working days")
        step = timedelta(days=1 if n > 0 else -1)
        day, left = start, abs(n)
        while left:
            day += step
            left -= self.is_working(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start`` and up to ``end``; negative when ``end`` comes first."""
        if end < start:
            return -self._working_days(end, start)
        return self._working_days(start + timedelta(days=1), end + timedelta(days=1))

    def _working_days(self, first: date, end: date) -> int:
        """How many working days lie from ``first`` up to, but without, ``end``: whole weeks at once."""
        weeks, rest = divmod((end - first).days, 7)
        count = weeks * (7 - len(self.weekend))
        count += sum((first.weekday() + offset) % 7 not in self.weekend for offset in range(rest))
        for day in self._listed[bisect_left(self._listed, first) : bisect_left(self._listed, end)]:
            count += self.days[day].is_working - (day.weekday() not in self.weekend)
        return count

    def skipped(self, start: date, due: date) -> list[tuple[date, Day]]:
        """The listed days off after ``start`` and up to ``due``, in order, without ordinary weekends."""
        return [(day, listed) for day in _days(start, due) if (listed := self._holiday(day))]

    def covers(self, day: date) -> bool:
        """Whether the holidays of that year are in the calendar; outside, only weekends are known."""
        return any(listed.year == day.year for listed in self.days)

    def _holiday(self, day: date) -> Day | None:
        listed = self.days.get(day)
        return listed if listed and not listed.is_working else None


def _days(after: date, until: date) -> Iterator[date]:
    for offset in range(1, (until - after).days + 1):
        yield after + timedelta(days=offset)


def local_date(instant: datetime) -> date:
    """The date in Hanoi at an instant. Raises ValueError for a time without zone."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(HANOI).date()


def start_of_day(day: date) -> datetime:
    """The first instant of a date in Hanoi."""
    return datetime.combine(day, time.min, tzinfo=HANOI)


def end_of_day(day: date) -> datetime:
    """The last whole second of a date in Hanoi: a term that is due on a day ends then."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=HANOI)

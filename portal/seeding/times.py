"""Instants and days of a dossier, moved to another week and hour of the day."""

import re
from datetime import date, datetime, timedelta

from foundation.workdays import local_date

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?[+-]\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def moved_instant(instant: datetime, weeks: int, offset: timedelta) -> datetime:
    """Whole weeks earlier, so that a working day stays one, and a while earlier on that day.

    What falls on the last second of a day in Hanoi ends a term, and keeps its second.
    """
    earlier = instant - timedelta(weeks=weeks)
    if (instant.minute, instant.second) == (59, 59):
        return earlier
    moved = earlier - offset
    return moved if local_date(moved) == local_date(earlier) else earlier


def moved_text(text: str, weeks: int, offset: timedelta) -> str:
    """An instant or a day as it is written in JSON, moved likewise and written alike."""
    if DAY.fullmatch(text):
        return (date.fromisoformat(text) - timedelta(weeks=weeks)).isoformat()
    moved = moved_instant(datetime.fromisoformat(text), weeks, offset)
    return moved.isoformat(timespec=_exactness(text))


def _exactness(text: str) -> str:
    behind_the_day = text[11:]
    if "." in behind_the_day:
        return "milliseconds"
    return "seconds" if behind_the_day.count(":") == 3 else "minutes"

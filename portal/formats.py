"""How money, days and instants read in each language; instants are shown in Hanoi's time."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from babel.dates import format_date, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask

from foundation.database import now
from foundation.speech import current_language
from foundation.workdays import HANOI

DAY_PATTERNS = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy", "fr": "d MMM yyyy"}
LONG_DAY_PATTERNS = {
    "vi": "EEEE, 'ngày' d 'tháng' M 'năm' yyyy",
    "en": "EEEE d MMMM yyyy",
    "fr": "EEEE d MMMM yyyy",
}
TIME_FIRST = frozenset({"vi"})
"""Languages that write the time of a moment before its day."""


def vnd(amount: int | None) -> str:
    """Whole đồng, grouped as the reader's language does."""
    return "" if amount is None else _written_vnd(amount, current_language())


@lru_cache(maxsize=8192)
def _written_vnd(amount: int, language: str) -> str:
    """A page of a fund holds hundreds, and the next reader asks for the same."""
    return str(format_currency(amount, "VND", locale=language))


def number(value: int | float | None) -> str:
    """A number, grouped as the reader's language does."""
    return "" if value is None else format_decimal(value, locale=current_language())


def day(value: date | datetime | None) -> str:
    """A calendar day; of an instant, the day it is in Hanoi."""
    return _day(value, DAY_PATTERNS)


def long_day(value: date | datetime | None) -> str:
    """A calendar day with its weekday, in words, as it stands within a sentence."""
    return _day(value, LONG_DAY_PATTERNS)


def _day(value: date | datetime | None, patterns: dict[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(HANOI).date()
    language = current_language()
    return _written_day(value, patterns[language], language)


@lru_cache(maxsize=4096)
def _written_day(value: date, pattern: str, language: str) -> str:
    """The same days stand on every page."""
    return format_date(value, pattern, locale=language)


def moment(value: datetime | None) -> str:
    """An instant to the minute, in Hanoi's time."""
    if value is None:
        return ""
    here, language = value.astimezone(HANOI), current_language()
    written, time = _written_day(here.date(), DAY_PATTERNS[language], language), here.strftime("%H:%M")
    return f"{time}, {written}" if language in TIME_FIRST else f"{written}, {time}"


def relative(value: datetime | None) -> str:
    """How long ago, or in how long, an instant lies."""
    if value is None:
        return ""
    distance = value - now()
    coarse = timedelta(hours=1) if abs(distance) > timedelta(days=2) else timedelta(minutes=1)
    return _written_distance(distance // coarse * coarse, current_language())


@lru_cache(maxsize=4096)
def _written_distance(distance: timedelta, language: str) -> str:
    return format_timedelta(distance, add_direction=True, locale=language)


def install(app: Flask) -> None:
    """Offer the formats to every template."""
    app.jinja_env.filters.update(vnd=vnd, number=number, day=day, long_day=long_day, moment=moment, relative=relative)

"""Facts that are kept with an event and later put into a sentence: plain for storage, spoken for a reader."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from foundation.money import format_vnd
from foundation.wording import DEFAULT_LANGUAGE, in_language
from foundation.workdays import HANOI

ISO_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
DAYS = {"vi": "dd/MM/yyyy", "en": "d MMMM yyyy", "fr": "d MMMM yyyy"}
MOMENTS = {"vi": "HH:mm 'ngày' dd/MM/yyyy", "en": "d MMMM yyyy, HH:mm", "fr": "d MMMM yyyy 'à' HH:mm"}


def plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as JSON holds them: days and instants as text.

    Raises:
        TypeError: something is not JSON.
    """
    kept: dict[str, Any] = orjson.loads(orjson.dumps(dict(facts)))
    return kept


def spoken(facts: Mapping[str, Any], language: str) -> dict[str, str]:
    """Each fact as a reader sees it.

    The name tells the kind: ``_on`` is a day, ``_at`` an instant, ``_vnd`` money, ``_m2`` an area; ISO text of
    a day is one under any name. Of text in three languages, the reader gets theirs.
    """
    return {name: _say(name, value, language) for name, value in facts.items()}


def _say(name: str, value: Any, language: str) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, Mapping):
        return in_language(value, language)
    if name.endswith("_vnd"):
        return format_vnd(int(value), language)
    if name.endswith("_m2"):
        return area_in_words(Decimal(value), language)
    if name.endswith("_on"):
        return day_in_words(value if isinstance(value, date) else date.fromisoformat(value), language)
    if name.endswith("_at"):
        return moment_in_words(value if isinstance(value, datetime) else _instant(value), language)
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return day_in_words(date.fromisoformat(value), language)
    return str(value)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def area_in_words(square_metres: Decimal, language: str) -> str:
    """An area with its unit, without empty decimals."""
    return f"{format_decimal(square_metres, '#,##0.##', locale=language)} m²"


def day_in_words(day: date, language: str) -> str:
    return format_date(day, DAYS.get(language, DAYS[DEFAULT_LANGUAGE]), locale=language)


def moment_in_words(instant: datetime, language: str) -> str:
    """An instant to the minute, in Hanoi's time."""
    pattern = MOMENTS.get(language, MOMENTS[DEFAULT_LANGUAGE])
    return format_datetime(instant, pattern, tzinfo=HANOI, locale=language)

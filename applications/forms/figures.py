"""How people write numbers, amounts and days, and how these are shown to them."""

import re
from datetime import date
from typing import Any

from babel.dates import format_date

DAY_PATTERNS = {"vi": "dd/MM/yyyy", "en": "d MMM yyyy", "fr": "d MMM yyyy"}
CURRENCY = re.compile(r"(đồng|vnđ|vnd|đ|₫)\.?$", re.IGNORECASE)
SPACES = re.compile(r"[\s\u00a0\u202f'’_]+")
PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
GROUPED_FROM = 5
"""Numbers of fewer digits are shown without a separator, so that a year stays a year."""
GROUP_MARKS = {"vi": ".", "en": ",", "fr": "\u202f"}
DECIMAL_MARKS = {"vi": ",", "en": ".", "fr": ","}


def plain_number(text: str, language: str, *, is_whole: bool) -> str:
    """A number as programs write it, from the way people write it; what is no number comes back unchanged.

    "1.000.000", "1 000 000", "1,5" and "2.000 đồng" are understood. A single separator before three digits
    groups in whole numbers; elsewhere the language decides: comma in vi and fr, point in en marks decimals.
    """
    bare = SPACES.sub("", CURRENCY.sub("", text.strip()))
    mark = _decimal_mark(bare, language, is_whole=is_whole)
    for separator in ".,":
        if separator != mark:
            if separator in bare and not _groups_well(bare.split(mark)[0] if mark else bare, separator):
                return text.strip()
            bare = bare.replace(separator, "")
    bare = bare.replace(mark, ".") if mark else bare
    return bare if PLAIN.fullmatch(bare) else text.strip()


def _decimal_mark(bare: str, language: str, *, is_whole: bool) -> str:
    """Which of point and comma marks the decimals in this number; empty when neither does."""
    there = sorted((mark for mark in ".," if mark in bare), key=bare.rindex)
    if len(there) == 2:
        return there[1] if bare.count(there[1]) == 1 else ""
    if not there or bare.count(there[0]) > 1:
        return ""
    head, tail = bare.split(there[0])
    if len(tail) != 3 or head.lstrip("+-") in ("", "0"):
        return there[0]
    return "" if is_whole or there[0] == GROUP_MARKS[language] else there[0]


def _groups_well(whole: str, separator: str) -> bool:
    head, *groups = whole.lstrip("+-").split(separator)
    return 1 <= len(head) <= 3 and all(len(group) == 3 for group in groups)


def shown_number(value: Any, language: str, *, is_grouped: bool = True) -> str:
    """A stored number in the reader's way of writing, to the last digit; what is no number is shown as typed."""
    text = str(value)
    if isinstance(value, bool) or not PLAIN.fullmatch(text):
        return text
    whole, point, decimals = text.partition(".")
    digits = whole.lstrip("+-")
    if is_grouped and len(digits) >= GROUPED_FROM:
        whole = whole[: -len(digits)] + _grouped(digits, GROUP_MARKS[language])
    return whole + (DECIMAL_MARKS[language] if point else "") + decimals


def _grouped(digits: str, mark: str) -> str:
    first = len(digits) % 3 or 3
    return mark.join([digits[:first], *(digits[at : at + 3] for at in range(first, len(digits), 3))])


def iso_day(text: str) -> str:
    """A day in ISO form from "31/12/2026"; anything else comes back unchanged."""
    text = text.strip()
    match = DAY_FIRST.fullmatch(text)
    if match is None:
        return text
    try:
        return date(int(match[3]), int(match[2]), int(match[1])).isoformat()
    except ValueError:
        return text


def is_iso_day(value: Any) -> bool:
    """Whether a native date input can show this value."""
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def shown_day(value: Any, language: str) -> str:
    """A stored day in the reader's way of writing; what is no day is shown as it was typed."""
    if not is_iso_day(value):
        return str(value)
    return format_date(date.fromisoformat(value), DAY_PATTERNS[language], locale=language)

"""Numbers and days as people type or paste them, and as they read them."""

import re
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal

from foundation.decimals import NotADecimal, parse_decimal
from foundation.money import NotAnAmount, parse_vnd

SPACES = re.compile(r"[ \u00a0\u202f]")
UNIT = re.compile(r"(?:đồng|đ|₫|vnd|vnđ|%)$", re.IGNORECASE)
DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
GROUPING = {"vi": ".", "en": ",", "fr": "."}
"""The mark that groups thousands where one mark stands before exactly three digits."""


def plain_number(text: str, language: str) -> str:
    """``1.234,5`` as ``1234.5``; what is no number stays as it is."""
    words = UNIT.sub("", SPACES.sub("", text.strip().replace("−", "-")))
    marks = [mark for mark in words if mark in ".,"]
    if not marks:
        return words
    decimal = _decimal_mark(words, marks, language)
    whole, _, fraction = words.rpartition(decimal) if decimal else (words, "", "")
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and any(len(group) != 3 for group in groups[1:]):
        return text.strip()
    return "".join(groups) + (f".{fraction}" if decimal else "")


def _decimal_mark(words: str, marks: list[str], language: str) -> str:
    """The mark before the decimals; empty when there are none."""
    last = marks[-1]
    if len(set(marks)) > 1:
        return last
    if len(marks) > 1:
        return ""
    before, _, after = words.partition(last)
    is_group = len(after) == 3 and before.lstrip("+-") not in ("", "0") and GROUPING[language] == last
    return "" if is_group else last


def plain_amount(text: str) -> str:
    """Whole đồng as digits; what is no amount stays as it is."""
    try:
        return str(parse_vnd(text, may_be_negative=True))
    except NotAnAmount:
        return text.strip()


def plain_percent(text: str, language: str) -> str:
    """``8`` or ``8 %`` as ``0.08``."""
    number = plain_number(text, language)
    try:
        return f"{parse_decimal(number) / 100:f}"
    except NotADecimal:
        return number


def plain_day(text: str) -> str:
    """A day in ISO form, from that or from day, month and year; what is no day stays as it is."""
    found = DAY_FIRST.fullmatch(text.strip())
    return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else text.strip()


def is_day(text: str) -> bool:
    """Whether this is a day that a date input can show."""
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def spoken_number(text: str, language: str) -> str:
    """A plain number as the language writes it; anything else as it is."""
    try:
        number = parse_decimal(text)
    except NotADecimal:
        return text
    return str(format_decimal(number, locale=language, decimal_quantization=False))


def spoken_percent(text: str, language: str) -> str:
    """A plain fraction as the per cent that stand in the field."""
    try:
        number = parse_decimal(text) * Decimal(100)
    except NotADecimal:
        return text
    return str(format_decimal(number.normalize(), locale=language, decimal_quantization=False))

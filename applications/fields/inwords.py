"""An answer in words, for letters and print: choices by their label, days, amounts and wards as people read them."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from accounts.models.places import ward_title
from accounts.places import ward_facts
from applications.packs.conditions import is_answered
from applications.packs.model import FieldSpec
from foundation.money import format_number, format_vnd
from foundation.wording import LANGUAGES, Trilingual, in_language

YES_NO: Mapping[bool, Trilingual] = {
    True: {"vi": "Có", "en": "Yes", "fr": "Oui"},
    False: {"vi": "Không", "en": "No", "fr": "Non"},
}
DECIMAL_MARKS = {"vi": ",", "en": ".", "fr": ","}

Words = Callable[[FieldSpec, Any, str], str]


def in_words(spec: FieldSpec, value: Any, language: str) -> str:
    """A sound answer as text; nothing for an open question. Tables, files and people have no words here."""
    if not is_answered(value) or spec.type not in _WORDS:
        return ""
    return _WORDS[spec.type](spec, value, language)


def in_all_languages(spec: FieldSpec, value: Any) -> dict[str, str]:
    """The answer in words, in each language of the product."""
    return {language: in_words(spec, value, language) for language in LANGUAGES}


def table_in_all_languages(spec: FieldSpec, rows: list[Mapping[str, Any]]) -> dict[str, Any]:
    """A table's answer in words: the labels of its columns and, row by row, its cells."""
    return {
        "columns": [dict(column.label) for column in spec.columns],
        "rows": [[in_all_languages(column, row.get(column.key)) for column in spec.columns] for row in rows],
    }


def day_in_words(day: str, language: str) -> str:
    """A day given as ISO text, in figures."""
    return date.fromisoformat(day).strftime("%d/%m/%Y")


def _text(spec: FieldSpec, value: Any, language: str) -> str:
    return str(value)


def _number(spec: FieldSpec, value: Any, language: str) -> str:
    whole, _, decimals = str(value).partition(".")
    text = format_number(int(whole), language)
    if decimals:
        text = f"{text}{DECIMAL_MARKS[language]}{decimals}"
    unit = in_language(spec.limits.get("unit"), language)
    return f"{text} {unit}" if unit else text


def _money(spec: FieldSpec, value: Any, language: str) -> str:
    return format_vnd(value, language)


def _day(spec: FieldSpec, value: Any, language: str) -> str:
    return day_in_words(value, language)


def _period(spec: FieldSpec, value: Any, language: str) -> str:
    return " – ".join(day_in_words(value[end], language) if end in value else "…" for end in ("from", "to"))


def _choice(spec: FieldSpec, value: Any, language: str) -> str:
    return next((in_language(choice.label, language) for choice in spec.choices if choice.value == value), "")


def _choices(spec: FieldSpec, value: Any, language: str) -> str:
    return "; ".join(_choice(spec, item, language) for item in value)


def _yes_no(spec: FieldSpec, value: Any, language: str) -> str:
    return YES_NO[value][language]


def _ward(spec: FieldSpec, value: Any, language: str) -> str:
    facts = _wards().get(value)
    return str(value) if facts is None else ward_title(facts, language)


@cache
def _wards() -> dict[str, Mapping[str, Any]]:
    return {facts["code"]: facts for facts in ward_facts()}


_WORDS: Mapping[str, Words] = {
    "text": _text,
    "long_text": _text,
    "number": _number,
    "money": _money,
    "date": _day,
    "period": _period,
    "choice": _choice,
    "choices": _choices,
    "part": _choice,
    "yes_no": _yes_no,
    "declaration": _yes_no,
    "ward": _ward,
}

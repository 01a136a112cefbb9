"""The wards and communes as a reader chooses and reads them."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from flask_babel import lazy_gettext

from accounts.places import ward_facts

WardGroup = tuple[Any, Sequence[tuple[str, str]]]
"""A heading, and code and name of the wards below it."""

WARDS = lazy_gettext("Wards")
COMMUNES = lazy_gettext("Communes")


@cache
def ward_groups(language: str) -> tuple[WardGroup, ...]:
    """The wards, then the communes, each by name."""
    wards = [facts for facts in ward_facts() if _is_ward(facts)]
    communes = [facts for facts in ward_facts() if not _is_ward(facts)]
    return ((WARDS, _options(wards, language)), (COMMUNES, _options(communes, language)))


def _is_ward(facts: Mapping[str, Any]) -> bool:
    return str(facts["full_name"]).startswith("Phường")


def _options(rows: Sequence[Mapping[str, Any]], language: str) -> tuple[tuple[str, str], ...]:
    ordered = sorted(rows, key=lambda facts: _folded(facts["name"]))
    return tuple((facts["code"], _name(facts, language)) for facts in ordered)


def _folded(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return bare.replace("đ", "d")


def _name(facts: Mapping[str, Any], language: str) -> str:
    return str(facts["full_name_en"] if language == "en" else facts["full_name"])


@cache
def _names(language: str) -> dict[str, str]:
    return {facts["code"]: _name(facts, language) for facts in ward_facts()}


def ward_name(code: Any, language: str) -> str:
    """The full name of a ward; an unknown code is shown as it is."""
    return _names(language).get(code, str(code)) if isinstance(code, str) else str(code)

"""The wards and communes as a reader chooses and reads them."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from flask_babel import lazy_gettext

from accounts.models.places import ward_title
from accounts.places import ward_facts
from foundation.searchtext import fold

WardGroup = tuple[Any, Sequence[tuple[str, str]]]
"""A heading, and code and name of the wards below it."""

WARDS = lazy_gettext("Wards")
COMMUNES = lazy_gettext("Communes")

KINDS = frozenset({"p", "phuong", "x", "xa"})
"""How a ward or commune begins, written out or short."""


@cache
def ward_groups(language: str) -> tuple[WardGroup, ...]:
    """The wards, then the communes, each by name."""
    wards = [facts for facts in ward_facts() if _is_ward(facts)]
    communes = [facts for facts in ward_facts() if not _is_ward(facts)]
    return ((WARDS, _options(wards, language)), (COMMUNES, _options(communes, language)))


def _is_ward(facts: Mapping[str, Any]) -> bool:
    return str(facts["full_name"]).startswith("Phường")


def _options(rows: Sequence[Mapping[str, Any]], language: str) -> tuple[tuple[str, str], ...]:
    ordered = sorted(rows, key=lambda facts: fold(facts["name"]))
    return tuple((facts["code"], ward_title(facts, language)) for facts in ordered)


@cache
def _names(language: str) -> dict[str, str]:
    return {facts["code"]: ward_title(facts, language) for facts in ward_facts()}


def ward_name(code: Any, language: str) -> str:
    """The full name of a ward; an unknown code is shown as it is."""
    return _names(language).get(code, str(code)) if isinstance(code, str) else str(code)


@cache
def _codes_by_name() -> dict[str, str]:
    """Codes by the ways to write a ward without marks; a short name that two of them bear is left out."""
    found: dict[str, set[str]] = {}
    for facts in ward_facts():
        for name in (facts["code"], facts["name"], facts["name_en"], facts["full_name"], facts["full_name_en"]):
            found.setdefault(fold(name), set()).add(facts["code"])
    return {name: codes.pop() for name, codes in found.items() if len(codes) == 1}


def ward_named(text: str) -> str:
    """The code of the ward that is written so, with or without marks or its kind; empty when none is, or two are."""
    words = fold(text).split()
    known = _codes_by_name()
    bare = " ".join(words[1:]) if words and words[0] in KINDS else ""
    return known.get(" ".join(words)) or known.get(bare) or ""

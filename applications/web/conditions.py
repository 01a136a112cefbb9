"""Conditions of a pack as people read them."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from applications.forms.display import shown_answer
from applications.packs.conditions import Condition
from applications.packs.model import Pack
from foundation.wording import in_language


def condition_words(condition: Condition, pack: Pack, language: str) -> str:
    """The condition in words: “Regime” is “Artificial intelligence”, or …"""
    return _words(condition, pack, language, is_inner=False)


def _words(condition: Condition, pack: Pack, language: str, *, is_inner: bool) -> str:
    if condition.field is not None:
        return _test_words(condition, pack, language)
    if condition.operator == "not":
        return str(gettext("not (%(condition)s)", condition=_words(condition.parts[0], pack, language, is_inner=False)))
    parts = [_words(part, pack, language, is_inner=True) for part in condition.parts]
    text = str(gettext(" and ") if condition.operator == "all" else gettext(" or ")).join(parts)
    return f"({text})" if is_inner and len(parts) > 1 else text


def _test_words(condition: Condition, pack: Pack, language: str) -> str:
    spec = pack.field_by_key[condition.field or ""]
    title = in_language(spec.label, language)
    if condition.operator == "answered":
        words = gettext("“%(field)s” is answered") if condition.operand else gettext("“%(field)s” is not answered")
        return str(words) % {"field": title}
    operands = condition.operand if isinstance(condition.operand, list | tuple) else [condition.operand]
    value = str(gettext(" or ")).join(f"“{shown_answer(spec, operand, language)}”" for operand in operands)
    return str(_TESTS[condition.operator]()) % {"field": title, "value": value}


_TESTS: Mapping[str, Callable[[], Any]] = {
    "is": lambda: gettext("“%(field)s” is %(value)s"),
    "in": lambda: gettext("“%(field)s” is %(value)s"),
    "has": lambda: gettext("“%(field)s” includes %(value)s"),
    "at_least": lambda: gettext("“%(field)s” is at least %(value)s"),
    "at_most": lambda: gettext("“%(field)s” is at most %(value)s"),
}

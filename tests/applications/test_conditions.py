"""Conditions on answers, and rules combined with ``& | ~``."""

from typing import Any

import pytest

from applications.packs.conditions import Condition
from applications.packs.expressions import Expression, ExpressionError

ANSWERS: dict[str, Any] = {
    "regime": "ai",
    "kinds": ["product", "service"],
    "users": 500,
    "share": "12.5",
    "open": False,
}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"field": "regime", "is": "ai"}, True),
        ({"field": "regime", "is": "data"}, False),
        ({"field": "open", "is": False}, True),
        ({"field": "regime", "in": ["data", "ai"]}, True),
        ({"field": "kinds", "has": "service"}, True),
        ({"field": "kinds", "has": "process"}, False),
        ({"field": "kinds", "answered": True}, True),
        ({"field": "missing", "answered": False}, True),
        ({"field": "missing", "is": None}, False),
        ({"field": "users", "at_least": 500}, True),
        ({"field": "users", "at_least": 501}, False),
        ({"field": "share", "at_most": 12.5}, True),
        ({"field": "regime", "at_most": 3}, False),
        ({"all": [{"field": "regime", "is": "ai"}, {"field": "users", "at_most": 10}]}, False),
        ({"any": [{"field": "regime", "is": "ai"}, {"field": "users", "at_most": 10}]}, True),
        ({"not": {"field": "regime", "is": "ai"}}, False),
        ({"not": {"field": "missing", "is": "x"}}, True),
    ],
)
def test_a_condition_reads_the_answers(data: dict[str, Any], expected: bool) -> None:
    assert Condition.parse(data).holds(ANSWERS) is expected


def test_a_condition_knows_what_it_reads() -> None:
    condition = Condition.parse({"all": [{"field": "a", "is": 1}, {"not": {"any": [{"field": "b", "has": 2}]}}]})

    assert list(condition.fields()) == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "true", "expected"),
    [
        ("officer", {"officer"}, True),
        ("officer & ~conflicted", {"officer"}, True),
        ("officer & ~conflicted", {"officer", "conflicted"}, False),
        ("(intake | officer) & ~conflicted", {"intake"}, True),
        ("intake | officer & ~conflicted", {"intake", "conflicted"}, True),
        ("holder", set(), False),
    ],
)
def test_rules_combine(text: str, true: set[str], expected: bool) -> None:
    assert Expression.parse(text).holds(true.__contains__) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a +",
        "a + b",
        "a()",
        "a.b",
        "1",
        "a and b",
        "not a",
        "[a]",
        "__import__('os')",
        "lambda: a",
        "a if b else c",
    ],
)
def test_nothing_but_names_and_their_combination_is_a_rule(text: str) -> None:
    with pytest.raises(ExpressionError):
        Expression.parse(text)

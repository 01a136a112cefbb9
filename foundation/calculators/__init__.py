"""Calculators that anybody may use: a page and an endpoint give the same answer, and nothing is kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from foundation.calculators.sheet import Questions
from foundation.schemas import Shape


@dataclass(frozen=True, slots=True)
class Calculator:
    """A page: its questions, the shape in which programs send them, and arguments of an example."""

    code: str
    title: Any
    lead: Any
    icon: str
    questions: Questions
    example: Mapping[str, Any]


def _no_facts(today: date) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class PublicCalculator:
    """A page with what answers it; ``facts`` of the day stand beside the answer in its template."""

    page: Calculator
    question: type[Shape]
    answer: Callable[[Mapping[str, Any], date], dict[str, Any]]
    template: str
    facts: Callable[[date], Mapping[str, Any]] = _no_facts

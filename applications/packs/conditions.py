"""Conditions on answers: when a question, a document or a deadline applies."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

Answers = Mapping[str, Any]

OPERATORS = ("is", "in", "has", "answered", "at_least", "at_most")


def is_answered(value: Any) -> bool:
    """Whether a stored answer says anything; ``False`` and ``0`` do."""
    return value not in (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Condition:
    """Either a test of one field, or a combination. ``operator`` is one of OPERATORS, all, any or not."""

    operator: str
    field: str | None = None
    operand: Any = None
    parts: tuple["Condition", ...] = ()

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> "Condition":
        """From a pack: ``{field: ai_level, in: [l1, l2]}``, ``{all: […]}``, ``{any: […]}``, ``{not: …}``."""
        for combination in ("all", "any"):
            if combination in data:
                return cls(combination, parts=tuple(cls.parse(part) for part in data[combination]))
        if "not" in data:
            return cls("not", parts=(cls.parse(data["not"]),))
        operator = next(name for name in OPERATORS if name in data)
        return cls(operator, field=data["field"], operand=data[operator])

    def data(self) -> dict[str, Any]:
        """The condition as a pack writes it."""
        if self.operator in ("all", "any"):
            return {self.operator: [part.data() for part in self.parts]}
        if self.operator == "not":
            return {"not": self.parts[0].data()}
        return {"field": self.field, self.operator: self.operand}

    def fields(self) -> Iterator[str]:
        """The fields that the condition reads."""
        if self.field is not None:
            yield self.field
        for part in self.parts:
            yield from part.fields()

    def holds(self, answers: Answers) -> bool:
        """Whether the condition is true of these answers; an open question makes a test false."""
        if self.operator == "all":
            return all(part.holds(answers) for part in self.parts)
        if self.operator == "any":
            return any(part.holds(answers) for part in self.parts)
        if self.operator == "not":
            return not self.parts[0].holds(answers)
        return self._test(answers.get(self.field or ""))

    def _test(self, value: Any) -> bool:
        if self.operator == "answered":
            return is_answered(value) is self.operand
        if not is_answered(value):
            return False
        if self.operator == "is":
            return bool(value == self.operand)
        if self.operator == "in":
            return value in self.operand
        if self.operator == "has":
            return self.operand in value
        return _compare(self.operator, value, self.operand)


def _compare(operator: str, value: Any, bound: Any) -> bool:
    try:
        number, limit = Decimal(str(value)), Decimal(str(bound))
    except InvalidOperation:
        return False
    return number >= limit if operator == "at_least" else number <= limit

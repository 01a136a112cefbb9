"""Conditions in the form that the page's script reads, to show and hide questions at once."""

import json
from typing import Any

from applications.packs.conditions import Condition


def condition_data(condition: Condition) -> dict[str, Any]:
    """The condition as plain data: ``op`` with ``field`` and ``value``, or with ``parts``."""
    if condition.field is not None:
        return {"op": condition.operator, "field": condition.field, "value": condition.operand}
    return {"op": condition.operator, "parts": [condition_data(part) for part in condition.parts]}


def condition_text(condition: Condition | None) -> str:
    """The same as JSON for a data attribute; empty when the question always applies."""
    return "" if condition is None else json.dumps(condition_data(condition), ensure_ascii=False)

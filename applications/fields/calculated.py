"""Answers that nobody types: sums and counts over tables, lengths of periods, kept up to date with every save."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta

from applications.packs.conditions import is_answered
from applications.packs.model import FieldSpec

Rule = Callable[[Mapping[str, Any], str, FieldSpec], Any]


def calculated_answers(specs: Iterable[FieldSpec], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of these calculated questions, by key; ``None`` while there is nothing to calculate from."""
    return {spec.key: _calculated(spec, answers) for spec in specs}


def _calculated(spec: FieldSpec, answers: Mapping[str, Any]) -> Any:
    ((rule, place),) = (spec.calculated or {}).items()
    return RULES[rule](answers, place, spec)


def _sum(answers: Mapping[str, Any], place: str, spec: FieldSpec) -> int | str | None:
    table, _, column = place.partition(".")
    cells = [row[column] for row in answers.get(table) or [] if is_answered(row.get(column))]
    if not cells:
        return None
    total = sum((Decimal(cell) for cell in cells), Decimal(0))
    return format(total, "f") if spec.limits.get("decimals") else int(total)


def _count(answers: Mapping[str, Any], place: str, spec: FieldSpec) -> int | None:
    return len(answers.get(place) or []) or None


def _days(answers: Mapping[str, Any], place: str, spec: FieldSpec) -> int | None:
    ends = _ends(answers.get(place))
    return None if ends is None else (ends[1] - ends[0]).days + 1


def _months(answers: Mapping[str, Any], place: str, spec: FieldSpec) -> int | None:
    """Months begun: from the 4th of January to the 3rd of February is one."""
    ends = _ends(answers.get(place))
    if ends is None:
        return None
    passed = relativedelta(ends[1] + timedelta(days=1), ends[0])
    return passed.years * 12 + passed.months + bool(passed.days)


def _ends(period: Mapping[str, str] | None) -> tuple[date, date] | None:
    if not period or set(period) != {"from", "to"}:
        return None
    return date.fromisoformat(period["from"]), date.fromisoformat(period["to"])


RULES: Mapping[str, Rule] = {"sum": _sum, "count": _count, "days": _days, "months": _months}
"""By name, as packs write them: ``calculated: {sum: costs.amount}``."""

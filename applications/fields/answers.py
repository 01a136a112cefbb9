"""Answers to a set of questions: which apply, which are sound, what is still missing."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from applications.fields.types import Faults, Setting, Unsound, field_type
from applications.packs.conditions import is_answered
from applications.packs.model import FieldSpec, Section
from foundation.errors import Reason


def visible_fields(sections: Iterable[Section], answers: Mapping[str, Any]) -> Iterator[tuple[Section, FieldSpec]]:
    """The questions that apply, given the answers so far."""
    for section in sections:
        if section.when is not None and not section.when.holds(answers):
            continue
        for spec in section.fields:
            if spec.when is None or spec.when.holds(answers):
                yield section, spec


def check_answers(
    specs: Iterable[FieldSpec], answers: Mapping[str, Any], setting: Setting
) -> tuple[dict[str, Any], Faults]:
    """The sound answers in their stored form, and the faults of the others by path (``table.0.column``).

    ``None`` takes an answer back. Unknown keys are faults: nothing is dropped silently.
    """
    known = {spec.key: spec for spec in specs}
    cleaned: dict[str, Any] = {}
    faults: Faults = {key: [Reason("no_such_field")] for key in answers if key not in known}
    for key, spec in known.items():
        if key not in answers:
            continue
        try:
            value = answers[key]
            cleaned[key] = None if value is None else field_type(spec).clean(value, spec, setting)
        except Unsound as unsound:
            faults |= {f"{key}.{path}" if path else key: found for path, found in unsound.faults.items()}
    return cleaned, faults


def completeness_faults(specs: Iterable[FieldSpec], answers: Mapping[str, Any], prefix: str = "") -> Faults:
    """What a complete dossier still needs, by path. ``specs`` are the questions that apply."""
    faults: Faults = {}
    for spec in specs:
        value = answers.get(spec.key)
        path = f"{prefix}{spec.key}"
        if spec.required and not is_answered(value):
            faults[path] = [Reason("required")]
        elif value is not True and spec.required and spec.limits.get("must_accept", spec.type == "declaration"):
            faults[path] = [Reason("must_be_declared")]
        elif spec.type == "period" and value and set(value) != {"from", "to"}:
            faults[path] = [Reason("period_is_open")]
        elif spec.type == "table":
            faults |= _table_faults(spec, value or [], path)
    return faults


def _table_faults(spec: FieldSpec, rows: list[Mapping[str, Any]], path: str) -> Faults:
    faults: Faults = {}
    least = spec.limits.get("min_rows", 0)
    if rows and len(rows) < least:
        faults[path] = [Reason("too_few_rows", {"limit": least})]
    for number, row in enumerate(rows):
        applying = [column for column in spec.columns if column.when is None or column.when.holds(row)]
        faults |= completeness_faults(applying, row, prefix=f"{path}.{number}.")
    return faults

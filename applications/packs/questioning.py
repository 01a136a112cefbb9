"""Checks on what a pack asks: questions that are whole, conditions that read them, answers that effects need."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from applications.competence import PARAMETER as OTHER_AUTHORITIES
from applications.packs.conditions import Condition
from applications.packs.model import INTERNAL, FieldSpec, Pack, Step
from applications.registry import NEEDED_ANSWERS

NEEDS_CHOICES = {"choice", "choices", "part"}
LIMITS_OF: Mapping[str, Collection[str]] = {
    "text": ("max_length", "min_length", "pattern"),
    "long_text": ("max_length", "min_length"),
    "number": ("minimum", "maximum", "decimals", "unit"),
    "money": ("minimum", "maximum"),
    "date": ("earliest", "latest"),
    "period": ("earliest", "latest", "max_months"),
    "choices": ("max_choices",),
    "table": ("min_rows", "max_rows"),
    "file": ("accept", "max_mb"),
    "person": ("role",),
    "yes_no": ("must_accept",),
    "declaration": ("must_accept",),
}
"""The limits that mean something for each kind of question; the other kinds have none."""

NEW_DATE = {"new_due_on": "date"}
"""What a step that re-appoints a clock must ask."""


def fields_are_whole(pack: Pack) -> Iterator[str]:
    """Choices, columns and limits stand where they mean something."""
    for section in pack.sections:
        for spec in section.fields:
            yield from _field_faults(spec, f"form.{section.key}.{spec.key}")
            if any(asked.type == "part" for asked in (spec, *spec.columns)):
                yield f"form.{section.key}.{spec.key}: only a step asks for parts of the dossier"
    for step in pack.steps:
        if (
            sum(spec.type == "table" and any(column.type == "part" for column in spec.columns) for spec in step.asks)
            > 1
        ):
            yield f"steps.{step.key}.asks: parts of the dossier are marked in one table"
        for spec in step.asks:
            if spec.type == "part":
                yield f"steps.{step.key}.asks.{spec.key}: a part is a column of a table"
            yield from _field_faults(spec, f"steps.{step.key}.asks.{spec.key}")


def _field_faults(spec: FieldSpec, place: str) -> Iterator[str]:
    if (spec.type in NEEDS_CHOICES) != bool(spec.choices):
        yield f"{place}: choices belong to choice fields, which need them"
    if (spec.type == "table") != bool(spec.columns):
        yield f"{place}: columns belong to tables, which need them"
    yield from (f"{place}: {fault}" for fault in _limit_faults(spec))
    for column in spec.columns:
        if column.type in {"table", "file", "declaration"}:
            yield f"{place}.{column.key}: a {column.type} cannot be a column"
        yield from _field_faults(column, f"{place}.{column.key}")


def _limit_faults(spec: FieldSpec) -> Iterator[str]:
    for name, value in spec.limits.items():
        if name not in LIMITS_OF.get(spec.type, ()):
            yield f"{name} means nothing for a {spec.type}"
        elif name == "pattern" and not _is_pattern(value):
            yield f"{value!r} is no regular expression"
        elif name in ("earliest", "latest") and not _is_day(value):
            yield f"{name} is neither 'today' nor an ISO date"


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _is_day(text: str) -> bool:
    try:
        return text == "today" or bool(date.fromisoformat(text))
    except ValueError:
        return False


SOURCES_OF = {"sum": "table", "count": "table", "days": "period", "months": "period"}


def calculations_have_sources(pack: Pack) -> Iterator[str]:
    """A calculated question is a number of the form, is not demanded, and follows from a question that is typed."""
    steps = (spec for step in pack.steps for spec in step.asks)
    tables = (column for spec in pack.field_by_key.values() for column in spec.columns)
    for spec in (*steps, *tables):
        if spec.calculated:
            yield f"{spec.key}: only a question of the form can be calculated"
    for spec in pack.calculated:
        place = f"form.{spec.key}.calculated"
        if spec.type not in ("number", "money") or spec.required:
            yield f"{place}: must be a number or money, and not required"
        yield from (f"{place}: {fault}" for fault in _calculation_faults(pack, spec))


def _calculation_faults(pack: Pack, spec: FieldSpec) -> Iterator[str]:
    ((rule, place),) = (spec.calculated or {}).items()
    key, _, column = place.partition(".")
    source = pack.field_by_key.get(key)
    if source is None or source.type != SOURCES_OF[rule]:
        yield f"{key!r} is no {SOURCES_OF[rule]} of the form"
    elif column and not any(one.key == column and one.type in ("number", "money") for one in source.columns):
        yield f"{key!r} has no column {column!r} of numbers"


def conditions_read_fields(pack: Pack) -> Iterator[str]:
    """A condition reads a question of the form; within a step or a table, one beside it."""
    for place, condition, known in _conditions(pack):
        for name in condition.fields():
            if name not in known:
                yield f"{place}.when: no field {name!r}"


def _conditions(pack: Pack) -> Iterator[tuple[str, Condition, Collection[str]]]:
    form = pack.field_by_key
    for section in pack.sections:
        if section.when:
            yield f"form.{section.key}", section.when, form
        yield from _of_questions(section.fields, f"form.{section.key}", form)
    for step in pack.steps:
        yield from _of_questions(step.asks, f"steps.{step.key}.asks", {spec.key for spec in step.asks})
    for document in pack.documents:
        if document.when:
            yield f"documents.{document.key}", document.when, form
    if pack.precheck:
        before = {spec.key for spec in pack.precheck.questions}
        yield from _of_questions(pack.precheck.questions, "precheck.questions", before)
        ends = pack.precheck.outcomes
        yield from ((f"precheck.outcomes.{end.key}", end.when, before) for end in ends if end.when)
    if pack.certification and pack.certification.when:
        yield "certification", pack.certification.when, form
    for clock in pack.clocks:
        yield from ((f"clocks.{clock.key}", variant.when, form) for variant in clock.variants)


def _of_questions(
    specs: Iterable[FieldSpec], place: str, known: Collection[str]
) -> Iterator[tuple[str, Condition, Collection[str]]]:
    for spec in specs:
        if spec.when:
            yield f"{place}.{spec.key}", spec.when, known
        columns = {column.key for column in spec.columns}
        yield from _of_questions(spec.columns, f"{place}.{spec.key}", columns)


def other_authorities_are_told(pack: Pack) -> Iterator[str]:
    """The parameter that says who else is competent reads questions of the form or of a step."""
    known = set(pack.field_by_key) | {spec.key for step in pack.steps for spec in step.asks}
    for rule in pack.parameters.get(OTHER_AUTHORITIES, []):
        yield from _authority_faults(rule, known)


def _authority_faults(rule: Any, known: Collection[str]) -> Iterator[str]:
    place = f"parameters.{OTHER_AUTHORITIES}"
    try:
        condition, languages = Condition.parse(rule["when"]), set(rule["authority"])
    except (KeyError, TypeError, StopIteration):
        yield f"{place}: each rule has a condition 'when' and an 'authority' in three languages"
        return
    if languages != {"vi", "en", "fr"}:
        yield f"{place}: an authority is not named in vi, en and fr"
    yield from (f"{place}: no field {name!r}" for name in condition.fields() if name not in known)


ASKED_BEFORE = frozenset({"choice", "choices", "yes_no", "number", "ward"})
"""Kinds of questions that fit into an address."""


def precheck_is_whole(pack: Pack) -> Iterator[str]:
    """The check before the form asks what fits into an address, always ends somewhere, and names who else decides."""
    if pack.precheck is None:
        return
    later = {spec.key for spec in pack.precheck.questions}
    for spec in pack.precheck.questions:
        place = f"precheck.questions.{spec.key}"
        if spec.type not in ASKED_BEFORE or spec.sensitive:
            yield f"{place}: a {'sensitive question' if spec.sensitive else spec.type} cannot be asked before the form"
        if spec.key in pack.field_by_key and spec.key not in pack.precheck.shared:
            yield f"{place}: the form has a question of this name; say 'asks'"
        if spec.when and set(spec.when.fields()) & later:
            yield f"{place}.when: reads a question that is asked later"
        later.discard(spec.key)
        yield from _field_faults(spec, place)
    if [outcome.key for outcome in pack.precheck.outcomes if outcome.when is None][-1:] != [_last_go_on(pack)]:
        yield "precheck.outcomes: the last is 'go_on' without condition, so that every answer leads somewhere"
    for outcome in pack.precheck.outcomes:
        if (outcome.kind == "elsewhere") != (outcome.authority is not None):
            yield f"precheck.outcomes.{outcome.key}: an authority belongs to 'elsewhere', which needs one"
        if outcome.kind == "elsewhere" and outcome.source == INTERNAL:
            yield f"precheck.outcomes.{outcome.key}: that another authority decides needs a legal source"


def _last_go_on(pack: Pack) -> str:
    last = pack.precheck.outcomes[-1] if pack.precheck else None
    return last.key if last and last.kind == "go_on" and last.when is None else ""


def effects_are_answered(pack: Pack) -> Iterator[str]:
    """A step asks, and insists on, what its effects and clocks will read."""
    for step in pack.steps:
        for name, kind in _needed(step).items():
            asked = next((spec for spec in step.asks if spec.key == name), None)
            if asked is None or asked.type not in kind.split(" or ") or not asked.required:
                yield f"steps.{step.key}.asks: {name!r} must be asked, as a required {kind}"


def _needed(step: Step) -> dict[str, str]:
    needed = {name: kind for effect in step.effects for name, kind in NEEDED_ANSWERS.get(effect, {}).items()}
    return needed | (NEW_DATE if "reappoint" in step.clocks.values() else {})

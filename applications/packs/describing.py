"""A pack as plain data for programs: its words in three languages, its questions with a JSON Schema each."""

from collections.abc import Iterable
from typing import Any

from applications.fields import field_type
from applications.packs.conditions import Condition
from applications.packs.model import (
    Choice,
    ClockSpec,
    DocumentSpec,
    FieldSpec,
    Length,
    Outcome,
    Pack,
    Precheck,
    Rubric,
    Section,
    State,
    Step,
)
from foundation.wording import Trilingual

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def described(pack: Pack) -> dict[str, Any]:
    """The whole pack, but for the words of letters and notices."""
    return {
        **summary_of(pack),
        "calendar": pack.calendar,
        "title_field": pack.title_field,
        "sources": [
            {"key": source.key, "title": dict(source.title), "certainty": source.certainty, "url": source.url}
            for source in pack.sources.values()
        ],
        "precheck": _precheck(pack.precheck) if pack.precheck else None,
        "form": [_section(section) for section in pack.sections],
        "answers_schema": {"$schema": DIALECT, **answers_schema(pack.field_by_key.values())},
        "documents": [_document(document) for document in pack.documents],
        "rubric": described_rubric(pack.rubric) if pack.rubric else None,
        "states": [_state(state) for state in pack.states],
        "steps": [described_step(step) for step in pack.steps],
        "clocks": [_clock(clock) for clock in pack.clocks],
        "fees": [dict(fee) for fee in pack.fees],
    }


def summary_of(pack: Pack) -> dict[str, Any]:
    """What a list of procedures says of one."""
    return {
        "code": pack.code,
        "version": pack.version,
        "domain": pack.domain,
        "title": dict(pack.title),
        "summary": dict(pack.summary),
        "unit": pack.unit,
        "in_force_from": pack.in_force_from,
        "in_force_to": pack.in_force_to,
    }


def answers_schema(specs: Iterable[FieldSpec]) -> dict[str, Any]:
    """JSON Schema of the answers to some questions; ``null`` takes an answer back."""
    asked = (spec for spec in specs if not spec.calculated)
    properties = {spec.key: {"anyOf": [field_type(spec).json_schema(spec), {"type": "null"}]} for spec in asked}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def described_field(spec: FieldSpec) -> dict[str, Any]:
    """One question with the JSON Schema of its answer."""
    return {
        "key": spec.key,
        "type": spec.type,
        "label": dict(spec.label),
        "help": _words(spec.help),
        "example": _words(spec.example),
        "required": spec.required,
        "when": _when(spec.when),
        "sensitive": spec.sensitive,
        "source": spec.source,
        "choices": [_choice(choice) for choice in spec.choices],
        "columns": [described_field(column) for column in spec.columns],
        "limits": dict(spec.limits),
        "schema": field_type(spec).json_schema(spec),
    }


def described_step(step: Step) -> dict[str, Any]:
    """A step: who may make it from where, and what it asks."""
    return {
        "key": step.key,
        "title": dict(step.title),
        "help": _words(step.help),
        "from": list(step.sources),
        "to": step.to,
        "who": step.who.text,
        "basis": step.basis,
        "is_public": step.is_public,
        "asks": [described_field(spec) for spec in step.asks],
    }


def _words(text: Trilingual | None) -> dict[str, str] | None:
    return None if text is None else dict(text)


def _when(condition: Condition | None) -> dict[str, Any] | None:
    return None if condition is None else condition.data()


def _choice(choice: Choice) -> dict[str, Any]:
    return {"value": choice.value, "label": dict(choice.label), "help": _words(choice.help)}


def _precheck(precheck: Precheck) -> dict[str, Any]:
    return {
        "help": _words(precheck.help),
        "questions": [described_field(spec) for spec in precheck.questions],
        "outcomes": [_outcome(outcome) for outcome in precheck.outcomes],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "key": outcome.key,
        "kind": outcome.kind,
        "when": _when(outcome.when),
        "authority": _words(outcome.authority),
        "title": dict(outcome.title),
        "text": dict(outcome.text),
        "source": outcome.source,
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": dict(section.title),
        "help": _words(section.help),
        "when": _when(section.when),
        "fields": [described_field(spec) for spec in section.fields],
    }


def _document(document: DocumentSpec) -> dict[str, Any]:
    return {
        "key": document.key,
        "label": dict(document.label),
        "help": _words(document.help),
        "source": document.source,
        "copy": document.copy,
        "accept": list(document.accept),
        "required": document.required,
        "when": _when(document.when),
        "max_mb": document.max_mb,
        "max_files": document.max_files,
    }


def described_rubric(rubric: Rubric) -> dict[str, Any]:
    """What reviewers judge."""
    return {
        "lowest": rubric.lowest,
        "highest": rubric.highest,
        "comment_at": sorted(rubric.comment_at),
        "minimum_reviews": rubric.minimum_reviews,
        "criteria": [
            {
                "key": criterion.key,
                "title": dict(criterion.title),
                "question": dict(criterion.question),
                "weight": criterion.weight,
                "source": criterion.source,
            }
            for criterion in rubric.criteria
        ],
    }


def _state(state: State) -> dict[str, Any]:
    return {
        "key": state.key,
        "title": dict(state.title),
        "public_title": _words(state.public_title),
        "kind": state.kind,
        "responsible": state.responsible,
    }


def _length(length: Length) -> dict[str, Any]:
    return {"amount": length.amount, "unit": length.unit}


def _clock(clock: ClockSpec) -> dict[str, Any]:
    return {
        "key": clock.key,
        "title": dict(clock.title),
        "length": _length(clock.length),
        "source": clock.source,
        "responsible": clock.responsible,
        "is_main": clock.is_main,
        "cutoff": clock.cutoff,
        "variants": [
            {"when": variant.when.data(), "length": _length(variant.length), "source": variant.source}
            for variant in clock.variants
        ],
    }

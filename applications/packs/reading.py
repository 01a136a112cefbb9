"""Reads a pack from YAML or JSON data, refusing what does not have its shape."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import yaml
from jsonschema import Draft202012Validator

from applications.packs.conditions import Condition
from applications.packs.expressions import Expression, ExpressionError
from applications.packs.model import (
    Certification,
    Choice,
    ClockSpec,
    Criterion,
    DocumentSpec,
    FieldSpec,
    Length,
    LengthVariant,
    LetterSpec,
    NoticeSpec,
    Outcome,
    Pack,
    Precheck,
    Remedy,
    Rubric,
    Section,
    Signature,
    Source,
    State,
    Step,
)

SCHEMA_FILE = Path(__file__).with_name("pack.schema.json")
_validator = Draft202012Validator(
    json.loads(SCHEMA_FILE.read_text(encoding="utf-8")), format_checker=Draft202012Validator.FORMAT_CHECKER
)

_well_shaped: set[bytes] = set()
"""Digests of what was held against the schema in this process and has its shape: nothing is asked twice."""

LIMITS = {
    *("max_length", "min_length", "pattern", "minimum", "maximum", "decimals", "unit"),
    *("earliest", "latest", "max_months", "min_rows", "max_rows", "max_choices"),
    *("accept", "max_mb", "must_accept", "role"),
}


class PackError(ValueError):
    """A pack that cannot be used; ``faults`` says each reason with its place."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""That of libyaml, which the wheels bring: ten times as fast as the one in Python."""


class _PlainLoader(_SafeLoader):  # type: ignore[misc, valid-type]  # whichever of the two is there
    """YAML in which dates stay text, so that YAML and JSON packs are the same data, and no key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for key, later in pairwise(sorted(keys, key=lambda key: str(key.value))):
            if key.value == later.value:
                raise yaml.MarkedYAMLError(problem=f"{key.value!r} stands twice", problem_mark=later.start_mark)
        made: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return made


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_file(path: Path) -> dict[str, Any]:
    """The data of a pack file, unchecked. Raises PackError when it is no YAML mapping."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise PackError([f"{path.name}: {error}"]) from error
    except UnicodeDecodeError as error:
        raise PackError([f"{path.name}: not written in UTF-8"]) from error
    if not isinstance(data, dict):
        raise PackError([f"{path.name}: not a mapping"])
    return data


def digest_of(content: Mapping[str, Any]) -> bytes:
    """SHA-256 over the canonical form of a pack's data."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()


def shape_faults(data: Mapping[str, Any]) -> list[str]:
    """What contradicts the schema, each with its path."""
    return [
        f"{'.'.join(str(part) for part in error.absolute_path) or 'pack'}: {error.message}"
        for error in sorted(_validator.iter_errors(data), key=lambda error: [str(p) for p in error.absolute_path])
    ]


def read_pack(data: Mapping[str, Any]) -> Pack:
    """The pack that ``data`` describes. Raises PackError when its shape is wrong."""
    _demand_shape(data)
    sections = tuple(_section(section) for section in data.get("form", []))
    documents = tuple(_document(document) for document in data.get("documents", []))
    parts = tuple(parts_of(sections, documents))
    return Pack(
        code=data["code"],
        version=data["version"],
        domain=data["domain"],
        title=data["title"],
        summary=data["summary"],
        in_force_from=date.fromisoformat(data["in_force"]["from"]),
        in_force_to=date.fromisoformat(data["in_force"]["to"]) if "to" in data["in_force"] else None,
        unit=data.get("unit", ""),
        calendar=data.get("calendar", ""),
        key_prefix=data.get("key_prefix", ""),
        title_field=data.get("title_field", ""),
        sources={key: Source(key=key, **source) for key, source in data["sources"].items()},
        parameters={key: parameter["value"] for key, parameter in data.get("parameters", {}).items()},
        sections=sections,
        documents=documents,
        rubric=_rubric(data["rubric"]) if "rubric" in data else None,
        states=tuple(State(**state) for state in data["states"]),
        steps=tuple(_step(step, parts) for step in data["steps"]),
        clocks=tuple(_clock(clock) for clock in data.get("clocks", [])),
        letters=tuple(_letter(letter) for letter in data.get("letters", [])),
        fees=tuple(data.get("fees", [])),
        parameter_sources={key: parameter["source"] for key, parameter in data.get("parameters", {}).items()},
        certification=_certification(data["certification"]) if "certification" in data else None,
        precheck=_precheck(data["precheck"], sections) if "precheck" in data else None,
        is_open=data.get("open", True) and not data.get("life", False),
        is_life=data.get("life", False),
    )


def _demand_shape(data: Mapping[str, Any]) -> None:
    try:
        digest = digest_of(data)
    except TypeError as error:  # what JSON cannot hold: keys that are no text, aliases that lead back to themselves
        raise PackError([f"pack: {error}"]) from error
    if digest in _well_shaped:
        return
    if faults := shape_faults(data):
        raise PackError(faults)
    _well_shaped.add(digest)


def _when(data: Mapping[str, Any]) -> Condition | None:
    return Condition.parse(data["when"]) if "when" in data else None


def parts_of(sections: Iterable[Section], documents: Iterable[DocumentSpec]) -> Iterator[Choice]:
    """What can be marked for correction: each question, helped by the title of its section, and each document."""
    for section in sections:
        for spec in section.fields:
            if spec.type != "declaration":
                yield Choice(f"field.{spec.key}", spec.label, section.title)
    for document in documents:
        yield Choice(f"document.{document.key}", document.label)


def _field(data: Mapping[str, Any], parts: tuple[Choice, ...] = ()) -> FieldSpec:
    same = ("key", "type", "label", "help", "example", "source", "calculated", "once")
    return FieldSpec(
        **{key: data[key] for key in same if key in data},
        required=data.get("required", False),
        sensitive=data.get("sensitive", False),
        when=_when(data),
        choices=parts if data["type"] == "part" else tuple(Choice(**choice) for choice in data.get("choices", [])),
        columns=tuple(_field(column, parts) for column in data.get("columns", [])),
        limits={key: value for key, value in data.items() if key in LIMITS},
    )


def _section(data: Mapping[str, Any]) -> Section:
    fields = tuple(_field(spec) for spec in data["fields"])
    return Section(data["key"], data["title"], fields, help=data.get("help"), when=_when(data))


def _document(data: Mapping[str, Any]) -> DocumentSpec:
    plain = {key: value for key, value in data.items() if key not in {"when", "accept"}}
    return DocumentSpec(**plain, when=_when(data), accept=tuple(data["accept"]))


def _certification(data: Mapping[str, Any]) -> Certification:
    return Certification(data["statement"], data["source"], _when(data))


def _precheck(data: Mapping[str, Any], sections: Iterable[Section]) -> Precheck:
    form = {spec.key: spec for section in sections for spec in section.fields}
    shared = [question["asks"] for question in data["questions"] if "asks" in question]
    if unknown := [key for key in shared if key not in form]:
        raise PackError([f"precheck.questions: the form has no question {key!r}" for key in unknown])
    return Precheck(
        tuple(_asked_before(question, form) for question in data["questions"]),
        tuple(Outcome(**{**outcome, "when": _when(outcome)}) for outcome in data["outcomes"]),
        frozenset(shared),
        data.get("help"),
    )


def _asked_before(data: Mapping[str, Any], form: Mapping[str, FieldSpec]) -> FieldSpec:
    """A question of its own, or one of the form with another help or condition."""
    if "asks" not in data:
        return _field(data)
    spec = form[data["asks"]]
    return replace(spec, when=_when(data) or spec.when, help=data.get("help", spec.help))


def _rubric(data: Mapping[str, Any]) -> Rubric:
    return Rubric(
        criteria=tuple(Criterion(**criterion) for criterion in data["criteria"]),
        lowest=data["lowest"],
        highest=data["highest"],
        comment_at=frozenset(data["comment_at"]),
        minimum_reviews=data["minimum_reviews"],
    )


def _length(data: Mapping[str, int]) -> Length:
    ((unit, amount),) = data.items()
    return Length(amount, unit)  # type: ignore[arg-type]  # the schema admits the units alone


def _clock(data: Mapping[str, Any]) -> ClockSpec:
    plain = {key: value for key, value in data.items() if key not in {"length", "variants"}}
    variants = tuple(
        LengthVariant(Condition.parse(variant["when"]), _length(variant["length"]), variant["source"])
        for variant in data.get("variants", [])
    )
    return ClockSpec(**plain, length=_length(data["length"]), variants=variants)


def _letter(data: Mapping[str, Any]) -> LetterSpec:
    plain = {key: data[key] for key in ("key", "title", "template", "source", "mark", "tells_scores") if key in data}
    return LetterSpec(
        **plain,
        signature=Signature(**data["signature"]) if "signature" in data else None,
        recipients=tuple(data.get("recipients", [])),
        findings=tuple(data.get("findings", [])),
        remedies=tuple(
            Remedy(remedy["title"], _length(remedy["within"]), remedy["source"]) for remedy in data.get("remedies", [])
        ),
    )


def _who(data: Mapping[str, Any]) -> Expression:
    try:
        return Expression.parse(data["who"])
    except ExpressionError as error:
        raise PackError([f"steps.{data['key']}.who: {error}"]) from error


def _step(data: Mapping[str, Any], parts: tuple[Choice, ...]) -> Step:
    same = ("key", "title", "basis", "help", "letter", "style", "is_public", "expires", "clocks")
    return Step(
        **{key: data[key] for key in same if key in data},
        sources=tuple(data["from"]),
        to=data.get("to"),
        who=_who(data),
        guards=tuple(data.get("guards", [])),
        effects=tuple(data.get("effects", [])),
        asks=tuple(_field(spec, parts) for spec in data.get("asks", [])),
        notices=tuple(NoticeSpec(**notice) for notice in data.get("notices", [])),
        apart_from=tuple(data.get("apart_from", [])),
    )

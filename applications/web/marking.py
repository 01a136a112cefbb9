"""Marking parts of a dossier on the page of a step: the dossier as a list to tick, beside the table it fills."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from applications.corrections import DOCUMENT, FIELD, marking_table
from applications.fields import visible_fields
from applications.models import Application
from applications.packs.model import DocumentSpec, FieldSpec
from applications.queries.steps import StepView
from foundation.wording import Trilingual

ADD_MARKS, MARK = "add_marks", "mark"
"""The button that takes the ticked parts into the table, and the name under which they arrive."""


@dataclass(frozen=True, slots=True)
class Part:
    """A question with its answer, or a document with its files, that can be ticked."""

    value: str
    spec: FieldSpec | DocumentSpec
    answer: Any


@dataclass(frozen=True, slots=True)
class Group:
    """The parts of one section; the documents have no title of their own."""

    title: Trilingual | None
    parts: Sequence[Part]


def groups_to_mark(view: StepView) -> list[Group]:
    """What can be marked, as it was sent; nothing when the step marks nothing."""
    if marking_table(view.step) is None or not isinstance(view.case, Application) or view.case.submitted is None:
        return []
    sent = view.case.submitted
    found: dict[str, list[Part]] = {}
    for section, spec in visible_fields(view.pack.sections, sent["answers"]):
        if spec.type != "declaration":
            part = Part(f"{FIELD}.{spec.key}", spec, sent["answers"].get(spec.key))
            found.setdefault(section.key, []).append(part)
    groups = [Group(view.pack.section_by_key[key].title, parts) for key, parts in found.items()]
    documents = list(_documents(view, sent))
    return [*groups, Group(None, documents)] if documents else groups


def _documents(view: StepView, sent: Mapping[str, Any]) -> Iterator[Part]:
    for spec in view.pack.documents:
        files = [row["filename"] for row in sent["documents"] if row["slot"] == spec.key]
        if files or spec.when is None or spec.when.holds(sent["answers"]):
            yield Part(f"{DOCUMENT}.{spec.key}", spec, files)


def with_marks(view: StepView, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the step's form with one more row for each part that was ticked and is not listed yet."""
    table = marking_table(view.step)
    if table is None:
        return dict(values)
    column = next(column for column in table.columns if column.type == "part")
    rows = list(values.get(table.key) or [])
    listed = {row.get(column.key) for row in rows}
    known = {choice.value for choice in column.choices}
    ticked = dict.fromkeys(part for part in request.values.getlist(MARK) if part in known - listed)
    return {**values, table.key: rows + [{column.key: part} for part in ticked]}

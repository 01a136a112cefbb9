"""Checks that a pack makes sense: nothing unreachable, nothing unsourced, no name that nobody registered."""

import re
from collections.abc import Callable, Iterable, Iterator

from applications.packs.model import INTERNAL, FieldSpec, Pack
from applications.registry import EFFECTS, GUARDS, WHO
from foundation.register import ROLES

CERTIFIED = re.compile(r"certified copy|bản sao (?:có )?(?:công chứng|chứng thực)|copie certifi", re.IGNORECASE)
NEEDS_CHOICES = {"choice", "choices"}

Check = Callable[[Pack], Iterator[str]]


def pack_faults(pack: Pack) -> list[str]:
    """Every reason why this pack may not be published, in words with their place; empty when it may."""
    return [fault for check in CHECKS for fault in check(pack)]


def _unique(keys: Iterable[str], place: str) -> Iterator[str]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            yield f"{place}: {key!r} stands twice"
        seen.add(key)


def _keys_are_unique(pack: Pack) -> Iterator[str]:
    yield from _unique((f.key for section in pack.sections for f in section.fields), "form")
    yield from _unique((section.key for section in pack.sections), "form sections")
    yield from _unique((document.key for document in pack.documents), "documents")
    yield from _unique((state.key for state in pack.states), "states")
    yield from _unique((step.key for step in pack.steps), "steps")
    yield from _unique((clock.key for clock in pack.clocks), "clocks")


def _states_are_connected(pack: Pack) -> Iterator[str]:
    known = set(pack.state_by_key)
    if sum(state.kind == "draft" for state in pack.states) < 1:
        yield "states: none is a draft"
        return
    for step in pack.steps:
        for state in [*step.sources, *([step.to] if step.to else [])]:
            if state not in known:
                yield f"steps.{step.key}: no state {state!r}"
    for state in sorted(known - _reachable(pack)):
        yield f"states.{state}: cannot be reached"
    yield from _no_dead_ends(pack)


def _reachable(pack: Pack) -> set[str]:
    reached, waiting = set[str](), [pack.initial.key]
    while waiting:
        state = waiting.pop()
        if state in reached:
            continue
        reached.add(state)
        waiting += [step.to for step in pack.steps_from(state) if step.to]
    return reached


def _no_dead_ends(pack: Pack) -> Iterator[str]:
    for state in pack.states:
        leaves = [step for step in pack.steps_from(state.key) if step.to and step.to != state.key]
        if state.kind != "final" and not leaves:
            yield f"states.{state.key}: a dead end that is not final"
        if state.kind == "final" and leaves:
            yield f"states.{state.key}: final, yet {leaves[0].key!r} leaves it"


def _names_are_registered(pack: Pack) -> Iterator[str]:
    for step in pack.steps:
        for name in step.who.names():
            if name not in WHO and name not in ROLES:
                yield f"steps.{step.key}.who: {name!r} is neither a role nor a registered rule"
        for name in step.guards:
            if name not in GUARDS:
                yield f"steps.{step.key}.guards: {name!r} is not registered"
        for name in step.effects:
            if name not in EFFECTS:
                yield f"steps.{step.key}.effects: {name!r} is not registered"


def _references_exist(pack: Pack) -> Iterator[str]:
    for step in pack.steps:
        for clock in [*step.clocks, *([step.expires] if step.expires else [])]:
            if clock not in pack.clock_by_key:
                yield f"steps.{step.key}: no clock {clock!r}"
        for other in step.apart_from:
            if other not in pack.step_by_key:
                yield f"steps.{step.key}.apart_from: no step {other!r}"
        if step.letter and step.letter not in pack.letter_by_key:
            yield f"steps.{step.key}: no letter {step.letter!r}"
    title = pack.field_by_key.get(pack.title_field)
    if title is None or title.type != "text":
        yield f"title_field: {pack.title_field!r} is no text field of the form"
    if sum(clock.is_main for clock in pack.clocks) > 1:
        yield "clocks: more than one is the main clock"


def _bases(pack: Pack) -> Iterator[tuple[str, str]]:
    yield from ((f"steps.{step.key}.basis", step.basis) for step in pack.steps)
    for clock in pack.clocks:
        yield f"clocks.{clock.key}.source", clock.source
        yield from ((f"clocks.{clock.key}.variants", variant.source) for variant in clock.variants)
    if pack.rubric:
        yield from ((f"rubric.{criterion.key}", criterion.source) for criterion in pack.rubric.criteria)
    yield from ((f"letters.{letter.key}", letter.source) for letter in pack.letters)
    yield from ((f"form.{spec.key}", spec.source) for spec in pack.field_by_key.values() if spec.source)


def _sources_are_named(pack: Pack) -> Iterator[str]:
    for place, basis in _bases(pack):
        if basis != INTERNAL and basis not in pack.sources:
            yield f"{place}: no source {basis!r}"


def _documents_are_lawful(pack: Pack) -> Iterator[str]:
    for document in pack.documents:
        if document.source not in pack.sources:
            yield f"documents.{document.key}: nothing without a legal source may be demanded"
        for text in [*document.label.values(), *(document.help or {}).values()]:
            if CERTIFIED.search(text):
                yield f"documents.{document.key}: no certified copy may be demanded (Decree 23/2015 art. 6)"


def _conditions_read_fields(pack: Pack) -> Iterator[str]:
    conditions = [(f"form.{spec.key}", spec.when) for spec in pack.field_by_key.values()]
    conditions += [(f"form.{section.key}", section.when) for section in pack.sections]
    conditions += [(f"documents.{document.key}", document.when) for document in pack.documents]
    conditions += [(f"clocks.{clock.key}", v.when) for clock in pack.clocks for v in clock.variants]
    for place, condition in conditions:
        for name in condition.fields() if condition else ():
            if name not in pack.field_by_key:
                yield f"{place}.when: no field {name!r}"


def _fields_are_whole(pack: Pack) -> Iterator[str]:
    for section in pack.sections:
        for spec in section.fields:
            yield from _field_faults(spec, f"form.{section.key}.{spec.key}")
    for step in pack.steps:
        yield from _unique((spec.key for spec in step.asks), f"steps.{step.key}.asks")
        for spec in step.asks:
            yield from _field_faults(spec, f"steps.{step.key}.asks.{spec.key}")


def _field_faults(spec: FieldSpec, place: str) -> Iterator[str]:
    if (spec.type in NEEDS_CHOICES) != bool(spec.choices):
        yield f"{place}: choices belong to choice fields, which need them"
    if (spec.type == "table") != bool(spec.columns):
        yield f"{place}: columns belong to tables, which need them"
    for column in spec.columns:
        if column.type in {"table", "file", "declaration"}:
            yield f"{place}.{column.key}: a {column.type} cannot be a column"
        yield from _field_faults(column, f"{place}.{column.key}")


def _expiry_is_for_the_clock(pack: Pack) -> Iterator[str]:
    for step in pack.steps:
        if step.expires and "system" not in step.who.names():
            yield f"steps.{step.key}: fired by a clock, yet 'system' may not make it"


CHECKS: tuple[Check, ...] = (
    _keys_are_unique,
    _states_are_connected,
    _names_are_registered,
    _references_exist,
    _sources_are_named,
    _documents_are_lawful,
    _conditions_read_fields,
    _fields_are_whole,
    _expiry_is_for_the_clock,
)

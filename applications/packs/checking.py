"""Checks that a pack makes sense: nothing unreachable, nothing unsourced, no name that nobody registered."""

import re
from collections.abc import Callable, Iterable, Iterator

from applications.letters import template_path
from applications.packs.model import NoticeSpec, Pack, Step
from applications.packs.questioning import (
    calculations_have_sources,
    conditions_read_fields,
    effects_are_answered,
    fields_are_whole,
    other_authorities_are_told,
    precheck_is_whole,
)
from applications.packs.sourcing import documents_are_lawful, sources_are_named
from applications.registry import EFFECTS, GUARDS, WHO
from foundation.register import ROLES

BLANK = re.compile(r"\{[^}]*\}?|\}")
FILLED_IN = {"{title}", "{code}", "{due}", "{holder}"}
CERTIFIED = "is_certified"
SETS_GOING = {"start", "restart"}

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
    yield from _unique((letter.key for letter in pack.letters), "letters")
    if pack.precheck:
        yield from _unique((spec.key for spec in pack.precheck.questions), "precheck.questions")
        yield from _unique((outcome.key for outcome in pack.precheck.outcomes), "precheck.outcomes")
    if pack.rubric:
        yield from _unique((criterion.key for criterion in pack.rubric.criteria), "rubric")
    for step in pack.steps:
        yield from _unique((spec.key for spec in step.asks), f"steps.{step.key}.asks")


def _states_are_connected(pack: Pack) -> Iterator[str]:
    known = set(pack.state_by_key)
    if not pack.begins:
        yield from _nothing_begins(pack)
        return
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


def _nothing_begins(pack: Pack) -> Iterator[str]:
    for state in pack.states:
        if state.kind != "final":
            yield f"states.{state.key}: not final, though nobody applies"
    if pack.steps:
        yield f"steps.{pack.steps[0].key}: nobody applies, so nothing moves"


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
    if not pack.is_life and (title is None or title.type != "text"):
        yield f"title_field: {pack.title_field!r} is no text field of the form"
    if sum(clock.is_main for clock in pack.clocks) > 1:
        yield "clocks: more than one is the main clock"


def _lives_write_nothing(pack: Pack) -> Iterator[str]:
    """A life has neither applicant nor dossier: its domain tells people, sets days and asks for a second person."""
    for step in pack.steps if pack.is_life else ():
        for what in ("letter", "notices", "clocks", "apart_from", "expires"):
            if getattr(step, what):
                yield f"steps.{step.key}.{what}: a life has none"


def _clocks_go(pack: Pack) -> Iterator[str]:
    started = {key for step in pack.steps for key, verb in step.clocks.items() if verb in SETS_GOING}
    for clock in pack.clocks:
        if clock.key not in started:
            yield f"clocks.{clock.key}: no step sets it going"
    for step in pack.steps:
        if step.expires and "system" not in step.who.names():
            yield f"steps.{step.key}: fired by a clock, yet 'system' may not make it"


def _certificate_is_asked(pack: Pack) -> Iterator[str]:
    guarded = any(CERTIFIED in step.guards for step in pack.steps)
    if guarded and pack.certification is None:
        yield f"certification: {CERTIFIED!r} guards a step, yet nothing is to be certified"
    if pack.certification is not None and not guarded:
        yield f"certification: no step is guarded by {CERTIFIED!r}"


def _letters_are_there(pack: Pack) -> Iterator[str]:
    for letter in pack.letters:
        if template_path(letter.template) is None:
            yield f"letters.{letter.key}: no template {letter.template!r}"
        for finding in letter.findings:
            step, _, question = finding.partition(".")
            if step not in pack.step_by_key or pack.step_by_key[step].asked(question) is None:
                yield f"letters.{letter.key}.findings: no step asks {finding!r}"
        if letter.tells_scores and pack.rubric is None:
            yield f"letters.{letter.key}: tells scores of a pack without a rubric"


def _notices_can_be_filled(pack: Pack) -> Iterator[str]:
    for step in pack.steps:
        for number, notice in enumerate(step.notices):
            yield from _notice_faults(step, number, notice)


def _notice_faults(step: Step, number: int, notice: NoticeSpec) -> Iterator[str]:
    place = f"steps.{step.key}.notices.{number}"
    for words in (notice.subject, notice.body):
        blanks = {language: set(BLANK.findall(text)) for language, text in words.items()}
        for unknown in sorted(set().union(*blanks.values()) - FILLED_IN):
            yield f"{place}: nothing fills in {unknown!r}"
        if len({frozenset(found) for found in blanks.values()}) > 1:
            yield f"{place}: the languages do not say the same"


CHECKS: tuple[Check, ...] = (
    _keys_are_unique,
    _states_are_connected,
    _names_are_registered,
    _references_exist,
    sources_are_named,
    documents_are_lawful,
    fields_are_whole,
    calculations_have_sources,
    conditions_read_fields,
    effects_are_answered,
    other_authorities_are_told,
    precheck_is_whole,
    _clocks_go,
    _lives_write_nothing,
    _certificate_is_asked,
    _letters_are_there,
    _notices_can_be_filled,
)

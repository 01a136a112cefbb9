"""The named rules that a pack may refer to; domains add theirs when their package is imported.

``WHO`` answers, of a case and an actor alone, whether the actor may make a step at all (403), ``GUARDS`` whether
it can happen now (409), ``EFFECTS`` do what else happens when a case moves.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from foundation.errors import Reason

Who = Callable[[Any], bool]
Guard = Callable[[Any], Iterator[Reason]]
Effect = Callable[[Any], None]
"""Each is asked of an attempt at a step, :class:`applications.firing.Attempt` of what the pack moves."""
Rule = TypeVar("Rule", bound=Callable[..., object])

WHO: dict[str, Who] = {}
GUARDS: dict[str, Guard] = {}
EFFECTS: dict[str, Effect] = {}
LAST_EFFECTS: set[str] = set()
"""Effects that lock what everybody wants (a counter), run after all others so that the lock is short."""
CASE_ALONE: set[str] = set()
"""Effects that change nothing but the case itself, so that it is enough to forget that when the step is refused."""
NEEDED_ANSWERS: dict[str, Mapping[str, str]] = {}
"""By effect: the questions that its step must ask, with their kind (or kinds: ``text or long_text``)."""


def _put(register: dict[str, Rule], rule: Rule) -> Rule:
    name = rule.__name__
    if name in register:
        raise ValueError(f"{name!r} is registered twice")
    register[name] = rule
    return rule


def who(rule: Who) -> Who:
    """Register a rule on who may act, under the function's name."""
    return _put(WHO, rule)


def guard(rule: Guard) -> Guard:
    """Register a guard, under the function's name: it yields the reasons against, none when all is well."""
    return _put(GUARDS, rule)


def effect(rule: Effect) -> Effect:
    """Register an effect, under the function's name."""
    return _put(EFFECTS, rule)


def needs(**answers: str) -> Callable[[Rule], Rule]:
    """Say which answers of its step an effect reads, so that a pack that does not ask them is refused."""

    def note(rule: Rule) -> Rule:
        NEEDED_ANSWERS[rule.__name__] = answers
        return rule

    return note


def on_the_case_alone(rule: Rule) -> Rule:
    """Say that an effect changes nothing but the case itself."""
    CASE_ALONE.add(rule.__name__)
    return rule


def last_effect(rule: Effect) -> Effect:
    """Register an effect that runs after all others because it locks a counter."""
    LAST_EFFECTS.add(rule.__name__)
    return _put(EFFECTS, rule)

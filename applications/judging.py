"""Whether a step may be made: who, from where, with which answers, and what stands against it; then its effects.

The same for every case, whichever table keeps it: a dossier, or a life such as that of a fund.
"""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from applications.fields import check_answers, completeness_faults
from applications.firing import Attempt
from applications.registry import EFFECTS, GUARDS, WHO
from applications.settings import setting_of
from foundation.errors import Blocked, Invalid, NotAllowed, Reason


def _asks(attempt: Attempt[Any], name: str) -> bool:
    """Whether the actor is what ``name`` says: a named rule, asked once per case, or a role."""
    if name not in WHO:
        return attempt.has_role(name)
    if name not in attempt.known.admitted:
        attempt.known.admitted[name] = WHO[name](attempt)
    return attempt.known.admitted[name]


def admits(attempt: Attempt[Any]) -> bool:
    return attempt.step.who.holds(partial(_asks, attempt))


def same_person(attempt: Attempt[Any]) -> Iterator[Reason]:
    """Four eyes: the person who made one of the named steps may not make this one."""
    if not attempt.step.apart_from or attempt.actor.person_id is None:
        return
    earlier = attempt.last(*attempt.step.apart_from)
    if earlier is not None and earlier.person_id == attempt.actor.person_id:
        yield Reason("four_eyes")


def require_who(attempt: Attempt[Any]) -> None:
    if not admits(attempt):
        raise NotAllowed
    if reasons := list(same_person(attempt)):
        raise NotAllowed(*reasons)


def require_from(attempt: Attempt[Any]) -> None:
    if attempt.case.state not in attempt.step.sources:
        raise Blocked(Reason("not_from_this_state", {"step": attempt.step.key, "state": attempt.case.state}))


def checked_data(attempt: Attempt[Any]) -> dict[str, Any]:
    setting = setting_of(attempt.session, attempt.step.asks, attempt.data, at=attempt.at, case_id=attempt.case.id)
    cleaned, faults = check_answers(attempt.step.asks, attempt.data, setting)
    applying = [spec for spec in attempt.step.asks if spec.when is None or spec.when.holds(cleaned)]
    missing = completeness_faults(applying, cleaned)
    if faults or missing:
        raise Invalid({**missing, **faults})
    return {key: value for key, value in cleaned.items() if value is not None}


def guard_reasons(attempt: Attempt[Any]) -> Iterator[Reason]:
    for name in attempt.step.guards:
        yield from GUARDS[name](attempt)


def require_guards(attempt: Attempt[Any]) -> None:
    if reasons := list(guard_reasons(attempt)):
        raise Blocked(*reasons)


def run_effects(attempt: Attempt[Any], effects: Iterable[str]) -> None:
    for name in effects:
        EFFECTS[name](attempt)


def role_used(attempt: Attempt[Any]) -> str | None:
    """The role, or named rule, by which the actor was admitted."""
    return next((name for name in attempt.step.who.names() if _asks(attempt, name)), None)

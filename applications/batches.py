"""Steps that can be made on many dossiers at once, and why one of them refuses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from applications.engine import fire, lock
from applications.models import Case
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, Step
from applications.visibility import WORKING_ROLES, staff_cases
from foundation.actors import Actor
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound, Reason, Refusal

MOST = 500
"""Dossiers of one batch."""
ASSIGNS = "assign_holder"
"""The effect by which a step puts somebody in charge."""
SHARED = frozenset({"holder", "reason"})
"""What may be answered once for all dossiers of a batch, by a step that puts somebody in charge."""
BATCH_ROLES = (*WORKING_ROLES, "administrator")


@dataclass(frozen=True, slots=True)
class Tried:
    """A dossier on which a step was tried; ``reasons`` are empty when it can be made."""

    case_id: int
    revision: int
    reasons: Sequence[Reason] = ()


def steps_for_many(pack: Pack, state: str) -> Iterator[Step]:
    """The steps from this state that ask nothing of each dossier by itself."""
    for step in pack.steps_from(state):
        asked = {spec.key for spec in step.asks}
        if not asked or (ASSIGNS in step.effects and asked <= SHARED):
            yield step


def try_step(
    session: Session, case_ids: Iterable[int], step: str, data: Mapping[str, Any], actor: Actor
) -> list[Tried]:
    """Make the step on each dossier on trial; nothing of it stays, and the transaction ends."""
    tried = []
    try:
        for case_id in case_ids:
            undone = session.begin_nested()
            try:
                revision, reasons = _try(session, case_id, step, data, actor)
            finally:
                undone.rollback()
            tried.append(Tried(case_id, revision, reasons))
    finally:
        session.rollback()
    return tried


def _try(
    session: Session, case_id: int, step: str, data: Mapping[str, Any], actor: Actor
) -> tuple[int, Sequence[Reason]]:
    revision = 0
    try:
        case = within_reach(session, case_id, actor)
        revision = case.revision
        make_step(session, case, step, data, actor)
    except Refusal as refusal:
        return revision, list(reasons_of(refusal))
    return revision, ()


def within_reach(session: Session, case_id: int, actor: Actor) -> Case:
    """The dossier, locked, if the actor's roles reach it. Raises NotFound."""
    case = session.scalar(select(Case).where(Case.id == case_id, staff_cases(actor, BATCH_ROLES)))
    if case is None:
        raise NotFound
    return lock(session, case)


def make_step(session: Session, case: Case, step: str, data: Mapping[str, Any], actor: Actor) -> None:
    """Make a step that can be made on many. Raises what :func:`applications.engine.fire` raises."""
    step_for_many(session, case, step)
    fire(session, case, step, actor=actor, data=data, is_locked=True)
    session.flush()


def step_for_many(session: Session, case: Case, step: str) -> Step:
    """The step, where it can be made on this case among many. Raises Blocked."""
    pack = pack_of_version(session, case.version_id)
    for known in steps_for_many(pack, case.state):
        if known.key == step:
            return known
    raise Blocked(Reason("not_from_this_state", {"step": step, "state": case.state}))


def reasons_of(refusal: Refusal) -> Iterator[Reason]:
    """Why something was refused, at least one reason."""
    if isinstance(refusal, Invalid):
        yield from (reason for reasons in refusal.fields.values() for reason in reasons)
        return
    known = refusal.reasons if isinstance(refusal, Blocked | NotAllowed) else ()
    yield from known or (Reason(refusal.code),)

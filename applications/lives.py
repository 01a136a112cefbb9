"""The engine over rows that a domain keeps itself: the same packs, rules, guards, effects and audit as of dossiers.

The caller holds the lock under which such a row changes, as the ledger of a fund does, and the domain keeps the steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from applications.firing import Attempt, Known
from applications.judging import (
    admits,
    checked_data,
    guard_reasons,
    require_guards,
    require_who,
    role_used,
    run_effects,
)
from applications.models import Life, Procedure, ProcedureVersion
from applications.packs.catalogue import pack_of_version
from applications.packs.model import INTERNAL, Pack, Step
from applications.registry import who
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, NotFound, Reason
from foundation.reasons import register_reasons
from foundation.workdays import local_date

audit.register_actions({"applications:life:move": lazy_gettext("A step was made.")})
register_reasons({"life_not_from_this_state": lazy_gettext("This is no longer possible: it has moved on meanwhile.")})


IN_THE_BOOKS = "in the books"
"""What a domain tells the engine of a step that follows from what it recorded."""


@dataclass(slots=True)
class Turn(Attempt[Life]):
    """A step being tried on such a row; ``known.found`` is what the domain knows of it already."""

    was: str = ""
    role: str | None = None

    def has_role(self, role: str) -> bool:
        """Whether the actor holds a role where this row belongs."""
        scope = self.case.scope
        return self.actor.has_role(role, procedure=self.pack.code, park=scope.get("park"), fund=scope.get("fund"))


@who
def the_books(turn: Turn) -> bool:
    """What is recorded, whoever recorded it: nobody asks for such a step by name."""
    return bool(turn.known.found.get(IN_THE_BOOKS))


@who
def the_database(turn: Turn) -> bool:
    """A trigger, so that the step holds for plain SQL too: no actor makes it."""
    return False


def advance(
    session: Session,
    life: Life,
    step: str,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    found: Mapping[str, Any] | None = None,
) -> Turn:
    """Make a step, or raise why not: NotFound, NotAllowed, Blocked or Invalid as :func:`applications.engine.fire`."""
    turn = _attempt(session, life, step, actor=actor, data=data, found=found)
    with session.no_autoflush:
        require_who(turn)
        _require_from(turn)
        turn.data = checked_data(turn) if turn.step.asks else {}
        require_guards(turn)
        run_effects(turn, turn.step.effects)
        turn.was, turn.role = life.state, role_used(turn)
        life.state = turn.to_state
    return turn


def require_makeable(
    session: Session, life: Life, step: str, *, actor: Actor, found: Mapping[str, Any] | None = None
) -> None:
    """Raises what :func:`advance` would raise but for what the step asks; nothing is moved."""
    turn = _attempt(session, life, step, actor=actor, data=None, found=found)
    require_who(turn)
    _require_from(turn)
    require_guards(turn)


def _require_from(turn: Turn) -> None:
    if turn.case.state not in turn.step.sources:
        raise Blocked(Reason("life_not_from_this_state", {"step": turn.step.key, "state": turn.case.state}))


def record(turn: Turn, *, subject: tuple[str, int]) -> None:
    """The audit row of a step that was made, in the chain of what it belongs to."""
    basis = turn.step.basis
    audit.append(
        turn.session,
        turn.case.stream,
        actor=turn.actor,
        action="applications:life:move",
        role=turn.role,
        subject=subject,
        facts={
            **turn.facts,
            "procedure": turn.pack.code,
            "version": turn.pack.version,
            "step": turn.step.key,
            "from": turn.was,
            "to": turn.to_state,
        },
        legal_basis=None if basis == INTERNAL else basis,
        at=turn.at,
    )


def leads(pack: Pack, step: str, state: str) -> bool:
    """Whether a workflow knows this step from this state."""
    found = pack.step_by_key.get(step)
    return found is not None and state in found.sources


def steps_offered(session: Session, life: Life, *, actor: Actor) -> list[Step]:
    """The steps that the actor may ask for now."""
    pack = pack_of_version(session, life.version_id or _version_now(session, life))
    turns = [Turn(session, life, pack, step, actor, {}, now(), step.to or "") for step in pack.steps_from(life.state)]
    return [turn.step for turn in turns if admits(turn) and not list(guard_reasons(turn))]


def pinned_version(session: Session, procedure: str, on: date) -> int:
    """The version to which a life that begins on this day is pinned; the first, where it is older than all.

    Raises Blocked: its pack is not published.
    """
    begun, ended = ProcedureVersion.in_force_from <= on, ProcedureVersion.in_force_to < on
    chosen = (
        select(ProcedureVersion.id)
        .join(Procedure, Procedure.id == ProcedureVersion.procedure_id)
        .where(Procedure.code == procedure, or_(ProcedureVersion.in_force_to.is_(None), ~ended))
        .order_by(begun.desc(), ProcedureVersion.in_force_from.desc(), ProcedureVersion.version.desc())
    )
    found = session.scalar(chosen.limit(1))
    if found is None:
        raise Blocked(Reason("no_version_in_force", {"procedure": procedure}))
    return found


def _attempt(
    session: Session,
    life: Life,
    key: str,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None,
    found: Mapping[str, Any] | None,
) -> Turn:
    pack = workflow_of(session, life)
    step = pack.step_by_key.get(key)
    if step is None:
        raise NotFound
    known = Known(found=dict(found or {}))
    return Turn(session, life, pack, step, actor, data or {}, now(), step.to or life.state, known=known)


def _version_now(session: Session, life: Life) -> int:
    return pinned_version(session, life.PROCEDURE, local_date(now()))


def workflow_of(session: Session, life: Life) -> Pack:
    """Its pinned pack; what began before there were packs is pinned now."""
    if life.version_id is None:
        life.version_id = _version_now(session, life)
    return pack_of_version(session, life.version_id)

"""The one executor: only :func:`fire` changes the state of a case.

In one transaction it locks the case, checks who (403), from where and whether (409 with reasons), runs the
effects, settles the clocks, writes the event and its audit row, and enqueues letters, notices and jobs.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from applications import clockwork, correspondence, recording
from applications.firing import Event, Firing, Known, look_around
from applications.judging import (
    admits,
    checked_data,
    guard_reasons,
    require_from,
    require_guards,
    require_who,
    role_used,
    run_effects,
    same_person,
)
from applications.models import Case
from applications.packs.catalogue import pack_of_version
from applications.packs.model import INTERNAL, Step
from applications.recording import Record
from applications.registry import CASE_ALONE, LAST_EFFECTS
from applications.runs import changes_of
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound, Reason, Refusal

audit.register_actions({"applications:case:move": lazy_gettext("The dossier moved.")})


POINTLESS = frozenset({"opinion_not_awaited"})
"""Reasons that no work on the dossier takes away: what the step would answer was not asked."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that the actor may make, with the reasons that stand against it now."""

    step: Step
    reasons: tuple[Reason, ...]

    @property
    def is_possible(self) -> bool:
        return not self.reasons

    @property
    def is_pointless(self) -> bool:
        """Whether nobody waits for the step, so that its page need not say why it cannot be made."""
        return any(reason.code in POINTLESS for reason in self.reasons)


def fire(
    session: Session,
    case: Case,
    step: str,
    *,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    is_locked: bool = False,
) -> Event:
    """Make a step, or raise why not; the caller commits.

    ``is_locked`` says that this transaction read the case just now with the lock of :func:`lock`.

    Raises:
        NotFound: the pinned workflow has no such step.
        NotAllowed: this actor may not make it.
        Blocked: not from this state, or a guard has reasons against it.
        Invalid: the step's own questions are not answered soundly.
    """
    locked = case if is_locked else lock(session, case)
    with session.no_autoflush:  # one write per row, when all is decided
        firing = _attempt(session, locked, step, actor=actor, data=data or {}, at=now())
        look_around([firing], makes_event=True)
        record = _decide(firing)
        recording.write(session, [record])
        return record.event


def fire_together(
    session: Session, cases: Sequence[Case], step: str, *, actor: Actor, data: Mapping[str, Any]
) -> dict[int, Refusal | None]:
    """Make a step on several dossiers, read just now with their locks; by case what refused it, or None for a step
    that was made. What refuses one leaves the others alone: its case stays as it was.

    For steps that :func:`can_be_made_together` only; the caller commits.
    """
    outcomes: dict[int, Refusal | None] = {}
    records, at = [], now()
    with session.no_autoflush:
        firings = [_attempt(session, case, step, actor=actor, data=data, at=at) for case in cases]
        if firings:
            look_around(firings, makes_event=True)
        for firing in firings:
            try:
                records.append(_decide(firing))
                outcomes[firing.case.id] = None
            except Refusal as refusal:
                outcomes[firing.case.id] = refusal
                session.expire(firing.case)
        if records:
            recording.write(session, records)
    return outcomes


def can_be_made_together(step: Step) -> bool:
    """Whether making the step changes nothing but its case, so that several can be decided before any is written."""
    return CASE_ALONE.issuperset(step.effects)


def offers(session: Session, case: Case, *, actor: Actor, known: Known | None = None) -> list[Offer]:
    """What this actor may do with the case now, each with the reasons that still stand against it.

    ``known`` is what the caller has read of the case already.
    """
    pack = pack_of_version(session, case.version_id)
    known, at, found = known or Known(), now(), []
    for step in pack.steps_from(case.state):
        firing = Firing(session, case, pack, step, actor, {}, at, to_state=step.to or case.state, known=known)
        if offer := offer_of(firing):
            found.append(offer)
    return found


def offer_of(firing: Firing) -> Offer | None:
    """One step tried, if this actor may make it at all."""
    if not admits(firing):
        return None
    return Offer(firing.step, (*same_person(firing), *guard_reasons(firing)))


def require_makeable(session: Session, case: Case, step: str, *, actor: Actor) -> Step:
    """The step, if this actor may make it from here; its guards are not asked yet.

    Raises NotFound, NotAllowed or Blocked as :func:`fire` does.
    """
    firing = _attempt(session, case, step, actor=actor, data={}, at=now())
    require_who(firing)
    require_from(firing)
    return firing.step


def lock(session: Session, case: Case) -> Case:
    """The case as it stands, locked against everybody else until the transaction ends.

    Every table of its kind is locked: after waiting, PostgreSQL reads again only the rows that it locks.
    """
    model = type(case)
    return session.scalars(
        select(model).where(model.id == case.id).with_for_update().execution_options(populate_existing=True)
    ).one()


def _attempt(session: Session, case: Case, key: str, *, actor: Actor, data: Mapping[str, Any], at: datetime) -> Firing:
    pack = pack_of_version(session, case.version_id)
    step = pack.step_by_key.get(key)
    if step is None:
        raise NotFound
    return Firing(session, case, pack, step, actor, data, at, to_state=step.to or case.state)


def _move(firing: Firing) -> None:
    ordinary = [name for name in firing.step.effects if name not in LAST_EFFECTS]
    run_effects(firing, ordinary)
    case = firing.case
    firing.facts |= {"from": case.state, "to": firing.to_state}
    if firing.to_state != case.state:
        case.state = firing.to_state
        case.state_since = firing.at
    case.state_kind = firing.pack.state_by_key[firing.to_state].kind
    clockwork.settle(firing)
    case.updated_at = firing.at
    case.revision += 1
    case.steps_made += 1
    run_effects(firing, [name for name in firing.step.effects if name in LAST_EFFECTS])


def _decide(firing: Firing) -> Record:
    """Check everything, move the case, and say what the step leaves. Raises as :func:`fire` does."""
    require_who(firing)
    require_from(firing)
    firing.data = checked_data(firing)
    require_guards(firing)
    _move(firing)
    event = firing.event = _event(firing)
    record = Record(
        firing.case,
        event,
        _entry(firing, event),
        firing.known.stream_end,
        numbering=firing.numbering,
        link=correspondence.link_of(firing.case),
        letters=list(correspondence.letters(firing)),
        changes=changes_of(firing.case.id, firing.known.runs or ()),
    )
    correspondence.notify_people(firing, record)
    return record


def _entry(firing: Firing, event: Event) -> audit.AuditEntry:
    basis = firing.step.basis
    return audit.compose(
        firing.case.stream,
        actor=firing.actor,
        action="applications:case:move",
        role=event.role,
        subject=("case", firing.case.id),
        facts={
            **firing.facts,
            "step": firing.step.key,
            "event": event.seq,
            "version": firing.pack.version,
            "data": hashlib.sha256(orjson.dumps(dict(firing.data), option=orjson.OPT_SORT_KEYS)).hexdigest(),
        },
        legal_basis=None if basis == INTERNAL else basis,
        at=firing.at,
    )


def _event(firing: Firing) -> Event:
    case = firing.case
    return Event(
        id=firing.known.event_id,
        case_id=case.id,
        seq=case.steps_made,
        step=firing.step.key,
        from_state=firing.facts["from"],
        to_state=firing.facts["to"],
        at=firing.at,
        actor_kind=firing.actor.kind,
        person_id=firing.actor.person_id,
        role=role_used(firing),
        basis=firing.step.basis,
        data=dict(firing.data),
        version_id=case.version_id,
    )

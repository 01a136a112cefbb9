"""The one executor: only :func:`fire` changes the state of a case.

In one transaction it locks the case, checks who (403), from where and whether (409 with reasons), runs the
effects, settles the clocks, writes the event and its audit row, and enqueues letters, notices and jobs.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from flask_babel import lazy_gettext
from sqlalchemy import select, text
from sqlalchemy.orm import Session, make_transient_to_detached

from applications import clockwork, correspondence
from applications.firing import Firing, Known
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
from applications.models import Case, CaseEvent
from applications.numbering import Numbering, take_number
from applications.packs.catalogue import pack_of_version
from applications.packs.model import INTERNAL, Step
from applications.registry import LAST_EFFECTS
from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound, Reason
from foundation.prepared import prepare

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
) -> CaseEvent:
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
        firing.look_around(makes_event=True)
        require_who(firing)
        require_from(firing)
        firing.data = checked_data(firing)
        require_guards(firing)
        _move(firing)
        event = _record(firing)
        session.flush()
        return event


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
    if last := [name for name in firing.step.effects if name in LAST_EFFECTS]:
        firing.session.flush()
        run_effects(firing, last)


def _record(firing: Firing) -> CaseEvent:
    event = firing.event = _event(firing)
    entry = _entry(firing, event)
    if firing.numbering is None:
        audit.write(firing.session, entry, firing.known.stream_end)
        _write(firing.session, event, correspondence.letter(firing))
        correspondence.notify_people(firing)
    else:
        _record_with_number(firing, firing.numbering, event, entry)
    make_transient_to_detached(event)
    firing.session.add(event)  # as if the session had written it
    return event


def _entry(firing: Firing, event: CaseEvent) -> audit.AuditEntry:
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


def _record_with_number(firing: Firing, waiting: Numbering, event: CaseEvent, entry: audit.AuditEntry) -> None:
    """As other steps are recorded, but in the one statement that takes the dossier's number."""
    letter = _letters(correspondence.letter(firing))
    correspondence.notify_people(firing)
    firing.session.flush()  # before anybody waits for us
    waiting.entry = entry
    link = correspondence.link_of(firing.case)
    code = take_number(
        firing.session, firing.case, waiting, end=firing.known.stream_end, event=_row(event), letters=letter, link=link
    )
    firing.facts["code"] = code


RECORD = prepare(
    text(
        """
        WITH event AS (
          INSERT INTO case_events (id, case_id, seq, step, from_state, to_state, at, actor_kind, person_id, role, basis,
                                   data, version_id)
          VALUES (:id, :case_id, :seq, :step, :from_state, :to_state, :at, :actor_kind, :person_id, :role, :basis,
                  CAST(:data AS jsonb), :version_id)
        )
        INSERT INTO letters (case_id, event_id, letter, number, code, template, facts, created_at)
        SELECT :case_id, :id, written->>'letter', written->>'number', written->>'code', written->>'template',
               written->'facts', :at
          FROM jsonb_array_elements(CAST(:letters AS jsonb)) written
        """
    )
)


def _write(session: Session, event: CaseEvent, letter: Mapping[str, Any] | None) -> None:
    """The event and its letter in one statement."""
    RECORD.run(session, **_row(event), letters=_letters(letter))


def _row(event: CaseEvent) -> dict[str, Any]:
    row = {column.key: getattr(event, column.key) for column in CaseEvent.__table__.columns}
    return row | {"data": orjson.dumps(event.data).decode()}


def _letters(letter: Mapping[str, Any] | None) -> str:
    return orjson.dumps([letter] if letter else []).decode()


def _event(firing: Firing) -> CaseEvent:
    case = firing.case
    return CaseEvent(
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

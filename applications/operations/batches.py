"""One step on many dossiers: tried first where they are many, then made on each by itself, once, its outcome kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from accounts.actors import actor_of_person
from applications.batches import (
    BATCH_ROLES,
    MOST,
    Tried,
    make_step,
    reasons_of,
    step_for_many,
    try_step,
    within_reach,
)
from applications.engine import can_be_made_together, fire_together
from applications.models import Batch, BatchItem, Case
from applications.models.batches import IMPOSSIBLE, LEFT, MADE, POSSIBLE, REFUSED, UNTRIED, WAITING
from applications.packs.model import Step
from applications.visibility import cases_for_change
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, NotAllowed, NotFound, Reason, Refusal
from foundation.facts import plain
from foundation.jobs import Task, defer, task
from foundation.reasons import WORK_FAILED, register_reasons

AT_ONCE = 50
"""Dossiers that one request comes to; more are left to a job."""
TRIED_AT_ONCE = 20
"""Dossiers that one request tries a step on; more are left to a job."""
TOGETHER = 25
"""Dossiers that are held, decided and written together."""
FAILED = [{"code": WORK_FAILED, "facts": {}}]


def start_batch(
    session: Session,
    batch_id: UUID,
    step: str,
    chosen: Sequence[tuple[int, int]],
    *,
    data: Mapping[str, Any],
    actor: Actor,
    outcome: str = WAITING,
) -> None:
    """Note what is asked: dossiers with the revisions looked at. Asked again, the batch stays as it is.

    Raises NotAllowed for who is nobody, NotFound for somebody else's batch, Blocked for none or too many dossiers.
    """
    if actor.person_id is None:
        raise NotAllowed
    if not 1 <= len(chosen) <= MOST:
        raise Blocked(Reason("choose_dossiers", {"most": MOST}))
    values = {
        "id": batch_id,
        "person_id": actor.person_id,
        "step": step,
        "data": plain(data),
        "asked_at": now(),
    }
    is_new = session.scalar(insert(Batch).values(**values).on_conflict_do_nothing().returning(Batch.id)) is not None
    if not is_new:
        own_batch(session, batch_id, actor)
        return
    session.add_all(
        BatchItem(batch_id=batch_id, case_id=case_id, place=place, revision=revision, outcome=outcome)
        for place, (case_id, revision) in enumerate(chosen, 1)
    )
    session.flush()


def start_trial(
    session: Session,
    batch_id: UUID,
    step: str,
    chosen: Sequence[tuple[int, int]],
    *,
    data: Mapping[str, Any],
    actor: Actor,
) -> None:
    """Have the step tried on many dossiers by a job, as ``start_batch`` notes them; nothing is made yet."""
    start_batch(session, batch_id, step, chosen, data=data, actor=actor, outcome=UNTRIED)
    _defer(session, try_untried_items, batch_id, actor)


def confirm_batch(session: Session, batch_id: UUID, *, actor: Actor) -> None:
    """Have the step made where the trial found it possible. Pressed again, it changes nothing more.

    Raises NotFound for somebody else's batch, and Blocked while it is being tried.
    """
    own_batch(session, batch_id, actor)
    if items_with(session, batch_id, UNTRIED):
        raise Blocked("still_being_tried")
    confirmed = (BatchItem.batch_id == batch_id, BatchItem.outcome == POSSIBLE)
    session.execute(update(BatchItem).where(*confirmed).values(outcome=WAITING))
    _defer(session, make_waiting_items, batch_id, actor)


def cancel_batch(session: Session, batch_id: UUID, *, actor: Actor) -> None:
    """Leave the dossiers that nobody came to yet as they are; what is made stays made. Raises NotFound.

    A dossier that is just being worked on is waited for, and keeps the outcome it gets.
    """
    own_batch(session, batch_id, actor)
    ahead = (BatchItem.batch_id == batch_id, BatchItem.outcome.in_([UNTRIED, POSSIBLE, WAITING]))
    session.execute(update(BatchItem).where(*ahead).values(outcome=LEFT))


def own_batch(session: Session, batch_id: UUID, actor: Actor) -> Batch:
    """A batch of the actor's own. Raises NotFound."""
    batch = session.scalar(select(Batch).where(Batch.id == batch_id, Batch.person_id == actor.person_id))
    if batch is None:
        raise NotFound
    return batch


def items_with(session: Session, batch_id: UUID, outcome: str) -> Sequence[int]:
    """The dossiers of a batch with this outcome, in their order."""
    query = select(BatchItem.case_id).where(BatchItem.batch_id == batch_id, BatchItem.outcome == outcome)
    return session.scalars(query.order_by(BatchItem.place)).all()


def make_items(session: Session, batch_id: UUID, *, actor: Actor) -> None:
    """Come to each waiting dossier of the actor's batch: few of them now, many by a job."""
    waiting = items_with(session, batch_id, WAITING)
    if len(waiting) > AT_ONCE:
        _defer(session, make_waiting_items, batch_id, actor)
        session.commit()
        return
    _make(session, batch_id, waiting, actor=actor)


def _defer(session: Session, task: Task, batch_id: UUID, actor: Actor) -> None:
    """Leave the batch to a job; never two at a time."""
    defer(session, task, lock=f"batch:{batch_id}", batch_id=str(batch_id), person_id=actor.person_id)


def _make(session: Session, batch_id: UUID, case_ids: Sequence[int], *, actor: Actor) -> None:
    """Some at a time in a transaction of their own, so that what is done stays done and can be seen; by themselves
    where they cannot be made together."""
    for first in range(0, len(case_ids), TOGETHER):
        some = case_ids[first : first + TOGETHER]
        try:
            is_done = make_together(session, batch_id, some, actor=actor)
        except DBAPIError:  # one of them spoils it for all: let each find out
            is_done = False
        if is_done:
            session.commit()
            continue
        session.rollback()
        for case_id in some:
            make_item(session, batch_id, case_id, actor=actor)
            session.commit()


def make_together(session: Session, batch_id: UUID, case_ids: Sequence[int], *, actor: Actor) -> bool:
    """Make the step on these dossiers of the actor's batch, or note why not; one that refuses leaves the others alone.

    All are held before the first is decided. False where the step does more than move its dossier.
    """
    batch = own_batch(session, batch_id, actor)
    waiting = _held_items(session, batch_id, case_ids)
    cases = {case.id: case for case in cases_for_change(session, list(waiting), BATCH_ROLES, actor=actor)}
    outcomes: dict[int, Refusal | None] = {}
    possible = []
    for case_id, item in waiting.items():
        try:
            step = _require_unmoved(session, cases.get(case_id), item, batch.step)
        except Refusal as refusal:
            outcomes[case_id] = refusal
            continue
        if not can_be_made_together(step):
            return False
        possible.append(cases[case_id])
    outcomes |= fire_together(session, possible, batch.step, actor=actor, data=batch.data)
    _note_outcomes(session, batch_id, outcomes, waiting)
    return True


def _held_items(session: Session, batch_id: UUID, case_ids: Sequence[int]) -> dict[int, BatchItem]:
    query = select(BatchItem).where(
        BatchItem.batch_id == batch_id, BatchItem.case_id.in_(case_ids), BatchItem.outcome == WAITING
    )
    held = query.order_by(BatchItem.case_id).with_for_update().execution_options(populate_existing=True)
    return {item.case_id: item for item in session.scalars(held)}


def _require_unmoved(session: Session, case: Case | None, item: BatchItem, step: str) -> Step:
    """The step that can be made on the case as it was looked at. Raises NotFound, Blocked."""
    if case is None:
        raise NotFound
    if case.revision != item.revision:
        raise Blocked("moved_meanwhile")
    return step_for_many(session, case, step)


def _note_outcomes(
    session: Session,
    batch_id: UUID,
    outcomes: Mapping[int, Refusal | None],
    items: Mapping[int, BatchItem],
) -> None:
    made = [case_id for case_id, refusal in outcomes.items() if refusal is None]
    if made:
        done = (BatchItem.batch_id == batch_id, BatchItem.case_id.in_(made))
        session.execute(update(BatchItem).where(*done).values(outcome=MADE))
    for case_id, refusal in outcomes.items():
        if refusal is not None:
            items[case_id].outcome, items[case_id].reasons = REFUSED, list(_kept(reasons_of(refusal)))
    session.flush()


def note_failure(session: Session, *, batch_id: str, person_id: int, error: Exception) -> None:
    """Say of what nobody will come to any more that it was not done, or cannot be."""
    for before, after in ((WAITING, REFUSED), (UNTRIED, IMPOSSIBLE)):
        ahead = (BatchItem.batch_id == UUID(batch_id), BatchItem.outcome == before)
        session.execute(update(BatchItem).where(*ahead).values(outcome=after, reasons=FAILED))


@task("applications:batch:make", attempts=5, given_up=note_failure)
def make_waiting_items(session: Session, *, batch_id: str, person_id: int) -> None:
    """Go on with a large batch where it stands."""
    actor, batch = actor_of_person(session, person_id), UUID(batch_id)
    _make(session, batch, items_with(session, batch, WAITING), actor=actor)


@task("applications:batch:try", attempts=5, given_up=note_failure)
def try_untried_items(session: Session, *, batch_id: str, person_id: int) -> None:
    """Go on trying a large batch where it stands, each dossier in a transaction of its own that is undone."""
    actor = actor_of_person(session, person_id)
    batch = own_batch(session, UUID(batch_id), actor)
    number, step, data = batch.id, batch.step, batch.data
    for case_id in items_with(session, number, UNTRIED):
        for tried in try_step(session, [case_id], step, data, actor):
            _note_trial(session, number, tried)
        session.commit()


def _note_trial(session: Session, batch_id: UUID, tried: Tried) -> None:
    """The revision that was tried is the one that may be moved; a dossier left meanwhile stays so."""
    item = (BatchItem.batch_id == batch_id, BatchItem.case_id == tried.case_id, BatchItem.outcome == UNTRIED)
    found = {"outcome": IMPOSSIBLE if tried.reasons else POSSIBLE, "reasons": list(_kept(tried.reasons))}
    session.execute(update(BatchItem).where(*item).values(revision=tried.revision, **found))


def make_item(session: Session, batch_id: UUID, case_id: int, *, actor: Actor) -> None:
    """Make the step on one dossier of the actor's batch, or note why not; a second press finds it done."""
    batch = own_batch(session, batch_id, actor)
    item = session.get_one(BatchItem, (batch_id, case_id), with_for_update=True, populate_existing=True)
    if item.outcome != WAITING:
        return
    try:
        with session.begin_nested():
            case = within_reach(session, case_id, actor)
            if case.revision != item.revision:
                raise Blocked("moved_meanwhile")
            make_step(session, case, batch.step, batch.data, actor)
    except Refusal as refusal:
        item.outcome, item.reasons = REFUSED, list(_kept(reasons_of(refusal)))
    else:
        item.outcome = MADE
    session.flush()


def _kept(reasons: Iterable[Reason]) -> Iterator[Mapping[str, Any]]:
    for reason in reasons:
        yield {"code": reason.code, "facts": plain(reason.facts)}


register_reasons(
    {
        "choose_dossiers": lazy_gettext("Choose between one and %(most)s dossiers."),
        "still_being_tried": lazy_gettext("The dossiers are still being looked at. Wait until each has its answer."),
    }
)

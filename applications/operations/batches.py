"""Making one step on many dossiers: each by itself, once, with its outcome kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from accounts.actors import actor_of_person
from applications.batches import MOST, make_step, reasons_of, within_reach
from applications.models import Batch, BatchItem
from applications.models.batches import MADE, REFUSED, WAITING
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, NotAllowed, NotFound, Reason, Refusal
from foundation.facts import plain
from foundation.jobs import defer, task
from foundation.reasons import WORK_FAILED, register_reasons

AT_ONCE = 50
"""Dossiers that one request comes to; more are left to a job."""


def start_batch(
    session: Session,
    batch_id: UUID,
    step: str,
    chosen: Sequence[tuple[int, int]],
    *,
    data: Mapping[str, Any],
    actor: Actor,
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
        BatchItem(batch_id=batch_id, case_id=case_id, place=place, revision=revision)
        for place, (case_id, revision) in enumerate(chosen, 1)
    )
    session.flush()


def own_batch(session: Session, batch_id: UUID, actor: Actor) -> Batch:
    """A batch of the actor's own. Raises NotFound."""
    batch = session.scalar(select(Batch).where(Batch.id == batch_id, Batch.person_id == actor.person_id))
    if batch is None:
        raise NotFound
    return batch


def waiting_items(session: Session, batch_id: UUID) -> Sequence[int]:
    """The dossiers of a batch that nobody has come to yet, in their order."""
    query = select(BatchItem.case_id).where(BatchItem.batch_id == batch_id, BatchItem.outcome == WAITING)
    return session.scalars(query.order_by(BatchItem.place)).all()


def make_items(session: Session, batch_id: UUID, *, actor: Actor) -> None:
    """Come to each waiting dossier of the actor's batch: few of them now, many by a job."""
    waiting = waiting_items(session, batch_id)
    if len(waiting) > AT_ONCE:
        lock = f"batch:{batch_id}"
        defer(session, make_waiting_items, lock=lock, batch_id=str(batch_id), person_id=actor.person_id)
        session.commit()
        return
    _make(session, batch_id, waiting, actor=actor)


def _make(session: Session, batch_id: UUID, case_ids: Iterable[int], *, actor: Actor) -> None:
    """Each in a transaction of its own, so that what is done stays done and can be seen."""
    for case_id in case_ids:
        make_item(session, batch_id, case_id, actor=actor)
        session.commit()


def note_failure(session: Session, *, batch_id: str, person_id: int, error: Exception) -> None:
    """Say of what nobody will come to any more that it was not done."""
    waiting = (BatchItem.batch_id == UUID(batch_id), BatchItem.outcome == WAITING)
    reasons = [{"code": WORK_FAILED, "facts": {}}]
    session.execute(update(BatchItem).where(*waiting).values(outcome=REFUSED, reasons=reasons))


@task("applications:batch:make", attempts=5, given_up=note_failure)
def make_waiting_items(session: Session, *, batch_id: str, person_id: int) -> None:
    """Go on with a large batch where it stands."""
    actor, batch = actor_of_person(session, person_id), UUID(batch_id)
    _make(session, batch, waiting_items(session, batch), actor=actor)


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
        item.outcome, item.reasons = REFUSED, list(_kept(refusal))
    else:
        item.outcome = MADE
    session.flush()


def _kept(refusal: Refusal) -> Iterator[Mapping[str, Any]]:
    for reason in reasons_of(refusal):
        yield {"code": reason.code, "facts": plain(reason.facts)}


register_reasons({"choose_dossiers": lazy_gettext("Choose between one and %(most)s dossiers.")})

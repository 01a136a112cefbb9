"""Dossiers chosen in the queue, the steps that fit them together, and what became of a batch."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person, Unit
from accounts.queries.holders import people_holding
from applications.batches import BATCH_ROLES, MOST, steps_for_many
from applications.models import Batch, BatchItem, Case
from applications.models.batches import IMPOSSIBLE, LEFT, MADE, REFUSED, UNTRIED, WAITING
from applications.packs.catalogue import pack_of_version
from applications.packs.model import FieldSpec, Pack, State, Step
from applications.queries.lists import Filters, listing
from applications.queries.urgency import most_urgent
from applications.registry import WHO
from applications.visibility import READING_ROLES, staff_cases
from foundation.actors import Actor
from foundation.errors import NotFound, Reason


@dataclass(frozen=True, slots=True)
class Chosen:
    """A dossier that was chosen."""

    row: Any
    pack: Pack
    state: State


@dataclass(frozen=True, slots=True)
class StepForMany:
    """A step that may be made on some of the chosen dossiers, by what is known before it is tried."""

    step: Step
    chosen: Sequence[Chosen]


def chosen_cases(session: Session, keys: Collection[str], *, actor: Actor) -> list[Chosen]:
    """Those of these dossiers that the actor's roles reach, most urgent first."""
    within = (Case.key.in_(list(dict.fromkeys(keys))[:MOST]), Case.state_kind != "draft")
    query = listing().where(*within, staff_cases(actor, BATCH_ROLES)).order_by(Case.urgent_at, Case.id)
    rows = session.execute(query).all()
    packs = [(row, pack_of_version(session, row.version_id)) for row in rows]
    return [Chosen(row, pack, pack.state_by_key[row.state]) for row, pack in packs]


def keys_matching(session: Session, filters: Filters, *, actor: Actor) -> list[str]:
    """The dossiers that these filters of the queue leave, the most urgent first, as many as one batch takes."""
    return [row.key for row in most_urgent(session, filters, actor=actor, size=MOST).rows]


def steps_together(chosen: Sequence[Chosen], *, actor: Actor) -> list[StepForMany]:
    """The steps that the actor's roles may make on some of them, those for most dossiers first."""
    found: dict[str, tuple[Step, list[Chosen]]] = {}
    for one in chosen:
        for step in steps_for_many(one.pack, one.row.state):
            if _may(step, one, actor):
                found.setdefault(step.key, (step, []))[1].append(one)
    return sorted((StepForMany(*entry) for entry in found.values()), key=lambda entry: -len(entry.chosen))


def _may(step: Step, one: Chosen, actor: Actor) -> bool:
    """Whether a role of the actor is named for the step; what else is asked is found out on trial."""
    names = [name for name in step.who.names() if name not in WHO]
    return actor.has_role(*names, procedure=one.pack.code, unit_id=one.row.unit_id)


def people_for(session: Session, step: StepForMany) -> dict[str, list[tuple[int, str]]]:
    """For each question on a person: who can be chosen for any of the dossiers, by name."""
    pairs = {(one.pack.code, one.row.unit_id): one.pack for one in step.chosen}
    found: dict[str, list[tuple[int, str]]] = {}
    for spec in step.step.asks:
        if spec.type != "person":
            continue
        roles = [spec.limits["role"]] if "role" in spec.limits else list(READING_ROLES)
        people = set()
        for code, unit_id in pairs:
            holders = people_holding(roles, procedure=code, unit=session.get_one(Unit, unit_id))
            people |= {(row.id, row.full_name) for row in session.execute(_named(holders))}
        found[spec.key] = sorted(people, key=lambda person: (person[1], person[0]))
    return found


def _named(ids: Any) -> Any:
    return select(Person.id, Person.full_name).where(Person.id.in_(ids))


@dataclass(frozen=True, slots=True)
class ItemDone:
    """A dossier of a batch, and why nothing was done with it, if so."""

    chosen: Chosen
    outcome: str
    reasons: Sequence[Reason]


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch as its page shows it; ``given`` are the answers that hold for all its dossiers."""

    batch: Batch
    step: Step | None
    items: Sequence[ItemDone]
    given: Sequence[tuple[FieldSpec, Any]]

    def count(self, *outcomes: str) -> int:
        return sum(item.outcome in outcomes for item in self.items)

    @property
    def stage(self) -> str:
        """``trying``, ``ready`` to be confirmed, ``making``, or ``done``."""
        if self.count(UNTRIED):
            return "trying"
        if self.count(WAITING):
            return "making"
        return "done" if self.count(MADE, REFUSED, LEFT) else "ready"

    @property
    def ahead(self) -> int:
        """How many dossiers nobody has come to yet."""
        return self.count(UNTRIED, WAITING)

    @property
    def undone(self) -> int:
        """How many were not done, though they were not left on purpose."""
        return self.count(REFUSED, IMPOSSIBLE)


def batch_view(session: Session, batch_id: UUID, *, actor: Actor) -> BatchView:
    """What became of a batch of the actor's own; once all are done, what could not be stands first. Raises NotFound."""
    batch = session.scalar(select(Batch).where(Batch.id == batch_id, Batch.person_id == actor.person_id))
    if batch is None:
        raise NotFound
    query = (
        listing()
        .add_columns(BatchItem.outcome, BatchItem.reasons)
        .join(BatchItem, BatchItem.case_id == Case.id)
        .where(BatchItem.batch_id == batch_id)
        .order_by(BatchItem.place)
    )
    items = []
    for row in session.execute(query):
        pack = pack_of_version(session, row.version_id)
        reasons = [Reason(kept["code"], kept["facts"]) for kept in row.reasons]
        items.append(ItemDone(Chosen(row, pack, pack.state_by_key[row.state]), row.outcome, reasons))
    if not any(item.outcome in (UNTRIED, WAITING) for item in items):
        items.sort(key=lambda item: item.outcome not in (REFUSED, IMPOSSIBLE))
    steps = (item.chosen.pack.step_by_key.get(batch.step) for item in items)
    step = next((step for step in steps if step is not None), None)
    return BatchView(batch, step, items, _given(session, batch, step))


def _given(session: Session, batch: Batch, step: Step | None) -> list[tuple[FieldSpec, Any]]:
    """What was answered for all, people by their names."""
    asked = [(spec, batch.data[spec.key]) for spec in (step.asks if step else ()) if spec.key in batch.data]
    chosen = [value for spec, value in asked if spec.type == "person"]
    names: dict[int, str] = {row.id: row.full_name for row in session.execute(_named(chosen))} if chosen else {}
    return [(spec, names.get(value, value) if spec.type == "person" else value) for spec, value in asked]

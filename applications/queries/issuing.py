"""What an issuer issues: the dossiers whose decision is drafted, and what became of each in a round."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session, selectinload

from applications.engine import offer_of
from applications.firing import Firing, Known
from applications.issuing import MOST, Issuable, deciding_steps
from applications.models import Case, CaseEvent, Conflict, IssuingItem, IssuingRound, Letter, Procedure
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.queries.lists import listing
from applications.queries.procedures import known_procedures
from applications.queries.steps import FOUR_EYES
from applications.visibility import staff_cases
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound, Reason
from foundation.paging import Order, Page, page_of_columns
from foundation.wording import Trilingual

PATIENCE = timedelta(minutes=10)
BY_URGENCY = Order((Case.urgent_at, Case.id))
ISSUING_ROLES = ("issuer",)


@dataclass(frozen=True, slots=True)
class ItemView:
    """One decision of a round with its dossier, and its letter once it is issued."""

    item: IssuingItem
    case: Case
    pack: Pack
    letter: Letter | None

    @property
    def reasons(self) -> list[tuple[Trilingual | None, Reason]]:
        """Why it was refused: the question it concerns, if any, and the reason."""
        labels = {spec.key: spec.label for spec in self.pack.step_by_key[self.item.step].asks}
        return [
            (labels.get((kept["field"] or "").split(".")[0]), Reason(kept["code"], kept["facts"]))
            for kept in self.item.reasons
        ]


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as its page shows it."""

    round: IssuingRound
    items: Sequence[ItemView]

    def count(self, *outcomes: str) -> int:
        """How many decisions have one of these outcomes."""
        return sum(view.item.outcome in outcomes for view in self.items)

    @property
    def is_done(self) -> bool:
        return self.count("waiting") == 0

    @property
    def is_slow(self) -> bool:
        """Whether some still wait although the worker should have come to them long ago."""
        return not self.is_done and now() - self.round.started_at > PATIENCE


def issuable_page(session: Session, *, actor: Actor, cursor: str | None, size: int = MOST) -> Page[Issuable]:
    """The dossiers that wait for their decision within the actor's reach, most urgent first."""
    query = listing().where(*awaiting_decision(session, actor))
    page = page_of_columns(session, query, BY_URGENCY, after=cursor, size=size)
    return Page(list(_issuables(session, page.rows, actor)), page.next_cursor)


def chosen(session: Session, keys: Collection[str], *, actor: Actor) -> list[Issuable]:
    """Those of these dossiers whose decision the actor can issue, in the order of urgency."""
    query = listing().where(
        staff_cases(actor, ISSUING_ROLES), Case.state_kind == "open", Case.key.in_(list(keys)[:MOST])
    )
    rows = session.execute(query.order_by(Case.urgent_at, Case.id)).all()
    return [found for found in _issuables(session, rows, actor) if not found.is_own_draft]


def awaiting_decision(session: Session, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """What holds for the dossiers whose decision is drafted, within the actor's reach; procedures are joined."""
    return staff_cases(actor, ISSUING_ROLES), Case.state_kind == "open", _awaiting(session)


def _awaiting(session: Session) -> ColumnElement[bool]:
    """In a state, of the version in force, from which a step decides."""
    states = [
        and_(Procedure.code == known.code, Case.state == state.key)
        for known in known_procedures(session)
        for state in known.pack.states
        if any(deciding_steps(known.pack, state.key))
    ]
    return or_(*states) if states else false()


def _issuables(session: Session, rows: Sequence[Any], actor: Actor) -> Iterator[Issuable]:
    ids = [row.id for row in rows]
    cases = {case.id: case for case in session.scalars(select(Case).where(Case.id.in_(ids)))}
    events = _events(session, ids)
    organisations = {case.organisation_id for case in cases.values() if case.organisation_id is not None}
    declared = _declared_interests(session, actor, organisations)
    for row in rows:
        case = cases[row.id]
        known = Known(events[row.id], has_declared_interest=case.organisation_id in declared)
        if found := _issuable(session, row, case, actor, known):
            yield found


def _declared_interests(session: Session, actor: Actor, organisations: Collection[int]) -> set[int]:
    """The organisations in which the actor declared an interest."""
    query = select(Conflict.organisation_id).where(
        Conflict.person_id == actor.person_id, Conflict.organisation_id.in_(organisations)
    )
    return set(session.scalars(query))


def _issuable(session: Session, row: Any, case: Case, actor: Actor, known: Known) -> Issuable | None:
    """The dossier with the one step that decides it as it stands, if the actor may make it."""
    pack = pack_of_version(session, case.version_id)
    for step in deciding_steps(pack, case.state):
        offer = offer_of(Firing(session, case, pack, step, actor, {}, now(), to_state=step.to or "", known=known))
        if offer is not None and all(reason.code == FOUR_EYES for reason in offer.reasons):
            return Issuable(row, case, pack, step, is_own_draft=bool(offer.reasons))
    return None


def _events(session: Session, ids: Sequence[int]) -> Mapping[int, list[CaseEvent]]:
    found: dict[int, list[CaseEvent]] = defaultdict(list)
    for event in session.scalars(select(CaseEvent).where(CaseEvent.case_id.in_(ids)).order_by(CaseEvent.seq)):
        found[event.case_id].append(event)
    return found


def round_view(session: Session, round_id: int, *, actor: Actor) -> RoundView:
    """A round of the actor's own. Raises NotFound."""
    found = session.scalar(
        select(IssuingRound)
        .where(IssuingRound.id == round_id, IssuingRound.person_id == actor.person_id)
        .options(selectinload(IssuingRound.items))
    )
    if found is None:
        raise NotFound
    cases = {
        case.id: case
        for case in session.scalars(select(Case).where(Case.id.in_([item.case_id for item in found.items])))
    }
    events = [item.event_id for item in found.items if item.event_id is not None]
    letters = {row.event_id: row for row in session.scalars(select(Letter).where(Letter.event_id.in_(events)))}
    return RoundView(found, [_item(session, item, cases[item.case_id], letters) for item in found.items])


def _item(session: Session, item: IssuingItem, case: Case, letters: Mapping[int, Letter]) -> ItemView:
    letter = letters.get(item.event_id) if item.event_id is not None else None
    return ItemView(item, case, pack_of_version(session, case.version_id), letter)


def latest_rounds(session: Session, *, actor: Actor) -> Sequence[Any]:
    """The actor's last rounds: rows of id, started_at, and how many were issued, refused, and wait."""
    counts = [
        func.count().filter(IssuingItem.outcome == outcome).label(outcome)
        for outcome in ("issued", "refused", "waiting")
    ]
    query = (
        select(IssuingRound.id, IssuingRound.started_at, *counts)
        .join(IssuingItem, IssuingItem.round_id == IssuingRound.id)
        .where(IssuingRound.person_id == actor.person_id)
        .group_by(IssuingRound.id)
        .order_by(IssuingRound.id.desc())
        .limit(5)
    )
    return session.execute(query).all()

"""What an issuer issues: the dossiers whose decision is drafted, and what became of each in a round."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, column, func, select, true, tuple_, values
from sqlalchemy.orm import Session, selectinload

from applications.engine import offer_of
from applications.firing import Firing, Known
from applications.issuing import MOST, Issuable, deciding_steps
from applications.models import Case, CaseEvent, Conflict, IssuingItem, IssuingRound, Letter
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.queries.lists import listing
from applications.queries.procedures import known_procedures
from applications.queries.steps import FOUR_EYES
from applications.queries.urgency import BY_URGENCY, each_of, units_within
from applications.visibility import staff_cases
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound, Reason
from foundation.paging import Page, page_from, portion
from foundation.prepared import inline
from foundation.wording import Trilingual

PATIENCE = timedelta(minutes=10)
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
    awaiting = sorted(_awaiting(session))
    if not awaiting:
        return Page([], None)
    first = _first(awaiting, actor, cursor, size).subquery()
    query = listing().join(first, first.c.id == Case.id).order_by(*BY_URGENCY.columns)
    page = page_from(list(session.execute(query)), BY_URGENCY, size=size)
    return Page(list(_issuables(session, page.rows, actor)), page.next_cursor)


def _first(awaiting: Sequence[tuple[int, str]], actor: Actor, cursor: str | None, size: int) -> Select[Any]:
    """Which dossiers stand on the page: the first of each state, and of each unit where the actor has units, together
    contain the first of all; an index holds each of them in order.
    """
    named = (column("procedure_id", BigInteger), column("state", String))
    place = values(*named, name="place").data(list(awaiting)).alias("place")
    reached: Any = select(Case.id, Case.urgent_at).where(
        Case.state_kind == inline("open"),
        Case.procedure_id == place.c.procedure_id,
        Case.state == place.c.state,
        staff_cases(actor, ISSUING_ROLES),
    )
    branches: Any = place
    if units := units_within(actor, ISSUING_ROLES):
        unit = each_of(units, "unit")
        reached = reached.where(Case.unit_id == unit.c.value)
        branches = place.join(unit, true())
    branch = portion(reached, BY_URGENCY, after=cursor, size=size).lateral("branch")
    together = select(branch.c.id, branch.c.urgent_at).select_from(branches.join(branch, true()))
    return together.order_by(branch.c.urgent_at, branch.c.id).limit(size + 1)


def chosen(session: Session, keys: Collection[str], *, actor: Actor) -> list[Issuable]:
    """Those of these dossiers whose decision the actor can issue, in the order of urgency."""
    query = listing().where(
        staff_cases(actor, ISSUING_ROLES), Case.state_kind == "open", Case.key.in_(list(keys)[:MOST])
    )
    rows = session.execute(query.order_by(Case.urgent_at, Case.id)).all()
    return [found for found in _issuables(session, rows, actor) if not found.is_own_draft]


def awaiting_decision(session: Session, actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """What holds for the dossiers whose decision is drafted, within the actor's reach."""
    awaited = tuple_(Case.procedure_id, Case.state).in_(sorted(_awaiting(session)))
    return staff_cases(actor, ISSUING_ROLES), Case.state_kind == inline("open"), awaited


def _awaiting(session: Session) -> set[tuple[int, str]]:
    """Procedures with their states, of the version in force, from which a step decides."""
    return {
        (known.id, state.key)
        for known in known_procedures(session)
        for state in known.pack.states
        if any(deciding_steps(known.pack, state.key))
    }


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

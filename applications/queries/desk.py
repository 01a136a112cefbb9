"""The desk of those who apply: what they owe, then all their other dossiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select, tuple_
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications.models import Case, ClockRun, Procedure, ProcedureVersion
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, State
from applications.queries.lists import PAGE_SIZE, PROMISED, listing
from applications.visibility import own_cases, written_cases
from foundation.actors import Actor
from foundation.paging import Order, Page, page_from, page_of_columns, portion
from foundation.prepared import Prepared, inline, prepare
from foundation.revisions import kept

SUPPLEMENTS_FIRST = Order((Case.state_kind, Case.updated_at, Case.id), is_descending=True)
"""What the authority waits for, then drafts; last changed first."""

LAST_CHANGED_FIRST = Order((Case.updated_at, Case.id), is_descending=True)
MOST_DRAFTS = 5


@dataclass(frozen=True, slots=True)
class DeskView:
    """Two lists: ``owed`` waits for the applicant, until ``answer_due_at`` if that is set; ``others`` do not."""

    owed: Page[Any]
    others: Page[Any]
    packs: Mapping[int, Pack]
    states: Mapping[tuple[int, str], State]


def desk_view(session: Session, *, actor: Actor, owed_after: str | None = None, after: str | None = None) -> DeskView:
    """The dossiers of the actor's organisations and those the actor registered, in the two lists."""
    waiting = kept(session, "procedures", "waiting for the applicant", lambda: _waiting(session))
    owed = page_from(_owed(actor, waiting, owed_after).rows(session), SUPPLEMENTS_FIRST, size=PAGE_SIZE)
    others = page_from(_others(actor, waiting, after).rows(session), LAST_CHANGED_FIRST, size=PAGE_SIZE)
    found = {(row.version_id, row.state) for row in (*owed.rows, *others.rows)}
    packs = {version: pack_of_version(session, version) for version in sorted({version for version, _ in found})}
    states = {(version, state): packs[version].state_by_key[state] for version, state in found}
    return DeskView(owed, others, packs, states)


Waiting = frozenset[tuple[int, str]]


def _waiting(session: Session) -> Waiting:
    """Versions of procedures with their states in which the applicant has to act: drafts, and what is theirs to do."""
    return frozenset(
        (version, state.key)
        for version in session.scalars(select(ProcedureVersion.id))
        for state in pack_of_version(session, version).states
        if state.kind == "draft" or (state.kind == "open" and state.responsible == "applicant")
    )


@lru_cache(maxsize=256)
def _owed(actor: Actor, waiting: Waiting, after: str | None) -> Prepared:
    """Chosen by an index that holds all that is asked for, so that only the rows that are shown are read."""
    answer_due_at = (
        select(func.min(ClockRun.due_at))
        .where(ClockRun.case_id == Case.id, ClockRun.responsible == "applicant", ClockRun.ended_at.is_(None))
        .scalar_subquery()
    )
    owed = select(Case.id).where(written_cases(actor), *_waits(waiting))
    shown = portion(owed, SUPPLEMENTS_FIRST, after=after, size=PAGE_SIZE).subquery()
    query = listing().add_columns(answer_due_at.label("answer_due_at")).join(shown, shown.c.id == Case.id)
    return prepare(query.order_by(*[column.desc() for column in SUPPLEMENTS_FIRST.columns]))


@lru_cache(maxsize=256)
def _others(actor: Actor, waiting: Waiting, after: str | None) -> Prepared:
    query = listing().add_columns(PROMISED).where(written_cases(actor), not_(_is_of(waiting)))
    return prepare(portion(query, LAST_CHANGED_FIRST, after=after, size=PAGE_SIZE))


def all_lines(session: Session, *, actor: Actor, cursor: str | None, size: int) -> Page[Any]:
    """The dossiers of both lists together, last changed first."""
    query = listing().add_columns(PROMISED).where(written_cases(actor))
    return page_of_columns(session, query, LAST_CHANGED_FIRST, after=cursor, size=size)


def _waits(waiting: Waiting) -> list[ColumnElement[bool]]:
    """Cases in these states of these versions; first said in the words of an index that holds no other kinds."""
    states = sorted({state for _, state in waiting})
    return [Case.state_kind != inline("final"), Case.state.in_(states), _is_of(waiting)]


def _is_of(waiting: Waiting) -> ColumnElement[bool]:
    return tuple_(Case.version_id, Case.state).in_(sorted(waiting))


def own_organisations(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The organisations for which the actor may apply, by name."""
    query = select(Organisation).where(Organisation.id.in_(sorted(actor.editing_organisation_ids)))
    return session.scalars(query.order_by(Organisation.search_text, Organisation.id)).all()


def drafts_of(session: Session, procedure: str, *, actor: Actor) -> Sequence[Any]:
    """The actor's latest drafts of this procedure, to be continued rather than begun again."""
    if not actor.organisation_ids:
        return []
    query = (
        select(Case.key, Case.title, Case.updated_at)
        .join(Procedure, Procedure.id == Case.procedure_id)
        .where(own_cases(actor), Case.state_kind == "draft", Procedure.code == procedure)
    )
    return list(session.execute(query.order_by(Case.updated_at.desc(), Case.id.desc()).limit(MOST_DRAFTS)))

"""The desk of those who apply: what they owe, then all their other dossiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, not_, or_, select, tuple_
from sqlalchemy.orm import Session

from accounts.models import Organisation
from applications.models import Case, Procedure
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, State
from applications.queries.drafts import applicant_deadlines
from applications.queries.lists import PAGE_SIZE, listing
from applications.visibility import own_cases, written_cases
from foundation.actors import Actor
from foundation.paging import Order, Page, page_of_columns

SUPPLEMENTS_FIRST = Order((Case.state_kind, Case.updated_at, Case.id), is_descending=True)
"""What the authority waits for, then drafts; last changed first."""

LAST_CHANGED_FIRST = Order((Case.updated_at, Case.id), is_descending=True)
MOST_DRAFTS = 5


@dataclass(frozen=True, slots=True)
class DeskView:
    """Two lists: ``owed`` waits for the applicant, until the deadline if there is one; ``others`` do not."""

    owed: Page[Any]
    deadlines: Mapping[int, datetime]
    others: Page[Any]
    packs: Mapping[int, Pack]

    def pack(self, row: Any) -> Pack:
        return self.packs[row.version_id]

    def state(self, row: Any) -> State:
        return self.pack(row).state_by_key[row.state]


def desk_view(session: Session, *, actor: Actor, owed_after: str | None = None, after: str | None = None) -> DeskView:
    """The dossiers of the actor's organisations and those the actor registered, in the two lists."""
    mine = written_cases(actor)
    waits = _waits_for_applicant(session, mine)
    owed = page_of_columns(session, listing().where(mine, waits), SUPPLEMENTS_FIRST, after=owed_after, size=PAGE_SIZE)
    others = page_of_columns(
        session, listing().where(mine, not_(waits)), LAST_CHANGED_FIRST, after=after, size=PAGE_SIZE
    )
    rows = [*owed.rows, *others.rows]
    return DeskView(
        owed=owed,
        deadlines=applicant_deadlines(session, [row.id for row in owed.rows]),
        others=others,
        packs={version: pack_of_version(session, version) for version in sorted({row.version_id for row in rows})},
    )


def _waits_for_applicant(session: Session, mine: ColumnElement[bool]) -> ColumnElement[bool]:
    """Drafts, and open cases in a state for which their pack makes the applicant responsible."""
    present = select(Case.version_id, Case.state).where(mine, Case.state_kind == "open").distinct()
    waiting = [
        (row.version_id, row.state)
        for row in session.execute(present)
        if pack_of_version(session, row.version_id).state_by_key[row.state].responsible == "applicant"
    ]
    draft = Case.state_kind == "draft"
    return or_(draft, tuple_(Case.version_id, Case.state).in_(waiting)) if waiting else draft


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

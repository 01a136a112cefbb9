"""What waits for somebody on the start page, by the roles they hold, counted up to a limit."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from applications.models import Case, ReviewAssignment
from applications.visibility import WORKING_ROLES, own_cases, staff_cases
from foundation.actors import Actor
from foundation.database import now

ENOUGH = 99
"""Counting stops here: "99+" says as much, and costs the same with a million dossiers."""


@dataclass(frozen=True, slots=True)
class Task:
    """One card: how many (capped), what, and where to go on."""

    title: Any
    text: Any
    address: str
    count: int | None = None
    is_more: bool = False


def tasks_of(session: Session, actor: Actor) -> list[Task]:
    """The cards of this person, in the order of their urgency."""
    return [*_reviews(session, actor), *_work(session, actor), *_own(session, actor)]


def _work(session: Session, actor: Actor) -> list[Task]:
    if not actor.holds(*WORKING_ROLES):
        return []
    within = staff_cases(actor, WORKING_ROLES)
    late = (within, Case.state_kind == "open", Case.original_due_at < now())
    mine = (within, Case.state_kind == "open", Case.holder_id == actor.person_id)
    return [
        _card(session, late, lazy_gettext("Late"), lazy_gettext("past their legal date"), late="late"),
        _card(session, mine, lazy_gettext("In my charge"), lazy_gettext("open dossiers"), holder="me"),
        _card(session, (within, Case.state_kind == "open"), lazy_gettext("Queue"), lazy_gettext("all open dossiers")),
    ]


def _card(session: Session, conditions: tuple[ColumnElement[bool], ...], title: Any, text: Any, **filters: str) -> Task:
    count = _up_to_enough(session, select(Case.id).where(*conditions))
    address = url_for("applications.queue", **filters)  # type: ignore[arg-type]  # values of the query
    return Task(title, text, address, min(count, ENOUGH), is_more=count > ENOUGH)


def _up_to_enough(session: Session, query: Any) -> int:
    return session.scalar(select(func.count()).select_from(query.limit(ENOUGH + 1).subquery())) or 0


def _own(session: Session, actor: Actor) -> list[Task]:
    if not actor.organisation_ids:
        return []
    count = _up_to_enough(session, select(Case.id).where(own_cases(actor), Case.state_kind != "final"))
    text = lazy_gettext("drafts and dossiers under way")
    return [Task(lazy_gettext("My dossiers"), text, url_for("applications.desk"), min(count, ENOUGH), count > ENOUGH)]


def _reviews(session: Session, actor: Actor) -> list[Task]:
    if not actor.holds("reviewer"):
        return []
    waiting = select(ReviewAssignment.id).where(
        ReviewAssignment.reviewer_id == actor.person_id,
        ReviewAssignment.removed_at.is_(None),
        ReviewAssignment.submitted_at.is_(None),
    )
    count = _up_to_enough(session, waiting)
    text = lazy_gettext("waiting for you")
    return [Task(lazy_gettext("Reviews"), text, url_for("applications.reviews"), min(count, ENOUGH), count > ENOUGH)]

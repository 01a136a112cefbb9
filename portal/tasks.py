"""What waits for somebody on the start page, by the roles they hold, counted up to a limit."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from accounts.roles import CONSULTED_ROLES
from applications.models import Case, ClockRun, Procedure, ReviewAssignment
from applications.queries.issuing import ISSUING_ROLES, awaiting_decision
from applications.queries.procedures import known_procedures
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
    found = [*_reviews(session, actor), *_opinions(session, actor), *_decisions(session, actor)]
    return [*found, *_work(session, actor), *_own(session, actor)]


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


def _opinions(session: Session, actor: Actor) -> list[Task]:
    """Dossiers on which the opinion of somebody's body is awaited, whether in time or not."""
    roles = [role for role in CONSULTED_ROLES if actor.holds(role)]
    if not roles:
        return []
    awaited = (ClockRun.ended_at.is_(None), tuple_(Procedure.code, ClockRun.clock).in_(_awaited(session, roles)))
    query = (
        select(Case.id)
        .join(Procedure, Procedure.id == Case.procedure_id)
        .join(ClockRun, ClockRun.case_id == Case.id)
        .where(staff_cases(actor, roles), Case.state_kind == "open", *awaited)
    )
    count = _up_to_enough(session, query)
    text = lazy_gettext("asked of you")
    address = url_for("applications.queue", kind="open")
    return [Task(lazy_gettext("Opinions"), text, address, min(count, ENOUGH), count > ENOUGH)]


def _decisions(session: Session, actor: Actor) -> list[Task]:
    """Drafted decisions for somebody who issues them."""
    if not actor.holds(*ISSUING_ROLES):
        return []
    drafted = select(Case.id).join(Procedure, Procedure.id == Case.procedure_id)
    count = _up_to_enough(session, drafted.where(*awaiting_decision(session, actor)))
    text = lazy_gettext("drafted and to be signed")
    address = url_for("applications.issuing")
    return [Task(lazy_gettext("Decisions to issue"), text, address, min(count, ENOUGH), count > ENOUGH)]


def _awaited(session: Session, roles: Collection[str]) -> list[tuple[str, str]]:
    """The clocks, by procedure, that run until people of these roles have given their opinion."""
    return [
        (known.code, clock)
        for known in known_procedures(session)
        for step in known.pack.steps
        if set(roles) & set(step.who.names())
        for clock, verb in step.clocks.items()
        if verb == "stop"
    ]

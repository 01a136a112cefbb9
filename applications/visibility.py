"""Who may see which cases, as conditions of a query: what someone may not see does not leak anywhere."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from applications.models import Case, Procedure, ReviewAssignment
from foundation.actors import Actor, Grant
from foundation.errors import NotFound

READING_ROLES = ("intake_officer", "case_officer", "decision_drafter", "issuer", "auditor", "administrator")
WORKING_ROLES = ("intake_officer", "case_officer", "decision_drafter", "issuer")


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """Cases of the actor's organisations; submitted cases within their roles' scopes; cases they review."""
    return or_(own_cases(actor), staff_cases(actor, READING_ROLES), reviewed_cases(actor))


def own_cases(actor: Actor) -> ColumnElement[bool]:
    """Cases of the organisations that the actor belongs to."""
    if not actor.organisation_ids:
        return false()
    return Case.organisation_id.in_(sorted(actor.organisation_ids))


def staff_cases(actor: Actor, roles: Iterable[str]) -> ColumnElement[bool]:
    """Cases beyond the draft within the scopes of these roles, and drafts that the actor registered."""
    scopes = [_within(grant) for grant in actor.scopes_of(roles)]
    if not scopes:
        return false()
    registered = Case.created_by_id == actor.person_id
    return and_(or_(*scopes), or_(Case.state_kind != "draft", registered))


def reviewed_cases(actor: Actor) -> ColumnElement[bool]:
    """Cases that the actor is asked to review and, by declaration, has no conflict in."""
    if actor.person_id is None or not actor.holds("reviewer"):
        return false()
    return exists(
        select(ReviewAssignment.id).where(
            ReviewAssignment.case_id == Case.id,
            ReviewAssignment.reviewer_id == actor.person_id,
            ReviewAssignment.removed_at.is_(None),
            ReviewAssignment.has_conflict.is_(False),
        )
    )


def _within(grant: Grant) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [Case.id.is_not(None)]
    if grant.procedure is not None:
        procedure = select(Procedure.id).where(Procedure.code == grant.procedure).scalar_subquery()
        conditions.append(Case.procedure_id == procedure)
    if grant.units is not None:
        conditions.append(Case.unit_id.in_(sorted(grant.units)))
    return and_(*conditions)


def find_case(session: Session, key: str, *, actor: Actor) -> Case:
    """The case with this key, if the actor may see it. Raises NotFound, whichever is missing."""
    case = session.scalar(select(Case).where(Case.key == key, visible_cases(actor)))
    if case is None:
        raise NotFound
    return case

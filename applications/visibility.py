"""Who may see which cases, as conditions of a query: what someone may not see does not leak anywhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    any_,
    bindparam,
    exists,
    false,
    or_,
    select,
)
from sqlalchemy.orm import Session, with_polymorphic

from accounts.roles import CONSULTED_ROLES, PANEL_ROLES, PANEL_SECRETARY
from applications.models import Application, Case, Procedure, ReviewAssignment
from foundation.actors import Actor, Grant
from foundation.entities import entity
from foundation.errors import NotFound
from foundation.prepared import Prepared, inline, prepare

BODY_ROLES = ("body_member", "state_representative")
"""Those who vote where a body decides together."""

READING_ROLES = (
    *("intake_officer", "case_officer", "decision_drafter", "issuer"),
    *(PANEL_SECRETARY, *PANEL_ROLES),
    *BODY_ROLES,
    *CONSULTED_ROLES,
    *("treasurer", "auditor", "administrator"),
)
WORKING_ROLES = ("intake_officer", "case_officer", "decision_drafter", "issuer")

REVEALING_ROLES = (*WORKING_ROLES, "auditor")
"""Staff who may have protected answers revealed, each time on the record."""

REGISTERING_ROLES = ("intake_officer",)
"""Staff who write a dossier for an applicant who comes to the counter, by post or from the national portal."""


IMPORTING_ROLES = ("intake_officer",)
"""Staff who take over the dossiers of older registers."""


@dataclass(frozen=True, slots=True)
class Reader:
    """As what somebody reads a case. Whoever belongs to the applicant reads it as the applicant, whatever else
    they are; ``can_reveal`` says whether protected answers may be revealed, on the record."""

    is_applicant: bool
    is_staff: bool
    can_reveal: bool

    @property
    def is_reviewer(self) -> bool:
        """Neither of the house nor the applicant: asked for a review."""
        return not self.is_applicant and not self.is_staff


def reader_of(case: Case, procedure: str, actor: Actor) -> Reader:
    """As what the actor, who may see the case, reads it."""
    if case.organisation_id in actor.organisation_ids:
        return Reader(is_applicant=True, is_staff=False, can_reveal=True)
    is_staff = actor.has_role(*READING_ROLES, procedure=procedure, unit_id=case.unit_id)
    can_reveal = actor.has_role(*REVEALING_ROLES, procedure=procedure, unit_id=case.unit_id)
    return Reader(is_applicant=False, is_staff=is_staff, can_reveal=can_reveal)


def visible_cases(actor: Actor) -> ColumnElement[bool]:
    """Cases of the actor's organisations; submitted cases within their roles' scopes; cases they review."""
    return or_(own_cases(actor), staff_cases(actor, READING_ROLES), reviewed_cases(actor))


def own_cases(actor: Actor) -> ColumnElement[bool]:
    """Cases of the organisations that the actor belongs to."""
    if not actor.organisation_ids:
        return false()
    return Case.organisation_id.in_(sorted(actor.organisation_ids))


def written_cases(actor: Actor) -> ColumnElement[bool]:
    """Cases that the actor writes or reads as the applicant's side: their organisations', and those they registered."""
    registered = and_(
        Case.created_by_id == actor.person_id, Case.channel != "direct", staff_cases(actor, REGISTERING_ROLES)
    )
    return or_(own_cases(actor), registered)


def staff_cases(actor: Actor, roles: Iterable[str]) -> ColumnElement[bool]:
    """Cases beyond the draft within the scopes of these roles, and drafts that the actor registered."""
    scopes = [_within(grant) for grant in actor.scopes_of(roles)]
    if not scopes:
        return false()
    registered = Case.created_by_id == actor.person_id
    return and_(or_(*scopes), or_(Case.state_kind != inline("draft"), registered))


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


CASES, APPLICATIONS = cast(Table, Case.__table__), cast(Table, Application.__table__)
COLUMNS = [*CASES.c, *(column for column in APPLICATIONS.c if column.name not in CASES.c)]
WHOLE_CASE = with_polymorphic(Case, [Application])
"""A case with what its kind adds, read at once; lists need only the case."""


def find_case(session: Session, key: str, *, actor: Actor) -> Case:
    """The case with this key, if the actor may see it. Raises NotFound, whichever is missing."""
    return _found(session, _visible(actor), key, is_fresh=False)


def find_case_for_change(session: Session, key: str, *, actor: Actor) -> Case:
    """As :func:`find_case`, read anew and held until the transaction ends: the case with what its kind adds."""
    return _found(session, _visible_for_change(actor), key, is_fresh=True)


def cases_for_change(session: Session, ids: Sequence[int], roles: tuple[str, ...], *, actor: Actor) -> list[Case]:
    """Those of these cases that the actor's roles reach, read anew and held, by id so that nobody deadlocks."""
    rows = _reached_for_change(actor, roles).rows(session, ids=list(ids))
    return [entity(session, Application, row._asdict(), is_fresh=True) for row in rows]


@lru_cache(maxsize=64)
def _reached_for_change(actor: Actor, roles: tuple[str, ...]) -> Prepared:
    chosen = Case.id == any_(bindparam("ids", None, ARRAY(BigInteger)))
    query = select(*COLUMNS).select_from(CASES.join(APPLICATIONS)).where(chosen, staff_cases(actor, roles))
    return prepare(query.order_by(CASES.c.id).with_for_update(of=[CASES, APPLICATIONS]))


def _found(session: Session, statement: Prepared, key: str, *, is_fresh: bool) -> Case:
    rows = statement.rows(session, key=key)
    if not rows:
        raise NotFound
    values = rows[0]._asdict()
    return entity(session, Application if values["kind"] == "application" else Case, values, is_fresh=is_fresh)


@lru_cache(maxsize=256)
def _visible(actor: Actor) -> Prepared:
    """The same people open dossiers all day: composing takes longer than asking."""
    return prepare(_by_key(actor, CASES.outerjoin(APPLICATIONS)))


@lru_cache(maxsize=256)
def _visible_for_change(actor: Actor) -> Prepared:
    """Every table of its kind is locked: after waiting, PostgreSQL reads again only the rows that it locks."""
    return prepare(_by_key(actor, CASES.join(APPLICATIONS)).with_for_update(of=[CASES, APPLICATIONS]))


def _by_key(actor: Actor, tables: FromClause) -> Select[Any]:
    return select(*COLUMNS).select_from(tables).where(Case.key == bindparam("key", None), visible_cases(actor))

"""Granting and revoking roles: by an administrator, with a scope and a period, never to oneself."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person, RoleGrant, Unit
from accounts.rules import refuse_unless_administrator
from accounts.trail import record
from accounts.uniqueness import told_by_field
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotFound
from foundation.register import ROLES


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What is granted: the role, what narrows it, and from which to which day (both included)."""

    role: str
    starts_on: date
    reason: str
    ends_on: date | None = None
    scope_procedure: str | None = None
    scope_unit_id: int | None = None
    scope_park: str | None = None
    scope_fund: str | None = None


SCOPE_COLUMNS = {
    "procedure": "scope_procedure",
    "unit": "scope_unit_id",
    "park": "scope_park",
    "fund": "scope_fund",
}


def grant_role(session: Session, actor: Actor, *, person_id: int, terms: GrantTerms) -> RoleGrant:
    """Give a person a role.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such person.
        Blocked: the administrator would grant to themself.
        Invalid: the terms are wrong, or the person holds exactly this grant.
    """
    refuse_unless_administrator(actor)
    if session.get(Person, person_id) is None:
        raise NotFound
    if actor.person_id == person_id:
        raise Blocked("grant_to_oneself")
    _refuse_bad(session, terms)
    grant = RoleGrant(person_id=person_id, granted_by_id=actor.person_id, **asdict(terms))
    with told_by_field(session):
        session.add(grant)
    record(session, actor, "accounts:role:grant", ("person", person_id), grant=grant.id, **_facts(terms))
    return grant


def _refuse_bad(session: Session, terms: GrantTerms) -> None:
    problems: dict[str, list[str]] = {}
    role = ROLES.get(terms.role)
    if role is None:
        problems["role"] = ["role_unknown"]
    for scope, column in SCOPE_COLUMNS.items():
        if role and getattr(terms, column) is not None and scope not in role.scopes:
            problems[column] = ["scope_not_of_role"]
    if terms.scope_unit_id is not None and session.get(Unit, terms.scope_unit_id) is None:
        problems["scope_unit_id"] = ["unit_unknown"]
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        problems["ends_on"] = ["period_reversed"]
    if not terms.reason.strip():
        problems["reason"] = ["required"]
    if problems:
        raise Invalid(problems)


def _facts(terms: GrantTerms) -> dict[str, object]:
    """The terms for the trail, without the reason: people write names into reasons."""
    return {name: value for name, value in asdict(terms).items() if value is not None and name != "reason"}


def revoke_role(session: Session, actor: Actor, grant_id: int, *, person_id: int) -> RoleGrant:
    """End a grant of this person at once; the row stays as a record.

    Raises:
        NotAllowed: the actor is no administrator.
        NotFound: there is no such grant.
        Blocked: it was already revoked.
    """
    refuse_unless_administrator(actor)
    grant = session.scalar(select(RoleGrant).where(RoleGrant.id == grant_id).with_for_update())
    if grant is None or grant.person_id != person_id:
        raise NotFound
    if grant.revoked_at is not None:
        raise Blocked("grant_revoked")
    grant.revoked_at, grant.revoked_by_id = now(), actor.person_id
    session.flush()
    record(session, actor, "accounts:role:revoke", ("person", person_id), grant=grant.id, role=grant.role)
    return grant

"""What a person may do at present: organisations with the membership's role, roles with their scopes."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.models import Membership, Organisation, RoleGrant, Unit
from accounts.queries.holders import in_force
from foundation.actors import Actor
from foundation.database import now


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role in force today. An empty scope means everywhere."""

    role: str
    procedure: str | None
    unit: str | None
    park: str | None
    fund: str | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Belonging:
    """An organisation of the person's, and what the person may do for it."""

    organisation: Organisation
    role: str


def roles_held(session: Session, actor: Actor) -> list[HeldRole]:
    """The roles of the actor in force today."""
    query = (
        select(RoleGrant, Unit.code)
        .outerjoin(Unit, Unit.id == RoleGrant.scope_unit_id)
        .where(RoleGrant.person_id == actor.person_id, in_force())
        .order_by(RoleGrant.role, RoleGrant.id)
    )
    return [
        HeldRole(
            role=grant.role,
            procedure=grant.scope_procedure,
            unit=unit,
            park=grant.scope_park,
            fund=grant.scope_fund,
            ends_on=grant.ends_on,
        )
        for grant, unit in session.execute(query)
    ]


def belongings(session: Session, actor: Actor) -> list[Belonging]:
    """The organisations for which the actor stands at present, by code."""
    query = (
        select(Organisation, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(
            Membership.person_id == actor.person_id,
            or_(Membership.until_at.is_(None), Membership.until_at > now()),
        )
        .order_by(Organisation.id)
    )
    return [Belonging(organisation, role) for organisation, role in session.execute(query)]

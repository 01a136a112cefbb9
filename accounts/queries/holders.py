"""Who holds a role for a procedure and a unit today, by the grants in force."""

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from accounts.models import Person, RoleGrant, Unit


def people_holding(roles: Iterable[str], *, procedure: str, unit: Unit) -> Select[int]:
    """The ids of the people who hold one of ``roles`` for this procedure and this unit today, as a query."""
    return (
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .outerjoin(Unit, Unit.id == RoleGrant.scope_unit_id)
        .where(
            RoleGrant.role.in_(list(roles)),
            Person.disabled_at.is_(None),
            in_force(),
            or_(RoleGrant.scope_procedure.is_(None), RoleGrant.scope_procedure == procedure),
            or_(RoleGrant.scope_unit_id.is_(None), Unit.path.in_(list(_paths_to(unit)))),
        )
    )


def in_force() -> ColumnElement[bool]:
    """The SQL condition that a grant is in force today, in Hanoi."""
    today = func.date(func.timezone("Asia/Ho_Chi_Minh", func.statement_timestamp()))
    return and_(
        RoleGrant.revoked_at.is_(None),
        RoleGrant.starts_on <= today,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
    )


def _paths_to(unit: Unit) -> Iterator[str]:
    """The paths of the unit and of all units above it."""
    parts = unit.path.rstrip("/").split("/")
    return ("/".join(parts[: depth + 1]) + "/" for depth in range(len(parts)))

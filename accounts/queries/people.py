"""People as administrators see them, and what each person sees of their own account."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from accounts.models import AccessToken, Membership, Person, RoleGrant, SignInSession
from accounts.queries.holders import in_force
from accounts.queries.words import found_by_words
from accounts.rules import refuse_unless_administrator
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound
from foundation.paging import PAGE_SIZE, Order, Page, page_of

BY_NAME = Order((Person.search_text, Person.id))
"""By the folded words of the name: Đ beside D, whatever the collation of the database."""


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A line of the list of people: the person and the roles in force today."""

    person: Person
    roles: tuple[str, ...]


def people_page(
    session: Session, actor: Actor, *, search: str, after: str | None, size: int = PAGE_SIZE
) -> Page[PersonLine]:
    """People by name, found by words of their name or address.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    refuse_unless_administrator(actor)
    query = select(Person)
    if search.strip():
        query = query.where(found_by_words(Person.search_text, search))
    page = page_of(session, query, BY_NAME, after=after, size=size)
    roles = _roles_of(session, [person.id for person in page.rows])
    return Page([PersonLine(person, roles.get(person.id, ())) for person in page.rows], page.next_cursor)


def holders_of(session: Session, role: str) -> Sequence[Person]:
    """Who holds a role today, with whatever scope, by address."""
    holders = select(RoleGrant.person_id).where(RoleGrant.role == role, in_force())
    return session.scalars(select(Person).where(Person.id.in_(holders)).order_by(Person.email)).all()


def holder_counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many people hold each role today.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    refuse_unless_administrator(actor)
    query = select(RoleGrant.role, func.count(RoleGrant.person_id.distinct())).where(in_force())
    return {role: int(people) for role, people in session.execute(query.group_by(RoleGrant.role))}


def _roles_of(session: Session, people: Sequence[int]) -> dict[int, tuple[str, ...]]:
    roles = func.array_agg(RoleGrant.role.distinct())
    query = select(RoleGrant.person_id, roles).where(RoleGrant.person_id.in_(people), in_force())
    return {person: tuple(found) for person, found in session.execute(query.group_by(RoleGrant.person_id))}


def person_for_administration(session: Session, actor: Actor, person_id: int) -> Person:
    """A person as an administrator sees them. Raises NotAllowed, NotFound."""
    refuse_unless_administrator(actor)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound
    return person


def grants_of(session: Session, person_id: int) -> Sequence[RoleGrant]:
    """All grants a person ever had, the running ones first."""
    query = select(RoleGrant).where(RoleGrant.person_id == person_id).options(joinedload(RoleGrant.unit))
    order = (RoleGrant.revoked_at.is_not(None), RoleGrant.starts_on.desc(), RoleGrant.id.desc())
    return session.scalars(query.order_by(*order)).all()


def memberships_of(session: Session, person_id: int) -> Sequence[Membership]:
    """The organisations that a person acts for now."""
    query = select(Membership).where(Membership.person_id == person_id, Membership.until_at.is_(None))
    loaded = query.options(joinedload(Membership.organisation))
    return session.scalars(loaded.order_by(Membership.since_at, Membership.id)).all()


def sessions_of(session: Session, actor: Actor) -> Sequence[SignInSession]:
    """The browsers in which the actor is signed in now, the latest first."""
    query = select(SignInSession).where(
        SignInSession.person_id == actor.person_id,
        SignInSession.revoked_at.is_(None),
        SignInSession.expires_at > now(),
    )
    return session.scalars(query.order_by(SignInSession.created_at.desc(), SignInSession.id.desc())).all()


def tokens_of(session: Session, actor: Actor) -> Sequence[AccessToken]:
    """The actor's tokens that still work, the latest first."""
    query = select(AccessToken).where(
        AccessToken.person_id == actor.person_id,
        AccessToken.revoked_at.is_(None),
        AccessToken.expires_at > now(),
    )
    return session.scalars(query.order_by(AccessToken.id.desc())).all()

"""Organisations as their members and as administrators see them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from accounts.models import Invitation, Membership, MembershipRole, Organisation, Ward
from accounts.queries.words import found_by_words
from accounts.rules import is_administrator, refuse_unless_administrator
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound
from foundation.paging import PAGE_SIZE, Order, Page, page_of

BY_NAME = Order((Organisation.search_text, Organisation.id))


def organisations_page(
    session: Session, actor: Actor, *, search: str, after: str | None, size: int = PAGE_SIZE
) -> Page[Organisation]:
    """All organisations by name, found by words of their names or by tax code.

    Raises:
        NotAllowed: the actor is no administrator.
    """
    refuse_unless_administrator(actor)
    query = select(Organisation)
    if search.strip():
        query = query.where(found_by_words(Organisation.search_text, search))
    return page_of(session, query, BY_NAME, after=after, size=size)


def company_with_code(session: Session, code: str) -> Organisation:
    """An organisation, whoever asks: what may be shown of it is for the caller to say. Raises NotFound."""
    query = select(Organisation).where(Organisation.code == code).options(joinedload(Organisation.ward))
    organisation = session.scalar(query)
    if organisation is None:
        raise NotFound
    return organisation


def organisation_with_code(session: Session, actor: Actor, code: str) -> Organisation:
    """An organisation, for its members and for administrators; to others it does not exist (NotFound)."""
    organisation = company_with_code(session, code)
    if not knows_from_within(actor, organisation):
        raise NotFound
    return organisation


def knows_from_within(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor may know its people and how to reach them: its members, and administrators."""
    return organisation.id in actor.organisation_ids or is_administrator(actor)


def own_organisations(session: Session, actor: Actor) -> Sequence[Organisation]:
    """The organisations that the actor belongs to, by name."""
    query = select(Organisation).where(Organisation.id.in_(actor.organisation_ids))
    return session.scalars(query.order_by(Organisation.search_text, Organisation.id)).all()


def members_of(session: Session, organisation_id: int) -> Sequence[Membership]:
    """Who acts for an organisation now, in the order of joining."""
    query = select(Membership).where(Membership.organisation_id == organisation_id, Membership.until_at.is_(None))
    loaded = query.options(joinedload(Membership.person))
    return session.scalars(loaded.order_by(Membership.since_at, Membership.id)).all()


def open_invitations_of(session: Session, organisation_id: int) -> Sequence[Invitation]:
    """The invitations of an organisation that can still be accepted."""
    query = select(Invitation).where(
        Invitation.organisation_id == organisation_id,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now(),
    )
    return session.scalars(query.order_by(Invitation.id)).all()


def is_owner(session: Session, actor: Actor, organisation_id: int) -> bool:
    """Whether the actor manages the members of this organisation."""
    query = select(Membership.id).where(
        Membership.organisation_id == organisation_id,
        Membership.person_id == actor.person_id,
        Membership.role == MembershipRole.OWNER,
        Membership.until_at.is_(None),
    )
    return session.scalar(query) is not None


def all_wards(session: Session) -> Sequence[Ward]:
    """The 126 wards by name."""
    return session.scalars(select(Ward).order_by(Ward.name, Ward.code)).all()

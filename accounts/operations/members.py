"""Who acts for an organisation: joining, changing what one may do, leaving."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Membership, MembershipRole, Organisation
from accounts.trail import record
from accounts.uniqueness import told_by_field
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Invalid, NotAllowed, NotFound


def lock_for_owner(session: Session, actor: Actor, organisation_id: int) -> Organisation:
    """The organisation, locked so that its owners are counted by one at a time.

    Raises:
        NotFound: it is not the actor's.
        NotAllowed: the actor does not own it.
    """
    if organisation_id not in actor.organisation_ids:
        raise NotFound
    found = select(Organisation).where(Organisation.id == organisation_id).with_for_update()
    organisation = session.scalars(found).one()
    refuse_unless_owner(session, actor, organisation_id)
    return organisation


def refuse_unless_owner(session: Session, actor: Actor, organisation_id: int) -> None:
    """Raises NotAllowed for whoever does not own the organisation now."""
    own = membership_of(session, organisation_id, actor.person_id)
    if own is None or own.role != MembershipRole.OWNER or not actor.can_use("write"):
        raise NotAllowed


def membership_of(session: Session, organisation_id: int, person_id: int | None) -> Membership | None:
    """How a person belongs to an organisation now."""
    return session.scalar(
        select(Membership).where(
            Membership.organisation_id == organisation_id,
            Membership.person_id == person_id,
            Membership.until_at.is_(None),
        )
    )


def add_member(session: Session, actor: Actor, organisation_id: int, *, person_id: int, role: str) -> Membership:
    """Let a person act for an organisation; whether the actor may decide so was checked by the caller.

    Raises:
        Invalid: the person is a member already.
    """
    row = Membership(organisation_id=organisation_id, person_id=person_id, role=role)
    with told_by_field(session):
        session.add(row)
    subject = ("organisation", organisation_id)
    record(session, actor, "accounts:member:add", subject, person=person_id, role=str(role))
    return row


def change_member(session: Session, actor: Actor, organisation_id: int, *, person_id: int, role: str) -> None:
    """Give a member another role.

    Raises:
        NotFound, NotAllowed: as :func:`lock_for_owner`, or the person is no member.
        Blocked: nobody would own the organisation.
        Invalid: there is no such role.
    """
    if role not in set(MembershipRole):
        raise Invalid({"role": ["role_unknown"]})
    lock_for_owner(session, actor, organisation_id)
    row = _member(session, organisation_id, person_id)
    if role != MembershipRole.OWNER:
        _refuse_last_owner(session, row)
    row.role = role
    session.flush()
    subject = ("organisation", organisation_id)
    record(session, actor, "accounts:member:change", subject, person=person_id, role=str(role))


def remove_member(session: Session, actor: Actor, organisation_id: int, *, person_id: int) -> None:
    """End a membership: an owner ends anybody's, everybody their own.

    Raises:
        NotFound, NotAllowed: as :func:`lock_for_owner`, or the person is no member.
        Blocked: nobody would own the organisation.
    """
    if organisation_id not in actor.organisation_ids:
        raise NotFound
    if person_id == actor.person_id:
        session.execute(select(Organisation.id).where(Organisation.id == organisation_id).with_for_update())
    else:
        lock_for_owner(session, actor, organisation_id)
    row = _member(session, organisation_id, person_id)
    _refuse_last_owner(session, row)
    row.until_at = now()
    session.flush()
    record(session, actor, "accounts:member:remove", ("organisation", organisation_id), person=person_id)


def _member(session: Session, organisation_id: int, person_id: int) -> Membership:
    row = membership_of(session, organisation_id, person_id)
    if row is None:
        raise NotFound
    return row


def _refuse_last_owner(session: Session, leaving: Membership) -> None:
    others = select(Membership.id).where(
        Membership.organisation_id == leaving.organisation_id,
        Membership.role == MembershipRole.OWNER,
        Membership.until_at.is_(None),
        Membership.id != leaving.id,
    )
    if leaving.role == MembershipRole.OWNER and session.scalar(others.limit(1)) is None:
        raise Blocked("last_owner")

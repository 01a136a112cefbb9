"""The clock of renewals: who lets and who rents are told when to speak, when to offer and when to answer."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask_babel import lazy_gettext
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from accounts.models import Membership, RoleGrant
from foundation import audit
from foundation.actors import SYSTEM
from foundation.database import now
from foundation.notices import NoticeKind, notify, register_notice
from parks.models import Lease, Space
from parks.rules import PARK_ADMINISTRATOR, scope_of_space
from parks.tenancy import last_day, renewal_clock
from parks.tenancyrules import TenancyRules, rules_on
from parks.terms import add_months

BATCH = 200
OPENS = register_notice(
    NoticeKind(
        "renewal_opens",
        subject=lazy_gettext("The lease %(lease)s ends on %(ends)s"),
        body=lazy_gettext(
            "The lease %(lease)s of space %(space)s ends on %(ends)s. It is time to say whether it is to be renewed; "
            "an offer is to be made by %(offer)s."
        ),
    )
)
OFFER_DUE = register_notice(
    NoticeKind(
        "renewal_offer_due",
        subject=lazy_gettext("The renewal of the lease %(lease)s is to be offered"),
        body=lazy_gettext(
            "The lease %(lease)s of space %(space)s ends on %(ends)s. The day for offering its renewal has come; "
            "it is to be accepted by %(accept)s."
        ),
    )
)
ACCEPT_DUE = register_notice(
    NoticeKind(
        "renewal_accept_due",
        subject=lazy_gettext("The renewal of the lease %(lease)s was not signed in time"),
        body=lazy_gettext(
            "No renewal of the lease %(lease)s of space %(space)s was signed by %(accept)s. "
            "The space may be offered to others from the day after %(ends)s."
        ),
    )
)
STAGES = (OPENS, OFFER_DUE, ACCEPT_DUE)


def tell_of_renewals(session: Session, on: date) -> int:
    """Tell of each renewal whose next day has come, the latest day alone after a pause; how many were told of."""
    return sum(tell_batches(session, on))


def tell_batches(session: Session, on: date) -> Iterator[int]:
    """The same in portions that may be committed one by one."""
    rules = rules_on(on)
    after = 0
    while leases := _ending(session, on, rules, after):
        after = leases[-1].id
        yield sum(_tell(session, lease, rules, on) for lease in leases)
        session.flush()


def _ending(session: Session, on: date, rules: TenancyRules, after: int) -> Sequence[Lease]:
    """Running leases near their end that nothing follows, and of which not all was told."""
    follower = aliased(Lease)
    ends_on = func.coalesce(Lease.terminated_on, Lease.ends_on)
    found = (
        select(Lease)
        .options(joinedload(Lease.space).joinedload(Space.park), joinedload(Lease.space).joinedload(Space.operator))
        .where(
            Lease.signed_on.is_not(None),
            Lease.terminated_on.is_(None),
            Lease.handed_back_on.is_(None),
            Lease.renewal_notices < len(STAGES),
            Lease.starts_on <= on,
            ends_on >= on,
            ends_on <= add_months(on, rules.renewal_reminder_months + 1),
            Lease.id > after,
            ~select(follower.id).where(follower.renews_id == Lease.id, follower.signed_on.is_not(None)).exists(),
        )
        .order_by(Lease.id)
        .limit(BATCH)
        .with_for_update(of=Lease, skip_locked=True)
    )
    return session.scalars(found).all()


def _tell(session: Session, lease: Lease, rules: TenancyRules, on: date) -> bool:
    clock = renewal_clock(lease, rules)
    come = (clock.remind_on <= on) + (clock.offer_by <= on) + (clock.accept_by < on)
    if come <= lease.renewal_notices:
        return False
    facts = {
        "lease": lease.key,
        "space": lease.space.code,
        "ends": last_day(lease),
        "offer": clock.offer_by,
        "accept": clock.accept_by,
    }
    people = {*_administrators(session, lease, on), *_members(session, lease)}
    notify(session, people, STAGES[come - 1], facts=facts, link=f"/leases/{lease.key}")
    lease.renewal_notices = come
    told = {"stage": STAGES[come - 1].key}
    audit.append(
        session,
        f"lease:{lease.id}",
        actor=SYSTEM,
        action="parks:renewal:notify",
        facts=told,
        subject=("lease", lease.id),
    )
    return True


def _members(session: Session, lease: Lease) -> Sequence[int]:
    if lease.organisation_id is None:
        return ()
    is_one = or_(Membership.until_at.is_(None), Membership.until_at > now())
    of_it = Membership.organisation_id == lease.organisation_id
    return session.scalars(select(Membership.person_id).where(of_it, is_one)).all()


def _administrators(session: Session, lease: Lease, on: date) -> Sequence[int]:
    """Those who run the space, by a role in force."""
    return session.scalars(
        select(RoleGrant.person_id).where(
            RoleGrant.role == PARK_ADMINISTRATOR,
            RoleGrant.revoked_at.is_(None),
            RoleGrant.starts_on <= on,
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
            or_(RoleGrant.scope_park.is_(None), RoleGrant.scope_park == scope_of_space(lease.space)),
        )
    ).all()

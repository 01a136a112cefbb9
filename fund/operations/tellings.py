"""Whoever contributes is told what concerns them: a call, money overdue or returned, a ceiling that is exceeded."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.models import Membership, Person
from foundation.database import now
from foundation.noticekinds import NoticeKind, NoticeTopic, register_notice, register_topic
from foundation.notices import Telling, notify_each
from fund.models import Fund, FundContributor

INVESTED = register_topic(
    NoticeTopic(
        "own_funds",
        title=lazy_gettext("Funds to which you contribute"),
        explanation=lazy_gettext("A capital call, money overdue or returned, a ceiling that is exceeded."),
        is_for=lambda actor: bool(actor.organisation_ids),
    )
)
CALLED = register_notice(
    NoticeKind(
        "fund_capital_called",
        subject=lazy_gettext("Fund %(code)s: capital call %(number)s"),
        body=lazy_gettext("Your part is %(amount_vnd)s, due on %(due_on)s. Its notice is on the page of your account."),
        topic=INVESTED,
    )
)
PART_OVERDUE = register_notice(
    NoticeKind(
        "fund_part_overdue",
        subject=lazy_gettext("Fund %(code)s: your part of capital call %(number)s is overdue"),
        body=lazy_gettext("%(owed_vnd)s that were due on %(due_on)s are not paid yet."),
        topic=INVESTED,
    )
)
RETURNED = register_notice(
    NoticeKind(
        "fund_money_returned",
        subject=lazy_gettext("Fund %(code)s: money is returned to you"),
        body=lazy_gettext("Your part of the distribution of %(effective_on)s is %(amount_vnd)s."),
        topic=INVESTED,
    )
)
BREACHED = register_notice(
    NoticeKind(
        "fund_breach_notified",
        subject=lazy_gettext("Fund %(code)s: a ceiling of city money is exceeded"),
        body=lazy_gettext(
            "Calls of city money and new deals are frozen until the breach is cured, by %(cure_due_on)s at the latest."
        ),
        topic=INVESTED,
    )
)


def tell_contributors(session: Session, fund: Fund, kind: NoticeKind, facts: Mapping[str, Mapping[str, Any]]) -> None:
    """Tell the people of contributors, by code, what ``facts`` say of each; some have none on the platform."""
    chosen = (
        select(FundContributor.code, Membership.person_id)
        .join(Membership, Membership.organisation_id == FundContributor.organisation_id)
        .join(Person, Person.id == Membership.person_id)
        .where(FundContributor.fund_id == fund.id, FundContributor.code.in_(facts), Person.disabled_at.is_(None))
        .where(or_(Membership.until_at.is_(None), Membership.until_at > now()))
    )
    people: dict[str, list[int]] = {}
    for code, person_id in session.execute(chosen):
        people.setdefault(code, []).append(person_id)
    tellings = [
        Telling(people[code], {"code": fund.code, **told}, f"/investments/{fund.code}/{code}")
        for code, told in facts.items()
        if code in people
    ]
    notify_each(session, kind, tellings)

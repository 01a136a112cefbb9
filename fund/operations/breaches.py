"""A ceiling exceeded: who is told, which clocks run, and how its cure is planned."""

from collections.abc import Iterable
from datetime import date, timedelta

from flask_babel import lazy_gettext
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from accounts.models import Person, RoleGrant
from accounts.queries.holders import in_force
from foundation import audit
from foundation.actors import SYSTEM, Actor
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.database import now
from foundation.errors import Blocked, Invalid
from foundation.noticekinds import NoticeKind, NoticeTopic, register_notice, register_topic
from foundation.notices import notify
from foundation.workdays import local_date
from fund.books import Books
from fund.models import Fund, FundBreach, FundContributor, FundMove
from fund.operations.moves import tell_breach
from fund.operations.tellings import BREACHED, tell_contributors
from fund.rules import AUDITOR, FUND_MANAGER, require_keeper
from fund.states import CAP_BREACH

WAYS = ("new_investor", "top_up", "city_reduction", "council_decision")
"""How a breach may be cured: somebody joins, private money is added, the city takes part back, the council decides."""

FUNDS = register_topic(
    NoticeTopic(
        "funds",
        title=lazy_gettext("Capital of funds"),
        explanation=lazy_gettext("A ceiling is exceeded, or a capital call is overdue."),
        is_for=lambda actor: actor.holds(FUND_MANAGER),
    )
)
EXCEEDED = register_notice(
    NoticeKind(
        "fund_ceiling_exceeded",
        subject=lazy_gettext("Fund %(code)s: a ceiling of city money is exceeded"),
        body=lazy_gettext(
            "Calls of city money and new deals are frozen. The contributors are to be notified by %(notice_due_on)s, a "
            "plan for the cure is due by %(plan_due_on)s, the cure itself by %(cure_due_on)s."
        ),
        topic=FUNDS,
    )
)
PAST = register_notice(
    NoticeKind(
        "fund_moved_past",
        subject=lazy_gettext("Fund %(code)s: written past the platform"),
        body=lazy_gettext(
            "On %(moved_on)s an entry that nobody posted on this platform led the fund into a breach of a ceiling of "
            "city money, or out of one. The audit trail tells it now. Find out who wrote to the database, and why."
        ),
        topic=FUNDS,
    )
)
OVERDUE = register_notice(
    NoticeKind(
        "fund_call_overdue",
        subject=lazy_gettext("Fund %(code)s: capital call %(number)s is overdue"),
        body=lazy_gettext("%(owed_vnd)s that were due on %(due_on)s are not paid yet."),
        topic=FUNDS,
    )
)


def current_breach(session: Session, fund: Fund) -> FundBreach | None:
    return session.scalar(select(FundBreach).where(FundBreach.fund_id == fund.id, FundBreach.closed_at.is_(None)))


def open_breach(session: Session, books: Books, *, actor: Actor) -> None:
    """Start the clocks of a breach that has none yet, and tell who keeps the books."""
    breach = current_breach(session, books.fund)
    if breach is None or breach.cure_due_on is not None:
        return
    seen_on, terms = local_date(now()), books.terms
    calendar = load_calendar(session, HANOI_CALENDAR)
    breach.notice_due_on = calendar.add_working_days(seen_on, terms.breach_notice_working_days)
    breach.plan_due_on = calendar.add_working_days(seen_on, terms.breach_plan_working_days)
    breach.cure_due_on = seen_on + timedelta(days=terms.breach_cure_days)
    session.flush()
    facts = {name: getattr(breach, name) for name in ("notice_due_on", "plan_due_on", "cure_due_on")}
    link = f"/funds/{books.fund.code}/breach"
    notify(session, keepers_of(session, books.fund), EXCEEDED, facts={"code": books.fund.code, **facts}, link=link)


def note_breach(session: Session, books: Books, *, actor: Actor) -> None:
    """What follows when an entry or other terms led into a breach or out of it: trail, clocks, and who is told."""
    found = tell_breach(session, books.fund, actor=actor)
    _warn(session, books.fund, found[:-1])
    if books.fund.state == CAP_BREACH:
        open_breach(session, books, actor=actor)


def judge_terms(session: Session, books: Books, *, actor: Actor) -> None:
    """Hold the terms of today against the balances: they may have been recorded before they began to hold."""
    was, books.fund.judged_on = books.fund.state, local_date(now())
    session.flush()
    session.refresh(books.fund, ["state"])
    if books.fund.state != was:
        note_breach(session, books, actor=actor)


def find_breach(session: Session, books: Books) -> None:
    """The same for what nobody posted on the platform."""
    _warn(session, books.fund, tell_breach(session, books.fund, actor=SYSTEM))
    open_breach(session, books, actor=SYSTEM)


def _warn(session: Session, fund: Fund, found: Iterable[FundMove]) -> None:
    for move in found:
        facts = {"code": fund.code, "moved_on": local_date(move.at)}
        notify(session, keepers_of(session, fund), PAST, facts=facts, link=f"/funds/{fund.code}/breach")


def keepers_of(session: Session, fund: Fund) -> Iterable[int]:
    """Who keeps the books of a fund or audits them, by their grants in force."""
    return session.scalars(
        select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            RoleGrant.role.in_((FUND_MANAGER, AUDITOR)),
            Person.disabled_at.is_(None),
            in_force(),
            or_(RoleGrant.scope_fund.is_(None), RoleGrant.scope_fund == fund.code),
        )
    ).all()


def note_notice(session: Session, fund: Fund, *, actor: Actor) -> FundBreach:
    """Notify the contributors and note that today. Raises Blocked: there is no breach, or it is noted."""
    breach = _breach_to_change(session, fund, actor)
    if breach.noticed_on is not None:
        raise Blocked("fund_notice_noted")
    breach.noticed_on = local_date(now())
    codes = session.scalars(select(FundContributor.code).where(FundContributor.fund_id == fund.id)).all()
    if breach.cure_due_on is not None:
        told = {"cure_due_on": breach.cure_due_on}
        tell_contributors(session, fund, BREACHED, dict.fromkeys(codes, told))
    _record(session, fund, "fund:breach:notify", actor)
    return breach


def file_plan(session: Session, fund: Fund, plan: str, *, way: str, actor: Actor) -> FundBreach:
    """Put the plan for the cure on file; a later one takes its place, and the trail keeps that there was one.

    Raises:
        Invalid: no plan, or a way that there is not.
        Blocked: there is no breach.
    """
    breach = _breach_to_change(session, fund, actor)
    faults = {name: ["required"] for name, value in (("plan", plan.strip()), ("way", way in WAYS)) if not value}
    if faults:
        raise Invalid(faults)
    breach.plan, breach.plan_way = plan.strip(), way
    breach.plan_filed_on, breach.plan_filed_by_id = local_date(now()), actor.person_id
    _record(session, fund, "fund:breach:plan", actor, way=way)
    return breach


def _breach_to_change(session: Session, fund: Fund, actor: Actor) -> FundBreach:
    require_keeper(actor, fund)
    breach = current_breach(session, fund)
    if breach is None:
        raise Blocked("fund_without_breach")
    return breach


def is_late(due_on: date | None, done_on: date | None) -> bool:
    """Whether a clock ran out, judged by the day when it was met or today."""
    return due_on is not None and (done_on or local_date(now())) > due_on


def _record(session: Session, fund: Fund, action: str, actor: Actor, **facts: str) -> None:
    session.flush()
    audit.append(session, f"fund:{fund.id}", actor=actor, action=action, facts=facts, subject=("fund", fund.id))

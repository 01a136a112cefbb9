"""Finding dossiers that stand still, listing them for their unit, and telling those who wait why."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from typing import Any

from flask_babel import force_locale, lazy_gettext
from flask_babel.speaklater import LazyString
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    String,
    and_,
    column,
    delete,
    func,
    literal,
    or_,
    select,
    true,
    update,
    values,
)
from sqlalchemy import case as one_of
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from accounts.models import Person, Unit
from applications.correspondence import OFFICERS, officers_of, people_by_organisation
from applications.models import Case, CaseEvent, StuckCase
from applications.models.stuck import NO_EVENT, NOBODY
from applications.noticetopics import NEWS, UNIT
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from foundation.calendars import load_calendar
from foundation.notices import NoticeKind, Telling, notify_each, register_notice
from foundation.wording import LANGUAGES
from foundation.workdays import HANOI, Calendar, local_date

PARAMETER = "stuck_after_working_days"
"""The parameter of a pack that says after how many working days without a step a dossier stands still."""
WORKING_DAYS = 5
"""The same for packs that do not say."""
UNASSIGNED_FOR = timedelta(minutes=20)
"""How long a dossier may be without anybody in charge before it is listed."""
TOLD_AT_ONCE = 1000

REASONS = {
    NOBODY: lazy_gettext("Nobody is in charge of it."),
    NO_EVENT: lazy_gettext("Nothing was done on it for several working days."),
}
NOBODY_YET = lazy_gettext("nobody yet")
NOBODY_YET_SAID = "nobody_yet"


def list_stuck(session: Session, *, at: datetime) -> None:
    """Put on the list what stands still at this instant, and take off what moves again."""
    rules = list(_rules(session, at))
    if not rules:
        session.execute(delete(StuckCase))
        return
    wanted = _wanted(rules, at).cte("wanted").prefix_with("MATERIALIZED")
    still = select(wanted.c.id).where(wanted.c.id == StuckCase.case_id, wanted.c.reason == StuckCase.reason)
    session.execute(delete(StuckCase).where(~still.exists()))
    listed = select(
        wanted.c.id, wanted.c.unit_id, wanted.c.reason, wanted.c.since, literal(at, DateTime(timezone=True))
    )
    columns = ["case_id", "unit_id", "reason", "since", "listed_at"]
    session.execute(insert(StuckCase).from_select(columns, listed).on_conflict_do_nothing())


def list_as_told(session: Session, *, at: datetime) -> None:
    """Put on the list what stands still, as in a house where those who wait were told long ago."""
    list_stuck(session, at=at)
    session.execute(update(StuckCase).where(StuckCase.told_at.is_(None)).values(told_at=at))


def _rules(session: Session, at: datetime) -> Iterator[tuple[int, str, datetime]]:
    """For each version and state in which the unit has to act: since when nothing may have happened."""
    calendars: dict[str, Calendar] = {}
    query = select(Case.version_id, Case.state).where(Case.state_kind == "open").distinct()
    for version_id, state in session.execute(query).all():
        pack = pack_of_version(session, version_id)
        found = pack.state_by_key.get(state)
        if found is not None and found.responsible == "unit":
            calendar = calendars.setdefault(pack.calendar, load_calendar(session, pack.calendar))
            yield version_id, state, quiet_since(local_date(at), pack, calendar)


def quiet_since(today: date, pack: Pack, calendar: Calendar) -> datetime:
    """The beginning of the last day that, with nothing done since, is followed by so many whole working days."""
    day, left = today, int(pack.parameters.get(PARAMETER, WORKING_DAYS))
    while left > 0:
        day -= timedelta(days=1)
        left -= calendar.is_working(day)
    return datetime.combine(day, time(), HANOI)


def _wanted(rules: list[tuple[int, str, datetime]], at: datetime) -> Select[Any]:
    """The dossiers that stand still now, each with its reason and since when."""
    rule = (
        values(
            column("version_id", BigInteger),
            column("state", String),
            column("cut", DateTime(timezone=True)),
            name="rule",
        )
        .data(rules)
        .alias("rule")
    )
    last = select(CaseEvent.at).where(CaseEvent.case_id == Case.id).order_by(CaseEvent.seq.desc()).limit(1)
    latest = last.lateral("latest")
    is_nobodys = and_(Case.holder_id.is_(None), Case.state_since <= at - UNASSIGNED_FOR)
    is_quiet: ColumnElement[bool] = and_(Case.state_since < rule.c.cut, latest.c.at < rule.c.cut)
    may_be = or_(Case.holder_id.is_(None), Case.state_since < rule.c.cut)  # spares looking at the steps of the others
    reason = one_of((Case.holder_id.is_(None), literal(NOBODY)), else_=literal(NO_EVENT))
    since = one_of((Case.holder_id.is_(None), Case.state_since), else_=func.coalesce(latest.c.at, Case.state_since))
    return (
        select(Case.id, Case.unit_id, reason.label("reason"), since.label("since"))
        .join(rule, and_(rule.c.version_id == Case.version_id, rule.c.state == Case.state))
        .join(latest, true())
        .where(Case.state_kind == "open", may_be, or_(is_nobodys, is_quiet))
    )


def tell_of_stuck(session: Session, *, at: datetime) -> int:
    """Tell applicants why their dossier stands still and who has it, and the unit that it does; how many dossiers."""
    query = (
        select(StuckCase, Case, Unit, Person.full_name)
        .join(Case, Case.id == StuckCase.case_id)
        .join(Unit, Unit.id == StuckCase.unit_id)
        .outerjoin(Person, Person.id == Case.holder_id)
        .where(StuckCase.told_at.is_(None))
        .order_by(StuckCase.case_id)
        .limit(TOLD_AT_ONCE)
    )
    rows = session.execute(query.with_for_update(of=StuckCase, skip_locked=True)).all()
    members = people_by_organisation(session, (case.organisation_id for _, case, _, _ in rows))
    news, listed = [], []
    for stuck, case, unit, holder in rows:
        facts = _facts(stuck, case, unit, holder or "")
        told = partial(Telling, facts=facts, link=f"/dossiers/{case.key}", case_id=case.id)
        news.append(told(members.get(case.organisation_id or 0, ())))
        listed.append(told(_in_charge(session, case, unit)))
    ids = [stuck.case_id for stuck, _, _, _ in rows]
    session.execute(update(StuckCase).where(StuckCase.case_id.in_(ids)).values(told_at=at))
    notify_each(session, STANDS_STILL, news)
    notify_each(session, LISTED, listed)
    return len(rows)


def _in_charge(session: Session, case: Case, unit: Unit) -> Iterable[int]:
    """The person in charge, or else the officers of the unit."""
    if case.holder_id:
        return (case.holder_id,)
    pack = pack_of_version(session, case.version_id)
    return officers_of(session, unit, pack.code, OFFICERS["unit"])


def _facts(stuck: StuckCase, case: Case, unit: Unit, holder: str) -> dict[str, Any]:
    return {
        "title": case.title,
        "code": case.code or case.key,
        "why": _said(stuck.reason),
        "unit": dict(unit.name),
        "holder": dict.fromkeys(LANGUAGES, holder) if holder else _said(NOBODY_YET_SAID),
    }


@cache
def _said(what: str) -> dict[str, str]:
    """A reason, or that nobody is in charge yet, in each language."""
    return in_all_languages(NOBODY_YET if what == NOBODY_YET_SAID else REASONS[what])


def in_all_languages(words: LazyString) -> dict[str, str]:
    """A sentence of the product in each language."""
    found = {}
    for language in LANGUAGES:
        with force_locale(language):
            found[language] = str(words)
    return found


STANDS_STILL = register_notice(
    NoticeKind(
        "dossier_stands_still",
        subject=lazy_gettext("Your dossier %(code)s stands still"),
        body=lazy_gettext(
            "The dossier “%(title)s” stands still: %(why)s It is with: %(unit)s. In charge: %(holder)s. "
            "The unit sees it on its list of dossiers that stand still."
        ),
        topic=NEWS,
    )
)
LISTED = register_notice(
    NoticeKind(
        "dossier_listed_as_stuck",
        subject=lazy_gettext("Dossier %(code)s stands still"),
        body=lazy_gettext("“%(title)s” is on your unit’s list of dossiers that stand still: %(why)s"),
        topic=UNIT,
    )
)

"""Form 07 of Circular 03/2025: the register of the dossiers that a unit received in a period."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from accounts.models import Organisation, Unit
from applications.letterfacts import PLACE
from applications.models import Case
from applications.packs.catalogue import pack_of_version
from applications.visibility import READING_ROLES, staff_cases
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Blocked, Reason
from foundation.exports import MOST_ROWS
from foundation.reasons import register_reasons
from foundation.wording import LANGUAGES
from foundation.workdays import local_date, start_of_day

TEMPLATE = "1/form_07.typ"
MARK = "STD"
LONGEST = 1000
"""Lines of one register: a longer period is printed month by month."""

AT_ONCE = 1000
DAYS = ("received_on", "due_on", "closed_on")

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """The unit and the days, both included, of a register."""

    unit: Unit
    from_on: date
    to_on: date


def received_count(session: Session, period: Period, *, actor: Actor) -> int:
    """How many dossiers the actor would find in the register."""
    return session.scalar(select(func.count()).select_from(_received(period, actor).subquery())) or 0


def register_facts(session: Session, period: Period, *, actor: Actor) -> Facts:
    """The facts of the register, oldest first. Raises Blocked when it is too long for one print."""
    query = _received(period, actor).order_by(Case.received_at, Case.id).limit(LONGEST + 1)
    rows = session.execute(query).all()
    if len(rows) > LONGEST:
        raise Blocked(Reason("register_too_long", {"longest": LONGEST}))
    agency = session.get(Unit, period.unit.parent_id) if period.unit.parent_id else None
    return {
        "number": f"{period.unit.code}-{period.from_on:%y%m%d}-{period.to_on:%y%m%d}/{MARK}",
        "key": "",
        "unit": dict(period.unit.name),
        "agency": dict(agency.name) if agency else None,
        "place": PLACE,
        "issued_on": local_date(now()).isoformat(),
        "from_on": period.from_on.isoformat(),
        "to_on": period.to_on.isoformat(),
        "lines": [_line(session, row.Case, row.Organisation) for row in rows],
    }


def register_lines(session: Session, period: Period, *, actor: Actor) -> Iterator[Facts]:
    """The lines of the register, oldest first, as a file takes them: with days instead of their names."""
    query = _received(period, actor).order_by(Case.received_at, Case.id).limit(MOST_ROWS)
    for row in session.execute(query.execution_options(yield_per=AT_ONCE)):
        line = _line(session, row.Case, row.Organisation)
        days = {name: date.fromisoformat(line[name]) for name in DAYS if line[name]}
        yield {**line, **days}


def _received(period: Period, actor: Actor) -> Select[Case, Organisation]:
    return (
        select(Case, Organisation)
        .outerjoin(Organisation, Organisation.id == Case.organisation_id)
        .where(
            staff_cases(actor, READING_ROLES),
            Case.unit_id == period.unit.id,
            Case.code.is_not(None),
            Case.received_at >= start_of_day(period.from_on),
            Case.received_at < start_of_day(period.to_on + timedelta(days=1)),
        )
    )


def _line(session: Session, case: Case, organisation: Organisation | None) -> Mapping[str, Any]:
    pack = pack_of_version(session, case.version_id)
    state = pack.state_by_key[case.state]
    return {
        "code": case.code,
        "procedure": dict(pack.title),
        "title": case.title,
        "organisation": {language: organisation.title(language) for language in LANGUAGES} if organisation else "",
        "received_on": _day(case.received_at),
        "due_on": _day(case.original_due_at or case.due_at),
        "closed_on": _day(case.decided_at or case.state_since) if case.state_kind == "final" else None,
        "state": dict(state.title),
        "channel": case.channel,
    }


def _day(at: datetime | None) -> str | None:
    return local_date(at).isoformat() if at else None


register_reasons(
    {
        "register_too_long": lazy_gettext(
            "More than %(longest)s dossiers were received in this period. Print it in shorter periods."
        )
    }
)

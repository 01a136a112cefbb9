"""Form 06 of Circular 03/2025: who handed a dossier on to whom, when, and whether in time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Organisation, Person, Unit
from applications.clockwork import runs_of
from applications.letterfacts import PLACE
from applications.models import Case, CaseEvent, ClockRun
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack
from applications.queries.timeline import APPLICANT_ROLES, events_of
from applications.visibility import find_case, reader_of
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import NotFound
from foundation.wording import LANGUAGES, Trilingual
from foundation.workdays import HANOI, local_date

TEMPLATE = "1/form_06.typ"
MARK = "KSHS"
SYSTEM_TITLE: Trilingual = {"vi": "Hệ thống", "en": "The system", "fr": "Le système"}
NOBODY: Trilingual = {"vi": "", "en": "", "fr": ""}

Facts = dict[str, Any]


def slip_facts(session: Session, key: str, *, actor: Actor) -> Facts:
    """The facts of the slip as the dossier stands now, for the staff who read it. Raises NotFound."""
    case = find_case(session, key, actor=actor)
    pack = pack_of_version(session, case.version_id)
    if not reader_of(case, pack.code, actor).is_staff:
        raise NotFound
    unit, agency, organisation, holder = _around(session, case)
    applicant = _names(organisation)
    return {
        "number": f"{case.code or case.key}/{MARK}",
        "key": case.key,
        "code": case.code,
        "title": case.title,
        "procedure": dict(pack.title),
        "organisation": applicant,
        "unit": dict(unit.name),
        "agency": dict(agency.name) if agency else None,
        "holder": holder,
        "place": PLACE,
        "issued_on": local_date(now()).isoformat(),
        "received_at": _moment(case.pinned_at or case.received_at),
        "due_on": local_date(case.due_at).isoformat() if case.due_at else None,
        "original_due_on": local_date(case.original_due_at).isoformat() if case.original_due_at else None,
        "hands": list(_hands(session, case, applicant or NOBODY, unit.name)),
    }


def _around(session: Session, case: Case) -> tuple[Unit, Unit | None, Organisation | None, str | None]:
    unit = session.get_one(Unit, case.unit_id)
    agency = session.get(Unit, unit.parent_id) if unit.parent_id else None
    organisation = session.get(Organisation, case.organisation_id) if case.organisation_id else None
    holder = session.scalar(select(Person.full_name).where(Person.id == case.holder_id)) if case.holder_id else None
    return unit, agency, organisation, holder


def _names(organisation: Organisation | None) -> Trilingual | None:
    return {language: organisation.title(language) for language in LANGUAGES} if organisation else None


def _hands(session: Session, case: Case, applicant: Trilingual, unit: Trilingual) -> Iterator[Facts]:
    """Each step: when, what, by whom, into whose hands, and how it stood with the deadlines that it ended."""
    runs = runs_of(session, case)
    for row in events_of(session, case):
        event: CaseEvent = row.CaseEvent
        pack = pack_of_version(session, event.version_id)
        step, after = pack.step_by_key.get(event.step), pack.state_by_key.get(event.to_state)
        responsible = after.responsible if after else "nobody"
        yield {
            "at": _moment(event.at),
            "step": dict(step.title) if step else event.step,
            "given_by": _giver(event, row.full_name, applicant),
            "taken_by": {"applicant": applicant, "unit": unit}.get(responsible, NOBODY),
            "clocks": list(_ended(runs, event, pack)),
        }


def _giver(event: CaseEvent, name: str | None, applicant: Trilingual) -> Trilingual | str:
    """The officer by name, the applicant's side by the organisation, the clock as the system."""
    if event.person_id is None:
        return SYSTEM_TITLE
    return applicant if event.role in APPLICANT_ROLES else name or ""


def _ended(runs: Sequence[ClockRun], event: CaseEvent, pack: Pack) -> Iterator[Mapping[str, Any]]:
    for run in runs:
        if run.ended_at == event.at and run.due_at is not None and run.clock in pack.clock_by_key:
            ended, due = local_date(run.ended_at), local_date(run.due_at)
            outcome = "late" if ended > due else "on_time" if ended == due else "early"
            yield {"title": dict(pack.clock_by_key[run.clock].title), "outcome": outcome}


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(HANOI).isoformat(timespec="minutes") if at else None

"""The deadlines that concern somebody: of dossiers in their hands, and of those of their organisations."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from accounts.actors import actor_of_person
from accounts.digests import digest_of
from applications.models import CalendarFeed, Case, ClockRun
from applications.packs.catalogue import pack_of_version
from applications.packs.model import INTERNAL
from applications.visibility import own_cases
from foundation.actors import Actor
from foundation.errors import NotFound
from foundation.wording import Trilingual
from foundation.workdays import local_date

MOST = 500


@dataclass(frozen=True, slots=True)
class Deadline:
    """One date of a calendar. ``run`` tells it from all others, ``revised_at`` when it may have changed."""

    run: int
    key: str
    code: str
    title: str
    procedure: Trilingual
    clock: Trilingual
    on: date
    revised_at: datetime


def reader_of_feed(session: Session, secret: str) -> Actor:
    """Whose calendar this is. Raises NotFound when the address was never valid, ended, or its person may not act."""
    person_id = session.scalar(select(CalendarFeed.person_id).where(CalendarFeed.digest == digest_of(secret)))
    actor = actor_of_person(session, person_id) if person_id is not None else None
    if actor is None or not actor.is_signed_in:
        raise NotFound
    return actor


def deadlines_of(session: Session, *, actor: Actor) -> list[Deadline]:
    """The running deadlines that concern the actor, the nearest first."""
    due = func.coalesce(ClockRun.reappointed_due_at, ClockRun.due_at)
    held = and_(Case.holder_id == actor.person_id, ClockRun.responsible == "unit")
    query = (
        select(Case, ClockRun, due.label("due"))
        .join(ClockRun, ClockRun.case_id == Case.id)
        .where(
            Case.state_kind == "open",
            ClockRun.ended_at.is_(None),
            ClockRun.due_at.is_not(None),
            or_(held, own_cases(actor)),
        )
        .order_by(due, ClockRun.id)
        .limit(MOST)
    )
    return [
        found for row in session.execute(query) for found in _deadline(session, row.Case, row.ClockRun, row.due, actor)
    ]


def _deadline(session: Session, case: Case, run: ClockRun, due: datetime, actor: Actor) -> Iterator[Deadline]:
    """The date, unless it is an internal one of the house and the reader is of the applicant."""
    pack = pack_of_version(session, case.version_id)
    spec = pack.clock_by_key.get(run.clock)
    is_theirs = case.organisation_id in actor.organisation_ids
    is_told = run.source != INTERNAL or run.responsible == "applicant" or (spec is not None and spec.is_main)
    if spec is None or (is_theirs and not is_told):
        return
    yield Deadline(
        run=run.id,
        key=case.key,
        code=case.code or case.key,
        title=case.title,
        procedure=pack.title,
        clock=spec.title,
        on=local_date(due),
        revised_at=case.updated_at,
    )


def has_feed(session: Session, *, actor: Actor) -> CalendarFeed | None:
    """The actor's own address, if it is open."""
    return session.get(CalendarFeed, actor.person_id) if actor.person_id is not None else None

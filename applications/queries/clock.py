"""The clock of a dossier explained: each run stretch by stretch, what would follow, and whose days the delay was."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Person, Unit
from applications.clock import Pause, counted_days
from applications.clockwork import runs_of
from applications.delay import Holder, Holding, Span, days_by_holder
from applications.forecast import Forecast, forecasts, turning_step
from applications.holdings import holdings_of
from applications.models import Case, CaseEvent, ClockInterval, ClockRun
from applications.packs.catalogue import pack_of_version
from applications.packs.model import Pack, Step
from applications.queries.ledger import LedgerRun, ledger_of
from applications.visibility import Reader, find_case, reader_of
from foundation.actors import Actor
from foundation.calendars import load_calendar
from foundation.database import now
from foundation.workdays import HANOI, Calendar, end_of_day, local_date

NOON = time(12)
"""When a step that is only supposed is made: before any hour after which a day counts as the next."""
LATEST_SUPPOSED = 366
"""Days ahead that may be supposed."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many days of a run that went to one holder; ``name`` is empty where nobody was in charge."""

    holder: Holder
    name: str
    days: int


@dataclass(frozen=True, slots=True)
class ExplainedRun:
    """A run with the days of each of its stretches and, when it is late, whose days it is late by."""

    run: LedgerRun
    stretch_days: Sequence[int | None]
    shares: Sequence[Share]
    late_shares: Sequence[Share]

    @property
    def days(self) -> int:
        return sum(share.days for share in self.shares)

    @property
    def late_days(self) -> int:
        return sum(share.days for share in self.late_shares)

    @property
    def begins_next_day(self) -> bool:
        """Whether the start came so late in the day that the next working day counts as its day."""
        return self.run.counts_from > local_date(self.run.started_at)


@dataclass(frozen=True, slots=True)
class ClockView:
    """What the page on the clock shows. ``step`` is what everything waits for, and ``supposed_on`` when it is made."""

    case: Case
    pack: Pack
    reader: Reader
    unit: Unit
    runs: Sequence[ExplainedRun]
    step: Step | None
    supposed_on: date
    earliest: date
    latest: date
    forecasts: Sequence[Forecast]


def clock_view(session: Session, key: str, supposed_on: date | None = None, *, actor: Actor) -> ClockView:
    """The clock of the dossier with this key. Raises NotFound."""
    case = find_case(session, key, actor=actor)
    pack = pack_of_version(session, case.version_id)
    reader, runs, at = reader_of(case, pack.code, actor), runs_of(session, case), now()
    calendars = {code: load_calendar(session, code) for code in {pack.calendar, *(run.calendar for run in runs)}}
    step, today = turning_step(pack, case.state), local_date(at)
    latest = date.fromordinal(today.toordinal() + LATEST_SUPPOSED)
    day = min(max(supposed_on or today, today), latest)
    instant = at if day == today else datetime.combine(day, NOON, HANOI)
    return ClockView(
        case=case,
        pack=pack,
        reader=reader,
        unit=session.get_one(Unit, case.unit_id),
        runs=list(_explained(session, case, pack, runs, calendars, reader)),
        step=step,
        supposed_on=day,
        earliest=today,
        latest=latest,
        forecasts=forecasts(pack, case, runs, step, instant, calendars=calendars) if step else [],
    )


def _explained(
    session: Session,
    case: Case,
    pack: Pack,
    runs: Sequence[ClockRun],
    calendars: Mapping[str, Calendar],
    reader: Reader,
) -> Iterator[ExplainedRun]:
    events = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)).all()
    holdings = holdings_of(events, case.created_at, lambda version: pack_of_version(session, version))
    names = _names(session, runs, holdings)
    by_place = {(run.clock, run.round): run for run in runs}
    for told in ledger_of(session, runs, pack, names, everything=reader.is_staff):
        run = by_place[told.clock, told.round]
        calendar = calendars[run.calendar] if run.length_unit == "working_days" else None
        yield _explained_run(run, told, holdings, names, calendar)


def _explained_run(
    run: ClockRun, told: LedgerRun, holdings: Sequence[Holding], names: Mapping[int, str], calendar: Calendar | None
) -> ExplainedRun:
    until = local_date(run.ended_at or now())
    pauses = [Pause(part.started_at, part.ended_at) for part in run.intervals if part.kind == "pause"]
    days = list(counted_days(run.counts_from, until, calendar=calendar, pauses=pauses))
    used = days_by_holder(Span(run.counts_from, until, run.ended_at), holdings, calendar=calendar, pauses=pauses)
    late: Mapping[Holder, int] = {}
    if told.is_late and run.due_at is not None:
        late = days_by_holder(
            Span(local_date(run.due_at), until, run.ended_at), holdings, calendar=calendar, pauses=pauses
        )
    return ExplainedRun(
        told,
        [_days_in(part, days, run.ended_at) for part in run.intervals],
        _shares(used, names),
        _shares(late, names),
    )


def _days_in(part: ClockInterval, days: Iterable[date], over_at: datetime | None) -> int | None:
    """How many counted days ended within a stretch in which the clock ran; the last one has the day of the end."""
    if part.kind == "pause":
        return None
    until = None if part.ended_at == over_at else part.ended_at
    return sum(part.started_at <= end_of_day(day) and (until is None or end_of_day(day) < until) for day in days)


def _shares(days: Mapping[Holder, int], names: Mapping[int, str]) -> list[Share]:
    shares = [Share(holder, names.get(holder.person_id or 0, ""), count) for holder, count in days.items()]
    return sorted(shares, key=lambda share: -share.days)


def _names(session: Session, runs: Sequence[ClockRun], holdings: Sequence[Holding]) -> Mapping[int, str]:
    people = {part.person_id for run in runs for part in run.intervals} | {row.holder.person_id for row in holdings}
    query = select(Person.id, Person.full_name).where(Person.id.in_(sorted(number for number in people if number)))
    return {row.id: row.full_name for row in session.execute(query)}

"""Settles the clocks of a case when it moves: runs start, pause, resume, restart, stop or get a new date."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import Session, joinedload

from applications.clock import Pause, counts_from, due_at, put_off
from applications.firing import Firing
from applications.models import Application, Case, ClockRun
from applications.packs.model import ClockSpec, ClockVerb, Length, Pack
from applications.runs import Interval, Run
from foundation.calendars import load_calendar
from foundation.workdays import Calendar, end_of_day

NEW_DATE = "new_due_on"
"""The question of a step that re-appoints a clock: the promised day."""


AnyRun = TypeVar("AnyRun", ClockRun, Run)
"""A run as its table has it, or as a step changes it."""

SETS_A_DATE = {"start", "restart", "resume", "reappoint"}


def settle(firing: Firing) -> None:
    """Do what the step says to the clocks, stop all when the case ends, and store the case's due dates."""
    ends = firing.case.state_kind == "final"
    if not firing.step.clocks and not ends:
        return
    runs = firing.runs
    for key, verb in firing.step.clocks.items():
        _turn(firing, firing.pack.clock_by_key[key], verb, runs)
    if ends:
        for run in _running(runs):
            _end(run, firing, "stopped")
    store_due_dates(firing.case, runs, firing.pack)


def runs_of(session: Session, case: Case) -> list[ClockRun]:
    """Every run of every clock of a case, oldest first, with its intervals."""
    query = select(ClockRun).where(ClockRun.case_id == case.id).order_by(ClockRun.id)
    fresh = query.options(joinedload(ClockRun.intervals)).execution_options(populate_existing=True)
    return list(session.scalars(fresh).unique())


def _running(runs: Iterable[AnyRun], clock: str | None = None) -> list[AnyRun]:
    return [run for run in runs if run.ended_at is None and clock in (None, run.clock)]


def _turn(firing: Firing, spec: ClockSpec, verb: ClockVerb, runs: list[Run]) -> None:
    running = _running(runs, spec.key)
    if verb == "start" and not running:
        runs.append(_start(firing, spec, runs))
    elif verb == "restart":
        for run in running:
            _end(run, firing, "restarted")
        runs.append(_start(firing, spec, runs))
    for run in running:
        if verb == "stop":
            _end(run, firing, "stopped")
        elif verb in ("pause", "resume"):
            _switch(firing, run, "pause" if verb == "pause" else "run")
        elif verb == "reappoint":
            run.reappointed_due_at = end_of_day(date.fromisoformat(firing.data[NEW_DATE]))


def length_of(spec: ClockSpec, case: Case) -> tuple[Length, str]:
    """How long this deadline is for this case, and on which basis: the first variant that fits its answers."""
    answers = case.answers if isinstance(case, Application) else {}
    for variant in spec.variants:
        if variant.when.holds(answers):
            return variant.length, variant.source
    return spec.length, spec.source


def _start(firing: Firing, spec: ClockSpec, runs: Sequence[Run]) -> Run:
    calendar = load_calendar(firing.session, firing.pack.calendar)
    length, source = length_of(spec, firing.case)
    run = Run(
        clock=spec.key,
        round=1 + sum(run.clock == spec.key for run in runs),
        length_amount=length.amount,
        length_unit=length.unit,
        source=source,
        responsible=spec.responsible,
        calendar=calendar.code,
        started_at=firing.at,
        counts_from=counts_from(firing.at, calendar, spec.cutoff),
        expires_by=next((step.key for step in firing.pack.steps if step.expires == spec.key), None),
        intervals=[_interval(firing, "run")],
    )
    _compute(run, calendar)
    return run


def _interval(firing: Firing, kind: str) -> Interval:
    return Interval(
        kind=kind,
        started_at=firing.at,
        ground=firing.step.key,
        person_id=firing.actor.person_id,
        actor_kind=firing.actor.kind,
    )


def _end(run: Run, firing: Firing, how: str) -> None:
    run.ended_at, run.end_kind, run.intervals[-1].ended_at = firing.at, how, firing.at


def _switch(firing: Firing, run: Run, kind: str) -> None:
    if run.intervals[-1].kind == kind:
        return
    last, calendar = run.intervals[-1], load_calendar(firing.session, run.calendar)
    last.ended_at = firing.at
    run.intervals.append(_interval(firing, kind))
    if kind == "run" and run.reappointed_due_at is not None:
        run.reappointed_due_at = put_off(run.reappointed_due_at, Pause(last.started_at, firing.at), calendar)
    _compute(run, calendar)


def _compute(run: ClockRun | Run, calendar: Calendar) -> None:
    pauses = [Pause(part.started_at, part.ended_at) for part in run.intervals if part.kind == "pause"]
    length = Length(run.length_amount, run.length_unit)  # type: ignore[arg-type]  # stored from a Length
    run.due_at = due_at(run.counts_from, run.started_at, length, calendar=calendar, pauses=pauses)


def store_due_dates(case: Case, runs: Sequence[AnyRun], pack: Pack) -> None:
    """Derive the case's dates: ``due_at`` from the unit's running clocks, ``original_due_at`` from the main one."""
    promised = [promise_of(run) for run in _running(runs) if run.responsible == "unit"]
    case.due_at = min((due for due in promised if due is not None), default=None)
    main = next((spec.key for spec in pack.clocks if spec.is_main), None)
    mains = [run for run in runs if run.clock == main]
    case.original_due_at = mains[-1].due_at if mains else case.due_at


def promise_of(run: ClockRun | Run) -> datetime | None:
    """The day that is promised; none while the clock stands still."""
    return None if run.due_at is None else run.reappointed_due_at or run.due_at


def announced_due(firing: Firing, runs: Sequence[Run]) -> datetime | None:
    """The date that this step tells people: of the clock that it set, the main one first; else of the main one."""
    main = next((spec.key for spec in firing.pack.clocks if spec.is_main), None)
    turned = [key for key, verb in firing.step.clocks.items() if verb in SETS_A_DATE]
    for key in [*sorted(turned, key=lambda key: key != main), main]:
        if key is not None and (running := _running(runs, key)):
            return promise_of(running[-1])
    return firing.case.due_at


def recompute(session: Session, calendar_code: str, *, pack_of: Callable[[Session, int], Pack]) -> int:
    """Derive the due dates of all running clocks of a calendar anew, after one of its days changed.

    Returns how many runs got another date.
    """
    calendar = load_calendar(session, calendar_code)
    changed: dict[int, bool] = {}
    query = select(ClockRun).where(ClockRun.calendar == calendar_code, ClockRun.ended_at.is_(None))
    for run in session.scalars(query.execution_options(yield_per=500)):
        before = run.due_at
        _compute(run, calendar)
        if run.due_at != before:
            changed[run.case_id] = True
    session.flush()
    for case_id in changed:
        case = session.get_one(Case, case_id)
        store_due_dates(case, runs_of(session, case), pack_of(session, case.version_id))
    return len(changed)


Expired = Row[tuple[datetime, int, int, str]]
"""When the term ended, the run, its case, and the step."""


def expired_runs(session: Session, at: datetime, *, behind: Expired | None = None, limit: int = 200) -> list[Expired]:
    """Runs whose term has passed and whose clock makes a step by itself, the oldest first, ``behind`` this one."""
    columns = (ClockRun.due_at, ClockRun.id, ClockRun.case_id, ClockRun.expires_by)
    query = select(*columns).where(ClockRun.ended_at.is_(None), ClockRun.due_at < at, ClockRun.expires_by.is_not(None))
    if behind is not None:
        query = query.where(tuple_(ClockRun.due_at, ClockRun.id) > (behind.due_at, behind.id))
    return list(session.execute(query.order_by(ClockRun.due_at, ClockRun.id).limit(limit)))

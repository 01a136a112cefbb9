"""What would follow: the dates that a step would set if it were made on a certain day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from applications.clock import Pause, counts_from, due_at, put_off
from applications.clockwork import length_of
from applications.drafting import sending_step
from applications.models import Case, ClockRun
from applications.packs.model import ClockSpec, Length, Pack, Step
from foundation.workdays import Calendar

BEGINS = {"start", "restart"}


@dataclass(frozen=True, slots=True)
class Forecast:
    """A date that would be set. ``after`` is the step that would have to follow first, on the last day it may."""

    clock: ClockSpec
    due_at: datetime
    after: Step | None = None


def turning_step(pack: Pack, state: str) -> Step | None:
    """The step on which everything waits: the applicant's answer, or what lets a clock run on."""
    resuming = (step for step in pack.steps_from(state) if "resume" in step.clocks.values())
    return sending_step(pack, state) or next(resuming, None)


def forecasts(
    pack: Pack, case: Case, runs: Sequence[ClockRun], step: Step, at: datetime, *, calendars: Mapping[str, Calendar]
) -> list[Forecast]:
    """The dates if ``step`` were made at this instant; the main deadline last, even where another step begins it."""
    calendar = calendars[pack.calendar]
    found = list(_set_by(pack, case, runs, step, at, calendars))
    if found and not any(forecast.clock.is_main for forecast in found):
        found += _main_after(pack, case, step, found[0].due_at, calendar)
    return sorted(found, key=lambda forecast: forecast.clock.is_main)


def _set_by(
    pack: Pack, case: Case, runs: Sequence[ClockRun], step: Step, at: datetime, calendars: Mapping[str, Calendar]
) -> Iterator[Forecast]:
    for key, verb in step.clocks.items():
        spec = pack.clock_by_key[key]
        running = next((run for run in runs if run.clock == key and run.ended_at is None), None)
        if verb == "restart" or (verb == "start" and running is None):
            yield Forecast(spec, _begun(spec, case, at, calendars[pack.calendar]))
        elif verb == "resume" and running is not None:
            yield Forecast(spec, _resumed(running, at, calendars[running.calendar]))


def _begun(spec: ClockSpec, case: Case, at: datetime, calendar: Calendar) -> datetime:
    length, _ = length_of(spec, case)
    due = due_at(counts_from(at, calendar, spec.cutoff), at, length, calendar=calendar)
    assert due is not None  # noqa: S101 - nothing pauses a clock that just begins
    return due


def _resumed(run: ClockRun, at: datetime, calendar: Calendar) -> datetime:
    pauses = [Pause(part.started_at, part.ended_at or at) for part in run.intervals if part.kind == "pause"]
    length = Length(run.length_amount, run.length_unit)  # type: ignore[arg-type]  # stored from a Length
    due = due_at(run.counts_from, run.started_at, length, calendar=calendar, pauses=pauses)
    assert due is not None  # noqa: S101 - every pause has ended at this instant
    if run.reappointed_due_at is not None:
        return put_off(run.reappointed_due_at, pauses[-1], calendar)
    return due


def _main_after(pack: Pack, case: Case, step: Step, at: datetime, calendar: Calendar) -> Iterator[Forecast]:
    """The main deadline, if the unit takes its whole time for the step that begins it."""
    for following in pack.steps_from(step.to or case.state):
        for key, verb in following.clocks.items():
            spec = pack.clock_by_key[key]
            if spec.is_main and verb in BEGINS:
                yield Forecast(spec, _begun(spec, case, at, calendar), following)
                return

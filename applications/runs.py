"""Runs of clocks as a step reads and changes them; what it changed is written with everything else that it leaves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from applications.models import ClockInterval, ClockRun
from foundation.jsonrows import read_times, typed
from foundation.prepared import prepare

RUNS_SQL = """(
    SELECT json_agg(run ORDER BY run.id)
      FROM (SELECT id, clock, round, length_amount, length_unit, source, responsible, calendar, started_at, counts_from,
                   ended_at, end_kind, due_at, reappointed_due_at, expires_by,
                   (SELECT json_agg(part ORDER BY part.id)
                      FROM (SELECT id, kind, started_at, ended_at, ground, person_id, actor_kind
                              FROM clock_intervals WHERE run_id = clock_runs.id) AS part) AS intervals
              FROM clock_runs WHERE case_id = {case_id}) AS run
)"""
"""The runs of ``{case_id}``, to be asked among other things and read by :func:`runs_from`."""
_RUNS = prepare(text(f"SELECT {RUNS_SQL.format(case_id=':case_id')} AS runs"))


@dataclass(slots=True)
class Interval:
    """A stretch in which the clock ran or stood still; without an id it is not written yet."""

    kind: str
    started_at: datetime
    ground: str
    person_id: int | None
    actor_kind: str
    ended_at: datetime | None = None
    id: int | None = None
    is_kept_open: bool = False
    """Whether it was open when it was read."""


@dataclass(slots=True)
class Run:
    """One run of a deadline, as :class:`applications.models.ClockRun` keeps it; without an id not written yet."""

    clock: str
    round: int
    length_amount: int
    length_unit: str
    source: str
    responsible: str
    calendar: str
    started_at: datetime
    counts_from: date
    expires_by: str | None
    intervals: list[Interval]
    due_at: datetime | None = None
    reappointed_due_at: datetime | None = None
    ended_at: datetime | None = None
    end_kind: str | None = None
    id: int | None = None
    as_kept: tuple[Any, ...] = field(default=(), repr=False)

    @property
    def standing(self) -> tuple[Any, ...]:
        """What a step may change of a run."""
        return self.ended_at, self.end_kind, self.due_at, self.reappointed_due_at


def runs_from(found: Sequence[dict[str, Any]] | None) -> list[Run]:
    """The runs that :data:`RUNS_SQL` answered, oldest first."""
    return [_run(facts) for facts in found or ()]


def _run(facts: dict[str, Any]) -> Run:
    parts = facts.pop("intervals") or ()
    run = Run(**read_times(ClockRun, facts), intervals=[_interval(part) for part in parts])
    run.as_kept = run.standing
    return run


def _interval(facts: dict[str, Any]) -> Interval:
    return Interval(**read_times(ClockInterval, facts), is_kept_open=facts["ended_at"] is None)


def read_runs(session: Session, case_id: int) -> list[Run]:
    """Every run of every clock of a case, oldest first."""
    return runs_from(_RUNS.rows(session, case_id=case_id)[0].runs)


STARTED = (
    *("clock", "round", "length_amount", "length_unit", "source", "responsible", "calendar", "started_at"),
    *("counts_from", "ended_at", "end_kind", "due_at", "reappointed_due_at", "expires_by"),
)
STRETCH = ("kind", "started_at", "ended_at", "ground", "person_id", "actor_kind")

CLOCKS_SQL = f"""
    altered AS (
      UPDATE clock_runs AS run
         SET ended_at = told.ended_at, end_kind = told.end_kind, due_at = told.due_at,
             reappointed_due_at = told.reappointed_due_at
        FROM jsonb_to_recordset(CAST(:altered AS jsonb)) AS told (id bigint, {typed(ClockRun, STARTED[9:13])})
       WHERE run.id = told.id RETURNING run.id
    ), closed AS (
      UPDATE clock_intervals AS part SET ended_at = told.ended_at
        FROM jsonb_to_recordset(CAST(:closed AS jsonb)) AS told (id bigint, ended_at timestamptz)
       WHERE part.id = told.id RETURNING part.id
    ), started AS (
      INSERT INTO clock_runs (case_id, {", ".join(STARTED)})
      SELECT case_id, {", ".join(STARTED)}
        FROM jsonb_to_recordset(CAST(:started AS jsonb)) AS begun (case_id bigint, {typed(ClockRun, STARTED)})
       WHERE (SELECT count(*) FROM altered) >= 0
      RETURNING id, case_id, clock, round
    ), opened AS (
      INSERT INTO clock_intervals (run_id, {", ".join(STRETCH)})
      SELECT coalesce(run_id, started.id), {", ".join(STRETCH)}
        FROM jsonb_to_recordset(CAST(:opened AS jsonb))
             AS begun (run_id bigint, case_id bigint, clock text, round bigint, {typed(ClockInterval, STRETCH)})
        LEFT JOIN started USING (case_id, clock, round)
       WHERE (SELECT count(*) FROM closed) >= 0
    )"""  # noqa: S608 - joined from constants
"""Parts of a statement that write what :func:`changes_of` found. Of each clock one run is open, and of each run one
interval: what ends is counted first, so that it has ended when the next begins."""

Changes = dict[str, list[dict[str, Any]]]


def changes_of(case_id: int, runs: Iterable[Run]) -> Changes:
    """What a step changed of the runs of a case, as :data:`CLOCKS_SQL` takes it."""
    changes: Changes = {"altered": [], "closed": [], "started": [], "opened": []}
    for run in runs:
        of_run: dict[str, Any] = {"run_id": run.id, "case_id": case_id, "clock": run.clock, "round": run.round}
        if run.id is None:
            changes["started"].append({name: getattr(run, name) for name in STARTED} | {"case_id": case_id})
        elif run.standing != run.as_kept:
            changes["altered"].append({"id": run.id} | {name: getattr(run, name) for name in STARTED[9:13]})
        for part in run.intervals:
            if part.id is None:
                changes["opened"].append(of_run | {name: getattr(part, name) for name in STRETCH})
            elif part.is_kept_open and part.ended_at is not None:
                changes["closed"].append({"id": part.id, "ended_at": part.ended_at})
    return changes

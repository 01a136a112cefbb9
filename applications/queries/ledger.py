"""The clocks of a dossier in words: each run with its stretches, their grounds and authors, used and left."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy.orm import Session

from applications.clock import Pause, used_days
from applications.models import ClockInterval, ClockRun
from applications.packs.model import INTERNAL, Length, Pack, Source
from foundation.calendars import load_calendar
from foundation.database import now
from foundation.wording import Trilingual
from foundation.workdays import Calendar, local_date

Status = Literal["running", "paused", "stopped", "restarted"]


@dataclass(frozen=True, slots=True)
class Stretch:
    """An interval in which the clock ran or stood still, since which step and by whom (empty: the clock itself)."""

    is_pause: bool
    started_at: datetime
    ended_at: datetime | None
    step: str
    ground: Trilingual
    author: str


@dataclass(frozen=True, slots=True)
class LedgerRun:
    """One run of a deadline as people read it. ``used`` and ``left`` are days of its unit, empty for hours and months.

    Late is measured by ``due_at``, the date the law sets; ``reappointed_due_at`` is what an apology promised.
    """

    clock: str
    title: Trilingual
    round: int
    length: Length
    source: Source | None
    responsible: str
    is_main: bool
    status: Status
    started_at: datetime
    counts_from: date
    ended_at: datetime | None
    due_at: datetime | None
    reappointed_due_at: datetime | None
    stretches: tuple[Stretch, ...]
    used: int | None
    left: int | None
    is_late: bool

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def is_internal(self) -> bool:
        return self.source is None


def ledger_of(
    session: Session, runs: Sequence[ClockRun], pack: Pack, authors: Mapping[int, str], *, everything: bool
) -> list[LedgerRun]:
    """The runs, those still open first, each group newest first.

    Without ``everything`` our own internal deadlines stay inside the house.
    """
    calendars = {code: load_calendar(session, code) for code in sorted({run.calendar for run in runs})}
    at = now()
    told = [_told(run, pack, authors, calendars[run.calendar], at) for run in reversed(runs)]
    told.sort(key=lambda run: not run.is_open)
    return [run for run in told if everything or not run.is_internal or run.is_main or run.responsible == "applicant"]


def _told(run: ClockRun, pack: Pack, authors: Mapping[int, str], calendar: Calendar, at: datetime) -> LedgerRun:
    spec = pack.clock_by_key.get(run.clock)
    used, left = _days(run, calendar, at)
    return LedgerRun(
        clock=run.clock,
        title=spec.title if spec else {"vi": run.clock},
        round=run.round,
        length=Length(run.length_amount, run.length_unit),  # type: ignore[arg-type]  # stored from a Length
        source=None if run.source == INTERNAL else pack.sources.get(run.source),
        responsible=run.responsible,
        is_main=spec is not None and spec.is_main,
        status=_status(run),
        started_at=run.started_at,
        counts_from=run.counts_from,
        ended_at=run.ended_at,
        due_at=run.due_at,
        reappointed_due_at=run.reappointed_due_at,
        stretches=tuple(_stretches(run, pack, authors)),
        used=used,
        left=left,
        is_late=run.due_at is not None and (run.ended_at or at) > run.due_at,
    )


def _status(run: ClockRun) -> Status:
    if run.end_kind is not None:
        return "restarted" if run.end_kind == "restarted" else "stopped"
    return "paused" if run.intervals[-1].kind == "pause" else "running"


def _days(run: ClockRun, calendar: Calendar, at: datetime) -> tuple[int | None, int | None]:
    """Days used and left of a term in days; left is negative when late."""
    if run.length_unit not in ("working_days", "days"):
        return None, None
    pauses = [Pause(part.started_at, part.ended_at) for part in run.intervals if part.kind == "pause"]
    counted = calendar if run.length_unit == "working_days" else None
    used = used_days(run.counts_from, local_date(run.ended_at or at), calendar=counted, pauses=pauses)
    return used, run.length_amount - used


def _stretches(run: ClockRun, pack: Pack, authors: Mapping[int, str]) -> Iterator[Stretch]:
    for part in run.intervals:
        yield Stretch(
            is_pause=part.kind == "pause",
            started_at=part.started_at,
            ended_at=part.ended_at,
            step=part.ground,
            ground=_ground(part, pack),
            author=authors.get(part.person_id or 0, ""),
        )


def _ground(part: ClockInterval, pack: Pack) -> Trilingual:
    step = pack.step_by_key.get(part.ground)
    return step.title if step else {"vi": part.ground}

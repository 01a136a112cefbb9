"""Drawings of a report on parks: the ladder of expiries as bars, the forecast of occupancy as a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from parks.indicators import Rung, Share

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 62, 8, 22, 34
BASE = HEIGHT - BOTTOM
MARKS = 4


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the frame at ``y``, and the amount it stands for."""

    y: float
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Bar:
    """``x`` is the middle of the bar, ``top`` where it ends."""

    code: str
    x: float
    left: float
    top: float
    width: float
    height: float
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Ladder:
    marks: Sequence[Mark]
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    on: date
    share: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """A line through ``dots`` and the area below it, as points of polygons."""

    marks: Sequence[Mark]
    dots: Sequence[Dot]
    line: str
    below: str


def draw_ladder(rungs: Sequence[Rung]) -> Ladder:
    """A bar for each rung, as high as its area."""
    step = _round_step(max((rung.area_m2 for rung in rungs), default=Decimal(0)) / MARKS)
    top = step * MARKS
    room = (WIDTH - LEFT - RIGHT) / max(len(rungs), 1)
    width = round(min(room * 0.62, 56), 1)
    bars = []
    for place, rung in enumerate(rungs):
        x, y = round(LEFT + (place + 0.5) * room, 1), _y(rung.area_m2 / top)
        bars.append(Bar(rung.code, x, round(x - width / 2, 1), y, width, round(BASE - y, 1), rung.area_m2))
    return Ladder([Mark(_y(Decimal(n) / MARKS), step * n) for n in range(MARKS + 1)], bars)


def draw_forecast(course: Sequence[tuple[date, Share]]) -> Forecast:
    """The share that is let on each day, of the whole."""
    room = (WIDTH - LEFT - RIGHT - 30) / max(len(course) - 1, 1)
    dots = []
    for place, (day, share) in enumerate(course):
        exact = share.share
        if exact is not None:
            part = Decimal(exact.numerator) / exact.denominator
            dots.append(Dot(round(LEFT + 14 + place * room, 1), _y(part), day, str(round(part, 6))))
    line = " ".join(f"{dot.x},{dot.y}" for dot in dots)
    below = f"{dots[0].x},{BASE} {line} {dots[-1].x},{BASE}" if dots else ""
    return Forecast([Mark(_y(Decimal(n) / MARKS), Decimal(n) / MARKS) for n in range(MARKS + 1)], dots, line, below)


def _y(part: Decimal) -> float:
    return round(BASE - float(part) * (BASE - TOP), 1)


def _round_step(least: Decimal) -> Decimal:
    """1, 2, 2.5 or 5 times a power of ten, not below ``least``."""
    power = Decimal(10) ** (least.adjusted() if least > 0 else 0)
    steps = [power * Decimal(times) for times in ("1", "2", "2.5", "5", "10")]
    return next(step for step in steps if step >= least)

"""Drawings of a fund's course: where bars and lines stand in a frame, with rounded marks beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fund.quarters import Quarter

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 66, 8, 12, 34
MARKS = 5
MOST_DAYS = 9
"""Days that fit under a drawing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across the frame at ``y``, and the amount it stands for."""

    y: float
    amount: int


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars and lines by the name of their series; ``days`` under the frame, each with its place."""

    marks: Sequence[Mark]
    zero: float
    days: Sequence[tuple[float, date]]
    bars: dict[str, list[Bar]]
    lines: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Scale:
    low: int
    high: int
    step: int

    def y(self, amount: int) -> float:
        part = (self.high - amount) / (self.high - self.low)
        return round(TOP + part * (HEIGHT - TOP - BOTTOM), 1)

    def marks(self) -> list[Mark]:
        return [Mark(self.y(amount), amount) for amount in range(self.low, self.high + 1, self.step)]


def draw_j_curve(quarters: Sequence[Quarter]) -> Drawing:
    """Money in and out since the beginning, and the same with what is left: the curve that dips before it rises."""
    net = [quarter.net for quarter in quarters]
    gains = [None if quarter.nav is None else quarter.net + quarter.nav for quarter in quarters]
    scale = _scale([*net, *(gain for gain in gains if gain is not None)])
    lines = {"net": _line(scale, net), "gain": _line(scale, gains)}
    return Drawing(scale.marks(), scale.y(0), _days(quarters), {}, lines)


def draw_flows(quarters: Sequence[Quarter]) -> Drawing:
    """What was paid in each quarter, downward, and what was distributed, upward."""
    scale = _scale([-quarter.paid_in for quarter in quarters] + [quarter.distributed for quarter in quarters])
    bars = {
        "paid_in": _bars(scale, [-quarter.paid_in for quarter in quarters]),
        "distributed": _bars(scale, [quarter.distributed for quarter in quarters]),
    }
    return Drawing(scale.marks(), scale.y(0), _days(quarters), bars, {})


def _scale(amounts: Sequence[int]) -> _Scale:
    """From a round amount to a round amount, zero between them."""
    low, high = min([0, *amounts]), max([0, *amounts])
    step = _round_step(max(high - low, MARKS) // MARKS)
    return _Scale(low // step * step, max(-(-high // step) * step, step if low == 0 else 0), step)


def _round_step(least: int) -> int:
    """1, 2 or 5 times a power of ten, not below ``least``."""
    power = int("1" + "0" * (len(str(max(least, 1))) - 1))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least)


def _x(place: int, count: int) -> float:
    """The middle of a place among so many."""
    return round(LEFT + (place + 0.5) * (WIDTH - LEFT - RIGHT) / max(count, 1), 1)


def _line(scale: _Scale, amounts: Sequence[int | None]) -> str:
    places = enumerate(amounts)
    return " ".join(f"{_x(n, len(amounts))},{scale.y(amount)}" for n, amount in places if amount is not None)


def _bars(scale: _Scale, amounts: Sequence[int]) -> list[Bar]:
    width = round((WIDTH - LEFT - RIGHT) / max(len(amounts), 1) * 0.66, 1)
    zero = scale.y(0)
    bars = []
    for place, amount in enumerate(amounts):
        if amount:
            y, left = scale.y(amount), round(_x(place, len(amounts)) - width / 2, 1)
            bars.append(Bar(left, min(zero, y), width, round(abs(y - zero), 1)))
    return bars


def _days(quarters: Sequence[Quarter]) -> list[tuple[float, date]]:
    every = -(-len(quarters) // MOST_DAYS) if quarters else 1
    return [(_x(n, len(quarters)), one.ends_on) for n, one in enumerate(quarters) if n % every == 0]

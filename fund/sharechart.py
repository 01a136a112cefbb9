"""The drawing of the city's share over the years: steps, for a share holds until the next entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fund.capital import CHARTER_BASE, PAID_BASE
from fund.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH
from fund.queries.history import SharePoint

STEP = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class ShareDrawing:
    """Lines by base; ``marks`` and ``years`` with their places; ``ceiling`` is the height of the ceiling."""

    marks: Sequence[tuple[float, Fraction]]
    years: Sequence[tuple[float, int]]
    lines: Mapping[str, str]
    ceiling: float


@dataclass(frozen=True, slots=True)
class _Frame:
    first: date
    last: date
    top: Fraction

    def x(self, day: date) -> float:
        part = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(LEFT + part * (WIDTH - LEFT - RIGHT), 1)

    def y(self, share: Fraction) -> float:
        return round(TOP + float(1 - share / self.top) * (HEIGHT - TOP - BOTTOM), 1)


def draw_shares(points: Sequence[SharePoint], ceiling: Fraction, today: date) -> ShareDrawing:
    """``points`` in order of time, at least one."""
    highest = max([ceiling, *(Fraction(point.city, point.whole) for point in points)])
    frame = _Frame(points[0].on, max(today, points[-1].on), (highest // STEP + 1) * STEP)
    marks = [(frame.y(STEP * number), STEP * number) for number in range(int(frame.top / STEP) + 1)]
    years = range(frame.first.year + 1, frame.last.year + 1)
    every = -(-len(years) // 10) if years else 1
    return ShareDrawing(
        marks=marks,
        years=[(frame.x(date(year, 1, 1)), year) for year in years[::every]],
        lines={base: _steps(frame, points, base) for base in (CHARTER_BASE, PAID_BASE)},
        ceiling=frame.y(ceiling),
    )


def _steps(frame: _Frame, points: Sequence[SharePoint], base: str) -> str:
    places: list[str] = []
    height = 0.0
    for point in points:
        if point.base == base:
            x, y = frame.x(point.on), frame.y(Fraction(point.city, point.whole))
            places += [f"{x},{height}", f"{x},{y}"] if places else [f"{x},{y}"]
            height = y
    return " ".join([*places, f"{frame.x(frame.last)},{height}"] if places else [])

"""Points after published criteria: what each counts, and who ranks before whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from parks.terms import round_half_up

FULL_SCORE = 10_000
"""A hundred points in hundredths, the unit of a score."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A published criterion: the most points that can be given, and its weight beside the others."""

    code: str
    weight: int
    most_points: int


def score_of(points: Mapping[str, int | Fraction], criteria: Sequence[Criterion]) -> int:
    """Hundredths of a point out of a hundred, rounded half up once; what was not judged counts nothing.

    Raises:
        ValueError: points outside a criterion, no weight at all, or points for what was not published.
    """
    unpublished = set(points) - {one.code for one in criteria}
    if unpublished or sum(one.weight for one in criteria) <= 0:
        raise ValueError("points are given after published criteria, and one of them has weight")
    if any(not 0 <= points.get(one.code, 0) <= one.most_points for one in criteria):
        raise ValueError("points lie between zero and the most that a criterion gives")
    weighted = sum(
        (Fraction(points.get(one.code, 0)) * one.weight / one.most_points for one in criteria if one.weight),
        Fraction(0),
    )
    return round_half_up(weighted * FULL_SCORE / sum(one.weight for one in criteria))


@dataclass(frozen=True, slots=True)
class Standing:
    """What ranks a firm: its score, then the day and time its dossier was complete, then its number."""

    score: int
    complete_at: datetime
    code: str

    @property
    def order(self) -> tuple[int, datetime, str]:
        return (-self.score, self.complete_at, self.code)

"""The ceilings of public capital as enacted, by the day from which they hold."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from foundation.wording import Trilingual
from fund.ceiling import Ceiling

FILE = Path(__file__).parent / "data" / "ceilings.yaml"


@dataclass(frozen=True, slots=True)
class EnactedCeiling:
    """A ceiling with its source; ``is_confirmed`` tells whether the text itself was read."""

    valid_from: date
    ceiling: Ceiling
    private_investors: int
    source: Trilingual
    is_confirmed: bool


@cache
def enacted_ceilings() -> tuple[EnactedCeiling, ...]:
    """All versions, the oldest first."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(sorted((_enacted(row) for row in rows), key=lambda enacted: enacted.valid_from))


def ceiling_on(day: date) -> EnactedCeiling:
    """The version in force on a day; before the first, the first."""
    versions = enacted_ceilings()
    in_force = [enacted for enacted in versions if enacted.valid_from <= day]
    return in_force[-1] if in_force else versions[0]


def _enacted(row: dict[str, object]) -> EnactedCeiling:
    return EnactedCeiling(
        valid_from=row["valid_from"],  # type: ignore[arg-type]  # YAML reads it as a day
        ceiling=Ceiling(row["amount_vnd"], row["share_numerator"], row["share_denominator"]),  # type: ignore[arg-type]  # whole numbers
        private_investors=row["private_investors"],  # type: ignore[arg-type]  # a whole number
        source=row["source"],  # type: ignore[arg-type]  # three languages
        is_confirmed=row["is_confirmed"],  # type: ignore[arg-type]  # yes or no
    )

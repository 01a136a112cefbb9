"""Terms of tenancies that rules set and may change: read as data, by the day from which they hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent / "data" / "tenancy.yaml"


@dataclass(frozen=True, slots=True)
class TenancyRules:
    """Months a price frame holds; days after which is reminded; the clock of renewals; where it is written.

    ``hold_over_rate`` is what part of the last rent a tenant owes who stays after the term without a new lease; how
    sure its source is, is said beside it, in the words that packs use.
    """

    valid_from: date
    frame_months: int
    reminder_days: tuple[int, ...]
    breach_days: int
    offer_working_days: int
    renewal_reminder_months: int
    renewal_offer_months: int
    renewal_accept_days: int
    hold_over_rate: Fraction
    hold_over_certainty: str
    hold_over_source: Mapping[str, str]
    source: Mapping[str, str]


@cache
def _versions() -> tuple[TenancyRules, ...]:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(sorted((_version(row) for row in rows), key=lambda version: version.valid_from))


def _version(row: Mapping[str, Any]) -> TenancyRules:
    exact = {"reminder_days": tuple(row["reminder_days"]), "hold_over_rate": Fraction(row["hold_over_rate"])}
    return TenancyRules(**{**row, **exact})


def rules_on(day: date) -> TenancyRules:
    """The version in force on a day; before the first, the first."""
    in_force = [version for version in _versions() if version.valid_from <= day]
    return in_force[-1] if in_force else _versions()[0]

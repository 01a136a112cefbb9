"""Limits, spans and terms of the indicators of parks that rules set and may change: read as data, by their day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "data" / "indicators.yaml"


@dataclass(frozen=True, slots=True)
class IndicatorRules:
    """The most that service zones may take; spans looked at; days called soon; under which terms data are open."""

    valid_from: date
    service_share_most: Fraction
    collection_months: int
    forecast_quarters: int
    ladder_years: int
    soon_days: int
    source: Mapping[str, str]
    licence: Mapping[str, str]


@cache
def _versions() -> tuple[IndicatorRules, ...]:
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    versions = [IndicatorRules(**row | {"service_share_most": Fraction(row["service_share_most"])}) for row in rows]
    return tuple(sorted(versions, key=lambda version: version.valid_from))


def indicator_rules_on(day: date) -> IndicatorRules:
    """The version in force on a day; before the first, the first."""
    in_force = [version for version in _versions() if version.valid_from <= day]
    return in_force[-1] if in_force else _versions()[0]

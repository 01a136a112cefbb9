"""Vacant spaces as open data: the columns of the file, the features of the map, when and under which terms."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.decimals import write_decimal
from foundation.exports import Column
from parks.models import Space

SUPPLIES = ("power_kw", "water_m3_day", "floor_load_kg_m2")


def vacancy_facts(row: Any) -> dict[str, Any]:
    """A row of :func:`parks.queries.vacancies.vacancies`; numbers as exact text."""
    space: Space = row.Space
    return {
        "park": row.park,
        **{name: getattr(space, name) for name in ("code", "name", "kind", "use", "tenure", "level")},
        "area_m2": _written(space.usable_m2),
        "free_m2": _written(row.free_m2),
        "is_divisible": space.is_divisible,
        **{name: _written(getattr(space, name)) for name in SUPPLIES},
        "longitude": _middle(space.west, space.east),
        "latitude": _middle(space.south, space.north),
    }


def _written(number: Decimal | None) -> str | None:
    return None if number is None else write_decimal(number)


def _middle(first: float | None, last: float | None) -> str | None:
    return None if first is None or last is None else f"{(first + last) / 2:.6f}"


FIELDS = (
    *("park", "code", "name", "kind", "use", "tenure", "level", "area_m2", "free_m2", "is_divisible", *SUPPLIES),
    *("longitude", "latitude"),
)


def columns(as_of: date, licence: str) -> list[Column]:
    """Columns of the file, named as programs read them; each line says its day and terms."""
    fields = [Column(name, _reader(name)) for name in FIELDS]
    return [*fields, Column("as_of", lambda _row: as_of.isoformat()), Column("licence", lambda _row: licence)]


def _reader(name: str) -> Any:
    return lambda row: _plain(row[name])


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def feature_collection(rows: Iterable[Any], as_of: date, licence: Mapping[str, str]) -> dict[str, Any]:
    """GeoJSON in WGS 84, with its day and terms beside the features."""
    features = [
        {"type": "Feature", "id": row.Space.code, "geometry": row.Space.geometry, "properties": vacancy_facts(row)}
        for row in rows
    ]
    return {"type": "FeatureCollection", "as_of": as_of.isoformat(), "licence": dict(licence), "features": features}

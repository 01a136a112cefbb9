"""Rows that PostgreSQL handed over as JSON, several kinds with one statement, with the attributes of their models."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Date, DateTime

from foundation.database import Model
from foundation.prepared import DIALECT

READERS = {DateTime: datetime.fromisoformat, Date: date.fromisoformat}


@cache
def _times(model: type[Model]) -> list[tuple[str, Any]]:
    """The columns of a model that JSON holds as text, with what reads them."""
    columns = model.__table__.columns
    return [(column.name, READERS[kind]) for column in columns for kind in READERS if isinstance(column.type, kind)]


def read_times(model: type[Model], facts: dict[str, Any]) -> dict[str, Any]:
    """One row, with instants and days instead of their texts."""
    for name, read in _times(model):
        if facts.get(name) is not None:
            facts[name] = read(facts[name])
    return facts


def rows_of(model: type[Model], found: Sequence[dict[str, Any]] | None) -> list[Any]:
    """Rows to read; ``found`` is what ``json_agg`` answered, which is nothing where there is no row."""
    return [SimpleNamespace(**read_times(model, facts)) for facts in found or ()]


def typed(model: type[Model], names: Sequence[str]) -> str:
    """Columns with their types, as ``jsonb_to_recordset`` wants them told."""
    columns = model.__table__.columns
    return ", ".join(f"{name} {columns[name].type.compile(dialect=DIALECT)}" for name in names)

"""Parks, spaces and allocations as plain facts, for programs and for pages alike."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from foundation.decimals import write_decimal
from foundation.wording import in_language
from parks.models import Park, ParkOperator, Space, SpaceAllocation

AREAS = ("gross_m2", "leasable_m2", "gfa_m2", "net_m2", "usable_m2")
SUPPLIES = ("power_kw", "water_m3_day", "floor_load_kg_m2")
ONE_DAY = timedelta(days=1)


def written(number: Decimal | None) -> str | None:
    return None if number is None else write_decimal(number)


def operator_facts(operator: ParkOperator, language: str) -> dict[str, Any]:
    return {
        "code": operator.code,
        "name": in_language(operator.name, language),
        "kind": operator.kind,
        "is_demonstration": operator.is_demonstration,
    }


def park_facts(park: Park, language: str) -> dict[str, Any]:
    """A park that was read with operator and announced areas."""
    return {
        "code": park.code,
        "name": in_language(park.name, language),
        "place": in_language(park.place, language),
        "operator": operator_facts(park.operator, language),
        "gross_m2": written(park.gross_m2),
        "leasable_m2": written(park.leasable_m2),
        "announced": [
            {
                "announced_on": one.announced_on,
                "area_m2": written(one.area_m2),
                "what": in_language(one.what, language),
                "source": one.source,
                "url": one.url,
            }
            for one in park.announced
        ],
        "is_demonstration": park.is_demonstration,
    }


def space_facts(row: Any) -> dict[str, Any]:
    """A row of :func:`parks.queries.spaces.spaces_as_they_stand`."""
    space: Space = row.Space
    plain = ("code", "kind", "name", "level", "use", "tenure", "is_divisible", "opened_on", "closed_on")
    return {
        **{name: getattr(space, name) for name in plain},
        **{name: written(getattr(space, name)) for name in (*AREAS, *SUPPLIES)},
        "parent": row.parent_code,
        "status": row.status,
        "free_m2": written(row.free_m2),
        "taken_until": row.until and row.until - ONE_DAY,
        "lapses_at": row.expires_at,
    }


def allocation_facts(row: SpaceAllocation, space_code: str, *, at: datetime) -> dict[str, Any]:
    """What somebody has of a space; who it is stands in it, so only for those who may know."""
    is_lapsed = row.expires_at is not None and row.expires_at <= at
    released_at, reason = row.released_at, row.release_reason
    if released_at is None and is_lapsed:
        released_at, reason = row.expires_at, "lapsed"
    return {
        "key": row.key,
        "space": space_code,
        "kind": row.kind,
        "starts_on": row.period.lower,
        "ends_on": row.period.upper and row.period.upper - ONE_DAY,
        "area_m2": written(row.area_m2),
        "holder": row.holder,
        "deposit_vnd": row.deposit_vnd,
        "expires_at": row.expires_at,
        "released_at": released_at,
        "release_reason": reason,
        "is_live": released_at is None,
    }

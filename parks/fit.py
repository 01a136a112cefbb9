"""Whether a space fits what a firm needs: area, use, power, water, floor load, and whom it is kept for."""

from dataclasses import dataclass
from decimal import Decimal

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Need:
    """What a firm needs of a space; no ``most_m2`` means any area from the least on."""

    least_m2: Decimal
    most_m2: Decimal | None = None
    use: str | None = None
    power_kw: Decimal = NOTHING
    water_m3_day: Decimal = NOTHING
    floor_load_kg_m2: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Offered:
    """A space in a round; what is not known of it is not enough. ``kept_for`` names a size of firm, if any."""

    code: str
    area_m2: Decimal
    use: str
    power_kw: Decimal | None = None
    water_m3_day: Decimal | None = None
    floor_load_kg_m2: Decimal | None = None
    kept_for: str | None = None


def misfits(need: Need, space: Offered, size: str) -> list[str]:
    """Why a space does not fit; empty when it does."""
    found = [
        ("area_too_small", space.area_m2 < need.least_m2),
        ("area_too_large", need.most_m2 is not None and space.area_m2 > need.most_m2),
        ("other_use", need.use is not None and space.use != need.use),
        ("power_too_low", (space.power_kw or NOTHING) < need.power_kw),
        ("water_too_low", (space.water_m3_day or NOTHING) < need.water_m3_day),
        ("floor_too_weak", (space.floor_load_kg_m2 or NOTHING) < need.floor_load_kg_m2),
        ("kept_for_others", space.kept_for is not None and space.kept_for != size),
    ]
    return [code for code, is_so in found if is_so]

"""Parks for tests: one zone with a divisible plot, and a building of two floors with whole units."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.calendars import ensure_calendars
from parks.allocation import Wanted
from parks.models import Park
from parks.operations.spaces import StatedPark, StatedSpace, add_operator, add_spaces, found_park

OPENED_ON = date(2020, 1, 1)
PLOT_M2, UNIT_M2 = Decimal(1000), Decimal(120)


def make_park(session: Session, code: str = "P1") -> Park:
    """Spaces ``P1-L`` (land by parts) and ``P1-U1`` … ``P1-U4`` (two to a floor) can be let."""
    ensure_calendars(session, actor=SYSTEM)
    operator = add_operator(
        session, f"{code}-board", {"vi": "Ban", "en": "Board", "fr": "Régie"}, kind="public_board", actor=SYSTEM
    )
    name = {"vi": f"Khu {code}", "en": f"Park {code}", "fr": f"Parc {code}"}
    place = {"vi": "Hà Nội", "en": "Hanoi", "fr": "Hanoï"}
    park = found_park(session, StatedPark(code, name, place, Decimal(100_000)), operator, actor=SYSTEM)
    add_spaces(session, park, _tree(code), opened_on=OPENED_ON, actor=SYSTEM)
    return park


def _tree(code: str) -> list[StatedSpace]:
    zone, plot, building = f"{code}-Z", f"{code}-B", f"{code}-H"
    tree = [
        StatedSpace(zone, "zone", use="research", gross_m2=Decimal(50_000)),
        StatedSpace(f"{code}-L", "plot", zone, use="production", usable_m2=PLOT_M2, is_divisible=True),
        StatedSpace(plot, "plot", zone, gross_m2=Decimal(5000)),
        StatedSpace(building, "building", plot, gfa_m2=Decimal(1000)),
    ]
    for level in (1, 2):
        floor = f"{code}-H{level}"
        tree.append(StatedSpace(floor, "floor", building, level=level, gfa_m2=Decimal(500)))
        for unit in (2 * level - 1, 2 * level):
            tree.append(StatedSpace(f"{code}-U{unit}", "unit", floor, net_m2=UNIT_M2, usable_m2=UNIT_M2))
    return tree


def wanted(first: str, last: str, area: int | None = None, *, holder: str = "Công ty A") -> Wanted:
    return Wanted(
        date.fromisoformat(first),
        date.fromisoformat(last),
        holder,
        area_m2=None if area is None else Decimal(area),
    )

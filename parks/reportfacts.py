"""Reports on parks as plain facts: the same figures and rows for pages, programs and workbooks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from foundation.decimals import write_decimal
from foundation.paging import Page
from parks.arrears import bucket_of
from parks.indicatorrules import IndicatorRules
from parks.indicators import Asked, Let, Rung, Share, Sight, Tenancy, Zone
from parks.tenancyrules import rules_on
from parks.terms import add_months, round_half_up

Facts = dict[str, Any]
SHARE_PLACES, MONTH_PLACES = 6, 4
SHEETS = ("rent-roll", "spaces", "land", "arrears", "collection", "zones")
EXPIRING, HELD_OVER = "expiring", "over"
STATES = ("let", "vacant")
ROLL_STATES = (EXPIRING, HELD_OVER)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Rows of a sheet to which one figure is traced; empty is all of them."""

    ends: str = ""
    state: str = ""
    age: str = ""
    use: str = ""


def indicator_facts(sight: Sight, rules: IndicatorRules) -> Facts:
    """Every indicator of the parks in sight; amounts, areas and shares as exact text."""
    roll, today = sight.rent_roll(), sight.on
    return {
        "as_of": today,
        "occupancy": share_facts(sight.occupancy_on(today)),
        "vacant_m2": _vacant(sight.occupancy_on(today)),
        "land_use": share_facts(sight.land_use()),
        "leases": sum(1 for one in roll if one.lease),
        "tenancies": len(roll),
        "rent_vnd": str(sum(one.rent_vnd for one in roll)),
        "relief_vnd": str(sum(one.relief_vnd for one in roll)),
        "service_vnd": str(sum(one.service_vnd for one in roll)),
        "wale_months": {
            f"by_{weight}_to_{until}": _text(sight.wale(weight, until), MONTH_PLACES)
            for weight in ("area", "rent")
            for until in ("expiry", "break")
        },
        "arrears": _arrears(sight),
        "collection": _collection(sight, rules),
        "service_zones": [_service(sight, park, rules) for park in sight.parks],
        "ladder": [rung_facts(one) for one in sight.ladder(rules.ladder_years)],
        "forecast": [{"on": day, **share_facts(share)} for day, share in sight.forecast(rules.forecast_quarters)],
    }


def by_park(sight: Sight, rules: IndicatorRules) -> list[Facts]:
    """The indicators of each park in sight, by code."""
    return [{"park": park, **indicator_facts(sight.of(park), rules)} for park in sight.parks]


def share_facts(share: Share) -> Facts:
    part, whole = write_decimal(share.part), write_decimal(share.whole)
    return {"part_m2": part, "whole_m2": whole, "share": _text(share.share, SHARE_PLACES)}


def _vacant(share: Share) -> str:
    return write_decimal(share.whole - share.part)


def _arrears(sight: Sight) -> Facts:
    ages = sight.arrears()
    return {"total_vnd": str(sum(ages.values())), **{f"{age}_vnd": str(amount) for age, amount in ages.items()}}


def _collection(sight: Sight, rules: IndicatorRules) -> Facts:
    found = sight.collection(rules.collection_months)
    return {
        "since": add_months(sight.on, -rules.collection_months),
        "paid_vnd": str(int(found.part)),
        "asked_vnd": str(int(found.whole)),
        "share": _text(found.share, SHARE_PLACES),
    }


def _service(sight: Sight, park: str, rules: IndicatorRules) -> Facts:
    found, most = sight.service_zones(park), rules.service_share_most
    is_above = found.share is not None and found.share > most
    return {"park": park, **share_facts(found), "most": _text(most, SHARE_PLACES), "is_above": is_above}


def rung_facts(rung: Rung) -> Facts:
    area = write_decimal(rung.area_m2)
    return {"ends": rung.code, "leases": rung.leases, "area_m2": area, "rent_vnd": str(rung.rent_vnd)}


def _text(number: Fraction | None, places: int) -> str | None:
    """A fraction that is not negative as decimal text, rounded half up."""
    if number is None:
        return None
    return write_decimal(Decimal(round_half_up(number * 10**places)).scaleb(-places))


def sheet_rows(sight: Sight, sheet: str, rules: IndicatorRules, narrowing: Narrowing) -> list[Facts]:
    """The rows behind figures, in the order of ``at``, which is unique."""
    rows = SOURCES[sheet](sight, rules, narrowing)
    kept = [row for row in rows if not narrowing.use or row.get("use", narrowing.use) == narrowing.use]
    return sorted(kept, key=lambda row: str(row["at"]))


def portion_of(rows: Sequence[Facts], *, after: str | None, size: int) -> Page[Facts]:
    """So many rows behind the cursor."""
    behind = [row for row in rows if not after or row["at"] > after]
    return Page(behind[:size], behind[size - 1]["at"] if len(behind) > size else None)


def sums_of(rows: Iterable[Facts], names: Iterable[str]) -> dict[str, str]:
    """The sums of columns of amounts and areas, which hold decimal text."""
    kept = list(rows)
    return {name: write_decimal(sum((Decimal(row[name]) for row in kept if row[name]), Decimal(0))) for name in names}


def _rent_roll(sight: Sight, rules: IndicatorRules, narrowing: Narrowing) -> list[Facts]:
    roll = sight.rent_roll()
    wanted = narrowing.ends
    kept = [one for one in roll if not wanted or sight.rung_of(one, rules.ladder_years) == wanted]
    if narrowing.state == EXPIRING:
        kept = [one for one in kept if is_expiring(one, sight)]
    elif narrowing.state == HELD_OVER:
        kept = [one for one in kept if one.holds_over(sight.on)]
    return [tenancy_facts(one, sight) for one in kept]


def is_expiring(one: Tenancy, sight: Sight) -> bool:
    """Whether the clock of its renewal runs already."""
    soon = add_months(sight.on, rules_on(sight.on).renewal_reminder_months)
    return sight.on <= one.ends_on <= soon


def tenancy_facts(one: Tenancy, sight: Sight) -> Facts:
    return {
        "at": f"{one.space} {one.starts_on} {one.lease}",
        "park": one.park,
        "space": one.space,
        "use": one.use,
        "tenant": one.tenant,
        "lease": one.lease or None,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "break_on": one.break_on,
        "holds_over": one.holds_over(sight.on),
        "area_m2": write_decimal(one.area_m2),
        **{f"{name}_vnd": str(getattr(one, f"{name}_vnd")) for name in ("rent", "relief", "service", "deposit")},
    }


def _spaces(sight: Sight, _rules: IndicatorRules, narrowing: Narrowing) -> list[Facts]:
    rows = sight.let_on(sight.on)
    if narrowing.state == "let":
        rows = [row for row in rows if row.share.part]
    elif narrowing.state == "vacant":
        rows = [row for row in rows if row.vacant_m2]
    return [let_facts(row) for row in rows]


def _land(sight: Sight, _rules: IndicatorRules, narrowing: Narrowing) -> list[Facts]:
    return [let_facts(row) for row in sight.land() if narrowing.state != "let" or row.share.part]


def let_facts(row: Let) -> Facts:
    space = row.space
    return {
        "at": space.space,
        "park": space.park,
        "space": space.space,
        "kind": space.kind,
        "use": space.use,
        "whole_m2": write_decimal(row.share.whole),
        "let_m2": write_decimal(row.share.part),
        "vacant_m2": write_decimal(row.vacant_m2),
    }


def _overdue(sight: Sight, _rules: IndicatorRules, narrowing: Narrowing) -> list[Facts]:
    rows = [asked_facts(one, sight) for one in sight.overdue()]
    return [row for row in rows if not narrowing.age or row["age"] == narrowing.age]


def _fallen_due(sight: Sight, rules: IndicatorRules, _narrowing: Narrowing) -> list[Facts]:
    return [asked_facts(one, sight) for one in sight.fallen_due(rules.collection_months)]


def asked_facts(one: Asked, sight: Sight) -> Facts:
    is_overdue = one.open_vnd and one.due_on < sight.on
    return {
        "at": f"{one.due_on} {one.key}",
        "request": one.key,
        "park": one.park,
        "lease": one.lease,
        "tenant": one.tenant,
        "from_on": one.from_on,
        "to_on": one.to_on,
        "due_on": one.due_on,
        "age": bucket_of(one.due_on, sight.on) if is_overdue else None,
        "total_vnd": str(one.total_vnd),
        "paid_vnd": str(one.total_vnd - one.open_vnd),
        "open_vnd": str(one.open_vnd),
    }


def _zones(sight: Sight, _rules: IndicatorRules, _narrowing: Narrowing) -> list[Facts]:
    return [zone_facts(one) for one in sight.zones]


def zone_facts(one: Zone) -> Facts:
    area = write_decimal(one.gross_m2) if one.gross_m2 is not None else None
    return {"at": one.zone, "park": one.park, "zone": one.zone, "name": one.name, "use": one.use, "gross_m2": area}


SOURCES: dict[str, Callable[[Sight, IndicatorRules, Narrowing], list[Facts]]] = {
    "rent-roll": _rent_roll,
    "spaces": _spaces,
    "land": _land,
    "arrears": _overdue,
    "collection": _fallen_due,
    "zones": _zones,
}

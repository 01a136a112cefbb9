"""Reports on parks as plain facts: the same figures for pages, programs and workbooks."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from foundation.decimals import write_decimal
from parks.indicatorrules import IndicatorRules
from parks.indicators import Rung, Share, Sight
from parks.terms import add_months, round_half_up

Facts = dict[str, Any]
SHARE_PLACES, MONTH_PLACES = 6, 4


def indicator_facts(sight: Sight, rules: IndicatorRules) -> Facts:
    """Every indicator of the parks in sight; amounts, areas and shares as exact text."""
    roll, today = sight.rent_roll(), sight.on
    return {
        "as_of": today,
        "occupancy": share_facts(sight.occupancy_on(today)),
        "vacant_m2": _vacant(sight.occupancy_on(today)),
        "land_use": share_facts(sight.land_use()),
        "leases": sum(one.count for one in roll if one.has_lease),
        "tenancies": sum(one.count for one in roll),
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

"""Indicators of parks against figures worked out by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from parks.indicators import LATER, OVER, Asked, Lettable, Sight, Tenancy, Zone

ON = date(2026, 7, 1)
HECTARE = 10_000


def let(space: str, area: Decimal | int, last: str, **facts: Any) -> Tenancy:
    facts = {"has_lease": True, "starts_on": date(2025, 7, 1), **facts}
    return Tenancy("P1", space, Decimal(area), ends_on=date.fromisoformat(last), **facts)


def space(code: str, area: Decimal | int, **facts: Any) -> Lettable:
    facts = {"land_m2": None, "is_planned": False, "opened_on": date(2020, 1, 1), "closed_on": None, **facts}
    return Lettable("P1", code, Decimal(area), **facts)


def sight(**rows: Any) -> Sight:
    return Sight(ON, {"P1": Decimal(1_000_000)}, **rows)


def test_average_terms_are_those_of_the_published_example() -> None:
    found = sight(tenancies=[let("1", 1000, "2027-07-01"), let("2", 5000, "2029-07-01"), let("3", 4000, "2030-07-01")])

    assert found.wale("area", "expiry") == Fraction("38.4")
    assert found.wale("rent", "expiry") is None


def test_rent_weighs_otherwise_than_area_and_a_break_shortens() -> None:
    found = sight(
        tenancies=[
            let("1", 1000, "2027-07-01", rent_vnd=30),
            let("2", 1000, "2029-07-01", rent_vnd=10, break_on=date(2027, 7, 1)),
            let("3", 1000, "2028-07-01", rent_vnd=20, break_on=date(2026, 6, 30)),
        ]
    )

    assert found.wale("area", "expiry") == 24
    assert found.wale("rent", "expiry") == Fraction(30 * 12 + 10 * 36 + 20 * 24, 60)
    assert found.wale("area", "break") == Fraction(12 + 12 + 24, 3)


def test_a_term_that_is_over_weighs_without_a_month_until_the_space_is_back() -> None:
    over = let("1", 1000, "2026-06-30")
    back = let("2", 5000, "2026-06-30", handed_back_on=date(2026, 7, 1))
    ahead = let("3", 9000, "2030-06-30", starts_on=date(2026, 7, 2))
    found = sight(tenancies=[over, back, ahead, let("4", 1000, "2027-07-01")])

    assert [one.space for one in found.rent_roll()] == ["1", "4"]
    assert found.wale("area", "expiry") == 6
    assert found.rent_roll()[0].holds_over(ON)


def test_land_is_used_by_three_tenths_as_in_the_published_example() -> None:
    plots = [
        space(code, area * HECTARE, land_m2=area * HECTARE) for code, area in (("L1", Decimal("70.4")), ("L2", 40))
    ]
    given = [let("L1", Decimal("20.12") * HECTARE, "2070-01-01"), let("L2", 13 * HECTARE, "2070-01-01")]

    used = sight(spaces=plots, tenancies=given).land_use()

    assert [used.part, used.whole, used.share] == [331_200, 1_104_000, Fraction(3, 10)]


def test_occupancy_counts_parts_leaves_out_what_is_planned_and_never_passes_the_whole() -> None:
    found = sight(
        spaces=[
            space("1", 100),
            space("2", 300),
            space("3", 600, is_planned=True),
            space("4", 600, is_planned=True),
            space("5", 50, closed_on=ON),
        ],
        tenancies=[let("2", 100, "2027-01-01"), let("2", 50, "2027-01-01"), let("4", 600, "2027-01-01")],
    )

    occupancy = found.occupancy_on(ON)

    assert [occupancy.part, occupancy.whole] == [750, 1000]
    assert {row.space.space: row.vacant_m2 for row in found.let_on(ON)} == {"1": 100, "2": 150, "4": 0}
    assert sight().occupancy_on(ON).share is None


def test_the_ladder_has_every_year_and_ends_add_up() -> None:
    roll = [
        let("1", 10, "2026-06-30"),
        let("2", 20, "2026-12-31"),
        let("3", 30, "2028-01-01"),
        let("4", 5, "2099-01-01"),
    ]
    found = sight(tenancies=roll)

    rungs = found.ladder(3)

    assert [(rung.code, rung.leases, int(rung.area_m2)) for rung in rungs] == [
        (OVER, 1, 10),
        ("2026", 1, 20),
        ("2027", 0, 0),
        ("2028", 1, 30),
        (LATER, 1, 5),
    ]


def test_the_forecast_follows_terms_that_end_and_begin() -> None:
    found = sight(
        spaces=[space("1", 60), space("2", 40)],
        tenancies=[let("1", 60, "2026-12-31"), let("2", 40, "2027-12-31", starts_on=date(2026, 10, 1))],
    )

    assert [(str(day), int(share.part)) for day, share in found.forecast(3)] == [
        ("2026-07-01", 60),
        ("2026-10-01", 100),
        ("2027-01-01", 40),
        ("2027-04-01", 40),
    ]


def asked(due: str, total: int, still: int) -> Asked:
    day = date.fromisoformat(due)
    return Asked("P1", due_on=day, total_vnd=total, open_vnd=still)


def test_arrears_have_their_age_and_collection_its_span() -> None:
    found = sight(
        asked=[
            asked("2025-07-01", 1000, 700),
            asked("2026-04-01", 100, 0),
            asked("2026-05-15", 100, 40),
            asked("2026-06-30", 100, 100),
            asked("2026-07-01", 100, 100),
        ]
    )

    collected = found.collection(12)

    assert found.arrears() == {"to_30": 100, "to_60": 40, "to_90": 0, "above_90": 700}
    assert [collected.part, collected.whole, collected.share] == [160, 400, Fraction(2, 5)]


@pytest.mark.parametrize(("area", "is_above"), [(150_000, False), (150_001, True)])
def test_zones_for_services_take_fifteen_per_cent_at_most(area: int, is_above: bool) -> None:
    zones = [Zone("P1", "P1-E", "", "service", Decimal(area)), Zone("P1", "P1-A", "", "research", Decimal(400_000))]

    share = sight(zones=zones).service_zones("P1").share

    assert share is not None
    assert (share > Fraction("0.15")) is is_above

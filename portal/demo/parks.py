"""The parks of the demonstration: drawn at the real places, run by invented operators for invented tenants."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.workdays import local_date
from parks.allocation import Wanted
from parks.models import Park, Space
from parks.operations.allocations import hold_space, reserve_space
from parks.operations.spaces import StatedPark, add_operator, add_spaces, found_park
from parks.operations.waiting import join_queue
from portal.demo.groundplans import Ground, scaled, spaces_of
from portal.demo.landleases import bill_land, lease_plot
from portal.demo.prices import set_prices

FILE = Path(__file__).with_name("parks.yaml")
OPENED = timedelta(days=6 * 365)
DEPOSIT_VND = 250_000_000


def make_parks(session: Session) -> None:
    """Found the parks and lease some of their land."""
    story = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for facts in story["parks"]:
        _make_park(session, facts, story["tenants"])
    bill_land(session)


def _make_park(session: Session, facts: Mapping[str, Any], tenants: list[str]) -> None:
    ground = Ground(tuple(facts["centre"]), facts["turn"])
    operator = facts["operator"]
    keeper = add_operator(
        session, operator["code"], operator["name"], kind=operator["kind"], actor=SYSTEM, is_demonstration=True
    )
    outline = scaled([tuple(point) for point in facts["outline"]], facts["gross_m2"])
    stated = StatedPark(
        facts["code"],
        facts["name"],
        facts["place"],
        Decimal(facts["gross_m2"]),
        leasable_m2=Decimal(facts["leasable_m2"]) if "leasable_m2" in facts else None,
        geometry=ground.outline(outline),
        is_demonstration=True,
        announced=tuple(facts.get("announced", ())),
    )
    park = found_park(session, stated, keeper, actor=SYSTEM)
    set_prices(session, keeper, local_date(now()))
    for zone in facts["zones"]:
        _make_zone(session, park, zone, ground, tenants)


def _make_zone(session: Session, park: Park, zone: dict[str, Any], ground: Ground, tenants: list[str]) -> None:
    stated = spaces_of(park.code, zone, ground)
    spaces = add_spaces(session, park, stated, opened_on=local_date(now() - OPENED), actor=SYSTEM)
    plots = [space for space in spaces if space.kind == "plot" and space.usable_m2 and space.condition == "ready"]
    count = round(len(plots) * zone.get("let", 0))
    for number, plot in enumerate(plots[:count]):
        lease_plot(session, plot, number, tenants[(number + len(zone["name"])) % len(tenants)])
    if len(plots) > count + 2:
        _keep(session, plots[count], plots[count + 1], tenants)


def _keep(session: Session, held: Space, reserved: Space, tenants: list[str]) -> None:
    """One plot held, with somebody waiting for it, and one reserved, both from next month on."""
    starts_on = local_date(now()) + timedelta(days=40)
    wanted = Wanted(starts_on, starts_on + timedelta(days=20 * 365), tenants[0])
    with as_of(now() - timedelta(days=9)):
        hold_space(session, held.code, wanted, actor=SYSTEM)
    with as_of(now() - timedelta(days=2)):
        join_queue(session, held.code, replace(wanted, holder=tenants[3]), actor=SYSTEM)
        reserve_space(session, reserved.code, wanted, deposit_vnd=DEPOSIT_VND, actor=SYSTEM)

"""What a report on parks adds up, grouped by the database: spaces, leases by their days, money, zones.

What is alike comes as one row. Units that were there over the same days count together: no more of a space is ever let
than there is of it, so that nothing is lost by adding them up.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from foundation.actors import Actor
from foundation.prepared import Prepared
from parks.indicatorrules import IndicatorRules
from parks.indicators import Asked, Lettable, Sight, Tenancy, Zone
from parks.models import Park, Space
from parks.queries.rentroll import ASKED, ROLL, SEEN, asked_of
from parks.queries.sight import park_in_sight, parks_in_sight
from parks.terms import add_months

ALONE = "CASE WHEN kind = 'plot' OR condition = 'planned' THEN space END AS alone"
GROUND = "coalesce(alone, concat_ws('|', park, opened_on, closed_on)) AS ground"
"""The name of what counts together is put together for each group, not for each space."""
SPACES = Prepared(
    f"""
    WITH {SEEN}, grouped AS (
      SELECT park, {ALONE}, kind = 'plot' AS is_plot, sum(usable_m2) AS usable_m2, sum(land_m2) AS land_m2,
        condition = 'planned' AS is_planned, opened_on, closed_on
      FROM seen s WHERE condition <> 'planned' OR kind = 'plot' OR EXISTS (
        SELECT FROM space_allocations a WHERE a.space_id = s.id AND a.kind = 'lease' AND a.released_at IS NULL)
      GROUP BY park, alone, is_plot, is_planned, opened_on, closed_on
    ) SELECT park, {GROUND}, usable_m2, land_m2, is_planned, opened_on, closed_on FROM grouped
    """,
    {},
)
TENANCIES = Prepared(
    f"""
    {ROLL}, grouped AS (
      SELECT park, {ALONE}, opened_on, closed_on, lease_id IS NOT NULL AS has_lease, starts_on, ends_on, break_on,
        count(*) AS leases, sum(area_m2) AS area_m2, sum(rent_vnd)::bigint AS rent_vnd,
        sum(relief_vnd)::bigint AS relief_vnd, sum(service_vnd)::bigint AS service_vnd,
        sum(deposit_vnd)::bigint AS deposit_vnd
      FROM roll GROUP BY park, alone, opened_on, closed_on, has_lease, starts_on, ends_on, break_on
    ) SELECT {GROUND}, grouped.* FROM grouped
    """,
    {},
)
MONEY = Prepared(
    f"""
    {ASKED} SELECT park, due_on, sum(total_vnd)::bigint AS total_vnd, 0::bigint AS open_vnd
      FROM due GROUP BY park, due_on
    UNION ALL SELECT park, due_on, 0::bigint, sum(open_vnd)::bigint FROM unpaid WHERE open_vnd > 0 GROUP BY park, due_on
    """,
    {},
)


def sight_of(session: Session, actor: Actor, on: date, rules: IndicatorRules, *, park: str = "") -> Sight:
    """All that somebody may see of a park, or of all parks, on a day. Raises NotFound for another's park."""
    parks = [park_in_sight(session, park, actor)] if park else parks_in_sight(session, actor)
    asked = asked_of(actor, on, park)
    since = add_months(on, -rules.collection_months)
    return Sight(
        on,
        {one.code: one.gross_m2 for one in parks},
        [Lettable(*row) for row in SPACES.rows(session, **asked)],
        [_tenancy(row) for row in TENANCIES.rows(session, **asked)],
        [Asked(*row) for row in MONEY.rows(session, **asked, since=since)],
        _zones(session, [one.id for one in parks], on),
    )


def _tenancy(row: Any) -> Tenancy:
    return Tenancy(
        row.park,
        row.ground,
        row.area_m2,
        row.starts_on,
        row.ends_on,
        has_lease=row.has_lease,
        count=row.leases,
        **{name: getattr(row, name) for name in ("break_on", "rent_vnd", "relief_vnd", "service_vnd", "deposit_vnd")},
    )


def _zones(session: Session, parks: Sequence[int], on: date) -> list[Zone]:
    found = (
        select(Park.code, Space.code, Space.name, Space.use, Space.gross_m2)
        .join(Park, Park.id == Space.park_id)
        .where(Space.park_id.in_(parks), Space.kind == "zone")
        .where(Space.opened_on <= on, or_(Space.closed_on.is_(None), Space.closed_on > on))
    )
    return [Zone(*row) for row in session.execute(found.order_by(Space.code))]

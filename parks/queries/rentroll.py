"""Who has what of parks on a day, at which rent, as the database reckons it: rows to group, to list and to add up.

The rent in force follows the escalation as :mod:`parks.escalation` reckons it for bills; a test holds both against each
other over random leases.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from foundation.actors import Actor
from foundation.workdays import end_of_day
from parks.queries.sight import scopes_in_sight
from parks.tenancyrules import rules_on

SEEN = """
seen AS (
  SELECT s.id, p.code AS park, s.code AS space, s.kind, s.use, s.usable_m2, s.condition, s.opened_on, s.closed_on,
    CASE WHEN s.kind = 'plot' THEN coalesce(s.leasable_m2, s.usable_m2) END AS land_m2
  FROM spaces s JOIN parks p ON p.id = s.park_id JOIN park_operators o ON o.id = s.operator_id
  WHERE (%(park)s = '' OR p.code = %(park)s) AND s.usable_m2 IS NOT NULL
    AND (%(sees_all)s OR p.code || '/' || o.code = ANY(%(scopes)s)
      OR (s.operator_id = p.operator_id AND p.code = ANY(%(scopes)s)))
)"""
"""The spaces that can be let, of those in sight."""

GIVEN = """
given AS (
  SELECT s.*, a.area_m2, l.id AS lease_id, l.key AS lease, l.operator_id, coalesce(l.tenant, a.holder) AS tenant,
    coalesce(l.starts_on, lower(a.period)) AS starts_on,
    CASE WHEN l.id IS NULL THEN upper(a.period) - 1 WHEN l.notice_on <= %(on)s THEN coalesce(l.terminated_on, l.ends_on)
      ELSE l.ends_on END AS ends_on,
    l.break_on, l.handed_back_on, coalesce(l.deposit_vnd, 0) AS deposit_vnd, l.escalation,
    a.area_m2 * (l.base_vnd_m2 + l.land_rent_vnd_m2) AS first_vnd,
    coalesce(round(a.area_m2 * l.service_vnd_m2), 0)::bigint AS service_vnd
  FROM space_allocations a JOIN seen s ON s.id = a.space_id LEFT JOIN leases l ON l.allocation_id = a.id
  WHERE a.kind = 'lease' AND (a.released_at IS NULL OR a.released_at > %(end_of_day)s)
    AND (l.id IS NULL OR l.signed_on <= %(on)s)
    AND (upper(a.period) > %(on)s OR (l.id IS NOT NULL AND coalesce(l.handed_back_on > %(on)s, true)
      AND NOT EXISTS (SELECT FROM leases f WHERE f.renews_id = l.id AND f.signed_on <= %(on)s)))
)"""
"""What is or will be let, and what tenants still have after a term on which none follows; as signed by the day."""

_INDEX = """(SELECT value FROM (
      SELECT (one->>'on')::date AS published_on, (one->>'value')::numeric AS value, 0 AS id
        FROM jsonb_array_elements(escalation->'index') one
      UNION ALL SELECT v.published_on, v.value, v.id FROM price_index_values v WHERE v.operator_id = c.operator_id
        AND coalesce(jsonb_array_length(escalation->'index'), 0) = 0) known
    WHERE published_on <= {day} ORDER BY published_on DESC, id DESC LIMIT 1)"""
"""The value in force on a day: of the index that was agreed, else of what the operator entered last."""

PRICED = (
    """
stepped AS (
  SELECT g.*, escalation->>'kind' AS rises, coalesce((escalation->>'every_months')::int, 0) AS every,
    least(greatest(%(on)s, starts_on), ends_on) AS at
  FROM given g
), counted AS MATERIALIZED (
  SELECT s.*, CASE WHEN every <= 0 THEN 0
    ELSE m.months / every - (starts_on + make_interval(months => m.months / every * every) > at)::int END AS steps
  FROM stepped s CROSS JOIN LATERAL (SELECT
    ((extract(year FROM at) - extract(year FROM starts_on)) * 12
      + extract(month FROM at) - extract(month FROM starts_on))::int AS months) m
), priced AS (
  SELECT c.*, CASE
    WHEN rises = 'percent' THEN first_vnd * power(1 + (escalation->>'rate')::numeric(70, 60), steps::numeric)
    WHEN rises = 'fixed' THEN first_vnd + (escalation->>'amount_vnd')::numeric * steps
    WHEN rises = 'index' AND steps > 0 THEN first_vnd
      * """
    + _INDEX.format(day="(starts_on + make_interval(months => every * steps))::date")
    + """
      / """
    + _INDEX.format(day="starts_on")
    + """
    WHEN rises IN ('stepped', 'review') THEN coalesce((
      SELECT (one->>'monthly_vnd')::numeric FROM jsonb_array_elements(escalation->'agreed') one
      WHERE (one->>'on')::date > starts_on AND (one->>'on')::date <= at AND (rises = 'stepped' OR EXISTS (
        SELECT FROM generate_series(1, steps) number
        WHERE starts_on + make_interval(months => number * every) = (one->>'on')::date))
      ORDER BY (one->>'on')::date DESC LIMIT 1), first_vnd)
    ELSE first_vnd END AS monthly
  FROM counted c
), relieved AS (
  SELECT lease_id AS relieved_id, coalesce(max(rate) FILTER (WHERE kind = 'statutory'), 0) AS statutory,
    coalesce(max(rate) FILTER (WHERE kind = 'programme'), 0) AS programme
  FROM lease_reliefs WHERE from_on <= %(on)s AND to_on >= %(on)s GROUP BY lease_id
), owed AS MATERIALIZED (
  SELECT p.*, coalesce(round(monthly * CASE WHEN %(on)s <= ends_on THEN 1 ELSE %(hold_over_rate)s END), 0)::bigint
    AS rent_vnd, coalesce(lease_id IS NOT NULL AND ends_on < %(on)s
      AND coalesce(handed_back_on > %(on)s, true), false) AS holds_over
  FROM priced p
), roll AS (
  SELECT o.*, CASE WHEN relieved_id IS NULL OR holds_over THEN 0 ELSE round(rent_vnd * statutory)
    + round((rent_vnd - round(rent_vnd * statutory)) * programme) END::bigint AS relief_vnd
  FROM owed o LEFT JOIN relieved r ON r.relieved_id = o.lease_id
)"""
)
"""The month's rent in force, before relief; after the term what who stays on owes for a month."""

ROLL = f"WITH {SEEN}, {GIVEN}, {PRICED}"

DUE = """
due AS (
  SELECT s.park, r.lease_id, r.key AS request, r.due_on, r.total_vnd + r.corrected_vnd AS total_vnd
  FROM payment_requests r JOIN leases l ON l.id = r.lease_id JOIN seen s ON s.id = l.space_id WHERE r.due_on <= %(on)s
), paid AS (
  SELECT lease_id, sum(amount_vnd) AS paid_vnd FROM lease_payments WHERE received_on <= %(on)s GROUP BY lease_id
), behind AS (
  SELECT d.lease_id, coalesce(min(paid_vnd), 0) AS paid_vnd FROM due d LEFT JOIN paid USING (lease_id)
  GROUP BY d.lease_id HAVING sum(d.total_vnd) > coalesce(min(paid_vnd), 0)
), unpaid AS (
  SELECT d.*, greatest(0, least(d.total_vnd, sum(d.total_vnd)
    OVER (PARTITION BY d.lease_id ORDER BY due_on, request) - b.paid_vnd))::bigint AS open_vnd
  FROM due d JOIN behind b USING (lease_id)
)"""
"""What fell due by a day, and what was open of it at the end of that day: money pays the oldest first."""

ASKED = f"WITH {SEEN}, {DUE}"


def asked_of(actor: Actor, on: date, park: str) -> dict[str, Any]:
    """What the statements are asked with."""
    scopes = scopes_in_sight(actor)
    return {
        "on": on,
        "park": park,
        "sees_all": None in scopes,
        "scopes": [scope for scope in scopes if scope],
        "end_of_day": end_of_day(on),
        "hold_over_rate": _as_decimal(rules_on(on).hold_over_rate),
    }


def _as_decimal(rate: Fraction) -> Decimal:
    return Decimal(rate.numerator) / Decimal(rate.denominator)

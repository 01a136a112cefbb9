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
sighted AS MATERIALIZED (
  SELECT p.id AS park_id, o.id AS operator_id FROM parks p CROSS JOIN park_operators o
  WHERE (%(park)s = '' OR p.code = %(park)s) AND (%(sees_all)s OR p.code || '/' || o.code = ANY(%(scopes)s)
    OR (o.id = p.operator_id AND p.code = ANY(%(scopes)s)))
), seen AS (
  SELECT s.id, p.code AS park, s.code AS space, s.kind, s.use, s.usable_m2, s.condition, s.opened_on, s.closed_on,
    CASE WHEN s.kind = 'plot' THEN coalesce(s.leasable_m2, s.usable_m2) END AS land_m2
  FROM spaces s JOIN parks p ON p.id = s.park_id
  WHERE s.usable_m2 IS NOT NULL AND (s.park_id, s.operator_id) IN (SELECT park_id, operator_id FROM sighted)
)"""
"""The spaces that can be let, of those in sight: whose they are is asked once, not of each space."""

GIVEN = """
given AS (
  SELECT s.*, a.area_m2, l.id AS lease_id, l.key AS lease, l.operator_id, coalesce(l.tenant, a.holder) AS tenant,
    coalesce(l.starts_on, lower(a.period)) AS starts_on,
    e.ends_on, l.break_on, l.handed_back_on, coalesce(l.deposit_vnd, 0) AS deposit_vnd, l.escalation,
    a.area_m2 * (l.base_vnd_m2 + l.land_rent_vnd_m2) AS first_vnd,
    coalesce(round(a.area_m2 * l.service_vnd_m2), 0)::bigint AS service_vnd
  FROM space_allocations a JOIN seen s ON s.id = a.space_id LEFT JOIN leases l ON l.allocation_id = a.id
    CROSS JOIN LATERAL (SELECT CASE WHEN l.id IS NULL THEN upper(a.period) - 1
      WHEN l.notice_on <= %(on)s THEN coalesce(l.terminated_on, l.ends_on) ELSE l.ends_on END AS ends_on) e
  WHERE (%(until)s::date IS NULL OR e.ends_on BETWEEN %(on)s AND %(until)s::date)
    AND a.kind = 'lease' AND (a.released_at IS NULL OR a.released_at > %(end_of_day)s)
    AND (l.id IS NULL OR l.signed_on <= %(on)s)
    AND (upper(a.period) > %(on)s OR (l.id IS NOT NULL AND coalesce(l.handed_back_on > %(on)s, true)
      AND NOT EXISTS (SELECT FROM leases f WHERE f.renews_id = l.id AND f.signed_on <= %(on)s)))
)"""
"""What is or will be let, and what tenants still have after a term on which none follows; as signed by the day.

Of the terms that end by ``until`` alone where it is stated, before any rent is reckoned.
"""

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
    ((date_part('year', at) - date_part('year', starts_on)) * 12
      + date_part('month', at) - date_part('month', starts_on))::int AS months) m
), priced AS (
  SELECT c.*, CASE
    WHEN rises = 'none' OR (steps = 0 AND rises <> 'stepped') THEN first_vnd
    WHEN rises = 'percent' THEN first_vnd * power(1 + (escalation->>'rate')::numeric(70, 60), steps::numeric)
    WHEN rises = 'fixed' THEN first_vnd + (escalation->>'amount_vnd')::numeric * steps
    WHEN rises = 'index' THEN first_vnd
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
bound AS (SELECT l.id AS lease_id, s.park FROM leases l JOIN seen s ON s.id = l.space_id),
asked AS (
  SELECT lease_id, sum(r.total_vnd + r.corrected_vnd)::bigint AS total_vnd FROM payment_requests r JOIN bound
    USING (lease_id) WHERE r.due_on <= %(on)s GROUP BY lease_id
), paid AS (
  SELECT lease_id, sum(amount_vnd)::bigint AS paid_vnd FROM lease_payments WHERE received_on <= %(on)s GROUP BY lease_id
), behind AS (
  SELECT lease_id, b.park, coalesce(paid_vnd, 0) AS paid_vnd FROM asked JOIN bound b USING (lease_id)
    LEFT JOIN paid USING (lease_id) WHERE total_vnd > coalesce(paid_vnd, 0)
), unpaid AS (
  SELECT b.park, lease_id, r.key AS request, r.due_on, t.total_vnd, greatest(0, least(t.total_vnd, sum(t.total_vnd)
    OVER (PARTITION BY lease_id ORDER BY r.due_on, r.key) - b.paid_vnd))::bigint AS open_vnd
  FROM behind b JOIN payment_requests r USING (lease_id)
    CROSS JOIN LATERAL (SELECT r.total_vnd + r.corrected_vnd AS total_vnd) t WHERE r.due_on <= %(on)s
)"""
"""What was open at the end of a day of what fell due by it: money pays the oldest first.

Leases that paid all are left out by their sums alone.
"""

DUE_SINCE = """
due AS (
  SELECT b.park, lease_id, r.key AS request, r.due_on, r.total_vnd + r.corrected_vnd AS total_vnd
  FROM payment_requests r JOIN bound b USING (lease_id) WHERE r.due_on <= %(on)s AND r.due_on > %(since)s
)"""
"""What fell due after one day, by another."""

ASKED = f"WITH {SEEN}, {DUE}, {DUE_SINCE}"


def asked_of(actor: Actor, on: date, park: str) -> dict[str, Any]:
    """What the statements are asked with."""
    scopes = scopes_in_sight(actor)
    return {
        "on": on,
        "park": park,
        "sees_all": None in scopes,
        "scopes": [scope for scope in scopes if scope],
        "end_of_day": end_of_day(on),
        "until": None,
        "hold_over_rate": _as_decimal(rules_on(on).hold_over_rate),
    }


def _as_decimal(rate: Fraction) -> Decimal:
    return Decimal(rate.numerator) / Decimal(rate.denominator)

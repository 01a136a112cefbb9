"""The pages of the parks."""

from parks.web import admissions, changes, claims, leases, plans, reports, rounds, spaces
from parks.web.blueprint import blueprint

BLUEPRINTS = [blueprint, admissions.blueprint, leases.blueprint, rounds.blueprint]

__all__ = ["BLUEPRINTS", "changes", "claims", "plans", "reports", "spaces"]

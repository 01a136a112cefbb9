"""The pages of the parks."""

from parks.web import claims, leases, plans, rounds, spaces
from parks.web.blueprint import blueprint

BLUEPRINTS = [blueprint, leases.blueprint, rounds.blueprint]

__all__ = ["BLUEPRINTS", "claims", "plans", "spaces"]

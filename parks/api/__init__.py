"""Endpoints of the parks."""

from parks.api import calculators, leases, reports, rounds, spaces

BLUEPRINTS = [leases.blueprint, calculators.blueprint, spaces.blueprint, rounds.blueprint, reports.blueprint]
"""In the order of the document."""

"""Endpoints of the parks."""

from parks.api import calculators, leases, reports, spaces

BLUEPRINTS = [leases.blueprint, calculators.blueprint, spaces.blueprint, reports.blueprint]
"""In the order of the document."""

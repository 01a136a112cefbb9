"""Endpoints of the parks."""

from parks.api import calculators, leases, spaces

BLUEPRINTS = [leases.blueprint, calculators.blueprint, spaces.blueprint]
"""In the order of the document."""

"""Endpoints of the parks."""

from parks.api import calculators, spaces

BLUEPRINTS = [calculators.blueprint, spaces.blueprint]
"""In the order of the document."""

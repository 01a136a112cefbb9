"""Endpoints of the parks."""

from parks.api import calculators

BLUEPRINTS = [calculators.blueprint]
"""In the order of the document."""

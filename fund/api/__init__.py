"""Endpoints of funds and of the calculators."""

from fund.api import calculators, funds

BLUEPRINTS = [calculators.blueprint, funds.blueprint]
"""In the order of the document."""

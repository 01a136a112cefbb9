"""Endpoints of funds and of the calculators."""

from fund.api import calculators, funds, results

BLUEPRINTS = [calculators.blueprint, funds.blueprint, results.blueprint]
"""In the order of the document."""

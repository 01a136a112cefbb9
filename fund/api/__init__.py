"""Endpoints of funds and of the calculators."""

from fund.api import calculators, changes, deals, funds, lives, public, results

BLUEPRINTS = [calculators.blueprint, funds.blueprint, deals.blueprint, results.blueprint, public.blueprint]
"""In the order of the document."""

__all__ = ["BLUEPRINTS", "changes", "lives"]

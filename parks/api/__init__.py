"""Endpoints of the parks."""

from parks.api import calculators, leaseends, leases, prices, reports, requests, rounds, spaces

BLUEPRINTS = [
    *(leases.blueprint, leaseends.blueprint, requests.blueprint, prices.blueprint, calculators.blueprint),
    *(spaces.blueprint, rounds.blueprint, reports.blueprint),
]
"""In the order of the document."""

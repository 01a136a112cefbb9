"""The pages of the parks."""

from parks.web import (
    admissions,
    changes,
    claims,
    leases,
    parkdesk,
    plans,
    prices,
    reports,
    requests,
    rounds,
    spaces,
    vacancies,
)
from parks.web.blueprint import blueprint

BLUEPRINTS = [blueprint, admissions.blueprint, leases.blueprint, rounds.blueprint]

__all__ = [
    "BLUEPRINTS",
    "changes",
    "claims",
    "parkdesk",
    "plans",
    "prices",
    "reports",
    "requests",
    "spaces",
    "vacancies",
]

"""The pages of the parks."""

from parks.web import (
    admissions,
    applying,
    changes,
    claims,
    leasedrafts,
    leases,
    listfiles,
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
    "applying",
    "changes",
    "claims",
    "leasedrafts",
    "listfiles",
    "parkdesk",
    "plans",
    "prices",
    "reports",
    "requests",
    "spaces",
    "vacancies",
]

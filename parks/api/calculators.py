"""Endpoints of the calculators of tenancies: no token needed, nothing is kept."""

from datetime import date
from typing import Any

from foundation.access import EVERYONE, access
from foundation.api import ApiBlueprint
from foundation.database import now
from foundation.workdays import local_date
from parks.reckoning import answer_rent, answer_wale
from parks.schemas.calculators import RentAnswer, RentQuestion, WaleAnswer, WaleQuestion

blueprint = ApiBlueprint(
    "api_tenancy_calculators",
    __name__,
    tag="Calculators of tenancies",
    description="Rent schedules and remaining terms. No token needed; nothing that is sent is kept.",
)


def _today() -> date:
    return local_date(now())


@blueprint.post("/calculators/rent")
@access(EVERYONE)
@blueprint.arguments(RentQuestion)
@blueprint.response(200, RentAnswer)
def calculate_rent(sent: dict[str, Any]) -> dict[str, Any]:
    """Work out the rent of a whole term, to the day and to the đồng

    A line for each calendar month, divided where a price or a relief begins or ends. Statutory relief comes off the
    premises rent first, programme relief off what is left, then tax is added.
    """
    return answer_rent(sent, _today())


@blueprint.post("/calculators/wale")
@access(EVERYONE)
@blueprint.arguments(WaleQuestion)
@blueprint.response(200, WaleAnswer)
def calculate_wale(sent: dict[str, Any]) -> dict[str, Any]:
    """Average the months that leases still run, weighted by area or by rent"""
    return answer_wale(sent, _today())

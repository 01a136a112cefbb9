"""Endpoints of what becomes of a signed lease: relieved, ended early, handed back, renewed."""

from typing import Any

from foundation.access import access, current_actor, roles
from foundation.api import ApiBlueprint
from foundation.database import db, now
from foundation.workdays import local_date
from parks.leasefacts import lease_facts, schedule_facts
from parks.operations import leases
from parks.operations.leases import StatedRelief
from parks.priceindices import index_of_lease
from parks.queries.leases import find_lease
from parks.rules import PARK_ADMINISTRATOR
from parks.schemas.leases import (
    HandBackStated,
    LeaseSchedule,
    LeaseShape,
    ReliefGranted,
    RenewalStated,
    TerminationStated,
)

RUNNERS = roles(PARK_ADMINISTRATOR)

blueprint = ApiBlueprint(
    "api_lease_ends",
    __name__,
    tag="Ends and renewals of leases",
    description="Reliefs, early ends, hand-backs and renewals of leases that run.",
)


def _told(key: str) -> dict[str, Any]:
    return lease_facts(find_lease(db.session(), key, actor=current_actor()), local_date(now()))


@blueprint.post("/leases/<string:key>/reliefs")
@access(RUNNERS)
@blueprint.arguments(ReliefGranted)
@blueprint.response(201, LeaseSchedule)
def grant_relief(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Grant a relief with its evidence, and read the schedule that comes of it"""
    session, actor = db.session(), current_actor()
    leases.grant_relief(session, key, StatedRelief(**sent), actor=actor)
    lease = find_lease(session, key, actor=actor)
    return schedule_facts(lease, index_of_lease(session, lease))


@blueprint.post("/leases/<string:key>/termination")
@access(RUNNERS)
@blueprint.arguments(TerminationStated)
@blueprint.response(200, LeaseShape)
def terminate_lease(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """End a signed lease early

    What was asked for later days is taken back, and who waits for the space gets it. 422 for a day outside the term.
    """
    leases.terminate_lease(db.session(), key, last_on=sent["last_on"], actor=current_actor())
    return _told(key)


@blueprint.post("/leases/<string:key>/hand-back")
@access(RUNNERS)
@blueprint.arguments(HandBackStated)
@blueprint.response(200, LeaseShape)
def hand_back(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Record that the tenant gave the space back

    Days after the term are asked for as a stay. 409 for a draft, or where it was handed back before.
    """
    leases.hand_back(db.session(), key, on=sent["on"], actor=current_actor())
    return _told(key)


@blueprint.post("/leases/<string:key>/renewal")
@access(RUNNERS)
@blueprint.arguments(RenewalStated)
@blueprint.response(201, LeaseShape)
def offer_renewal(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Draft the lease that follows on the last day of another

    It is signed as any other (`POST /leases/{key}/signature`). 422 where the rent lies outside the operator’s frame.
    """
    return _told(leases.offer_renewal(db.session(), key, **sent, actor=current_actor()).key)

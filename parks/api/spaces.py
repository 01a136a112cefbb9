"""Endpoints of parks and spaces: what is free, and who is given it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from accounts.models import Organisation
from foundation.access import EVERYONE, access, current_actor, roles
from foundation.api import ApiBlueprint, page_answer, reader_language
from foundation.database import db, now
from foundation.errors import Invalid, NotAllowed, NotFound
from parks.allocation import Wanted
from parks.models import ParkAdmission, SpaceAllocation
from parks.models.waiting import queue_of
from parks.operations import admissions, allocations, passing, waiting
from parks.queries.spaces import (
    Moment,
    Sought,
    all_parks,
    allocations_of,
    find_park,
    find_space,
    present,
    space_as_it_stands,
    spaces_page,
)
from parks.rules import PARK_ADMINISTRATOR, READING_ROLES, may_see_holders, scope_of_space
from parks.schemas.spaces import (
    AllocationList,
    AllocationShape,
    DepositShape,
    ParkList,
    ParkShape,
    ReleaseShape,
    ReservationShape,
    SpaceDetail,
    SpacePage,
    SpaceQuery,
    WaiterShape,
    WantedShape,
)
from parks.statements import allocation_facts, operator_facts, park_facts, space_facts

READERS, RUNNERS = roles(*READING_ROLES), roles(PARK_ADMINISTRATOR)

blueprint = ApiBlueprint(
    "api_spaces",
    __name__,
    tag="Parks",
    description="Technology parks: their spaces as they stand, and who is given them. No day holds a space twice.",
)


@blueprint.get("/parks")
@access(EVERYONE)
@blueprint.response(200, ParkList)
def list_parks() -> dict[str, Any]:
    """List the parks with their operators and announced areas"""
    return {"items": [park_facts(park, reader_language()) for park in all_parks(db.session())]}


@blueprint.get("/parks/<string:code>")
@access(EVERYONE)
@blueprint.response(200, ParkShape)
def read_park(code: str) -> dict[str, Any]:
    """Read a park"""
    return park_facts(find_park(db.session(), code), reader_language())


@blueprint.get("/parks/<string:code>/spaces")
@access(EVERYONE)
@blueprint.arguments(SpaceQuery, location="query")
@blueprint.response(200, SpacePage, headers={"Link": {"schema": {"type": "string"}}})
def list_spaces(asked: dict[str, Any], code: str) -> tuple[dict[str, Any], dict[str, str]]:
    """List the spaces of a park by code, as they stand today or on a day

    Those that can be let, or all of one kind. A space is available when some of it is free from that day on without
    end; otherwise its status is that of whoever has it.
    """
    session = db.session()
    sought = Sought(**{name: asked[name] for name in ("status", "use", "kind", "min_m2", "within") if name in asked})
    moment = Moment(asked["on"], now()) if "on" in asked else present()
    park = find_park(session, code)
    page = spaces_page(session, park, sought, moment, after=asked.get("cursor"), size=asked["limit"])
    return page_answer(page, [space_facts(row) for row in page.rows])


@blueprint.get("/spaces/<string:code>")
@access(EVERYONE)
@blueprint.response(200, SpaceDetail)
def read_space(code: str) -> dict[str, Any]:
    """Read a space as it stands today, with its outline"""
    session = db.session()
    space = find_space(session, code)
    return space_facts(space_as_it_stands(session, space, present())) | {
        "park": space.park.code,
        "operator": operator_facts(space.operator, reader_language()),
        "geometry": space.geometry,
    }


@blueprint.get("/spaces/<string:code>/allocations")
@access(READERS)
@blueprint.response(200, AllocationList)
def list_allocations(code: str) -> dict[str, Any]:
    """List who has or had a space, the latest period first; for its operator alone"""
    session, at = db.session(), now()
    space = find_space(session, code)
    if not may_see_holders(current_actor(), scope_of_space(space)):
        raise NotAllowed
    return {"items": [allocation_facts(row, code, at=at) for row in allocations_of(session, space)]}


@blueprint.post("/spaces/<string:code>/holds")
@access(RUNNERS)
@blueprint.arguments(WantedShape)
@blueprint.response(201, AllocationShape)
def hold_space(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Hold a space for somebody, without a deposit

    It lapses by itself at the end of the operator's working days. 409 when somebody has the space on one of these
    days, with the area that is free on the fullest of them.
    """
    return _given(code, allocations.hold_space, sent)


@blueprint.post("/spaces/<string:code>/reservations")
@access(RUNNERS)
@blueprint.arguments(ReservationShape)
@blueprint.response(201, AllocationShape)
def reserve_space(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Reserve a space against a deposit; it lapses by itself as a hold does, later"""
    return _given(code, allocations.reserve_space, sent, deposit_vnd=sent["deposit_vnd"])


@blueprint.post("/spaces/<string:code>/queue")
@access(RUNNERS)
@blueprint.arguments(WantedShape)
@blueprint.response(201, WaiterShape)
def join_queue(sent: dict[str, Any], code: str) -> dict[str, Any]:
    """Put somebody into the queue of a space

    When a hold or reservation lapses, the space is held for the first in the queue whom it fits, with nobody acting.
    """
    session = db.session()
    waiter = waiting.join_queue(session, code, _wanted(sent), actor=current_actor())
    return {
        "space": code,
        "holder": waiter.holder,
        "starts_on": sent["starts_on"],
        "ends_on": sent["ends_on"],
        "since": waiter.since,
        "ahead": sum(one.id < waiter.id for one in queue_of(session, find_space(session, code))),
    }


@blueprint.post("/allocations/<string:key>/reservation")
@access(RUNNERS)
@blueprint.arguments(DepositShape)
@blueprint.response(200, AllocationShape)
def reserve_held(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Turn a hold into a reservation once its deposit is there; 409 when it has lapsed"""
    actor = current_actor()
    return _told(allocations.reserve_held(db.session(), key, deposit_vnd=sent["deposit_vnd"], actor=actor))


@blueprint.post("/allocations/<string:key>/release")
@access(RUNNERS)
@blueprint.arguments(ReleaseShape)
@blueprint.response(200, AllocationShape)
def release_allocation(sent: dict[str, Any], key: str) -> dict[str, Any]:
    """Let go of a hold or reservation for good"""
    return _told(passing.release_claim(db.session(), key, reason=sent["reason"], actor=current_actor()))


def _given(code: str, give: Callable[..., SpaceAllocation], sent: dict[str, Any], **terms: Any) -> dict[str, Any]:
    claim = give(db.session(), code, _wanted(sent), **terms, actor=current_actor())
    return allocation_facts(claim, code, at=now())


def _wanted(sent: dict[str, Any]) -> Wanted:
    """Raises Invalid when nobody is named, or an organisation that does not exist."""
    holder, organisation_id = sent.get("holder", ""), None
    if "admission" in sent:
        ground = _admission(sent["admission"])
        return Wanted(
            sent["starts_on"],
            sent["ends_on"],
            ground.organisation.name_vi,
            ground.organisation_id,
            sent.get("area_m2"),
            ground.id,
        )
    if "organisation" in sent:
        organisation = db.session().scalar(select(Organisation).where(Organisation.code == sent["organisation"]))
        if organisation is None:
            raise Invalid({"organisation": ["does_not_exist"]})
        holder, organisation_id = holder or organisation.name_vi, organisation.id
    if not holder:
        raise Invalid({"holder": ["required"]})
    return Wanted(sent["starts_on"], sent["ends_on"], holder, organisation_id, sent.get("area_m2"))


def _admission(key: str) -> ParkAdmission:
    try:
        return admissions.find_admission(db.session(), key, actor=current_actor())
    except NotFound as fault:
        raise Invalid({"admission": ["does_not_exist"]}) from fault


def _told(claim: SpaceAllocation) -> dict[str, Any]:
    return allocation_facts(claim, claim.space.code, at=now())

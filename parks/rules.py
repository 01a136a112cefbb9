"""Who may run a park, or the part of it that is another operator's; who may see who holds what."""

from foundation.actors import Actor
from foundation.errors import NotAllowed, NotFound
from parks.models import Lease, Park, Space

PARK_ADMINISTRATOR = "park_administrator"
AUDITOR = "auditor"
READING_ROLES = (PARK_ADMINISTRATOR, AUDITOR)


def scope_of(park: Park, operator_id: int, operator_code: str) -> str:
    """The name under which roles are granted: the park's own, or that of another operator's part of it."""
    return park.code if operator_id == park.operator_id else f"{park.code}/{operator_code}"


def scope_of_space(space: Space) -> str:
    """The scope of a space that was read with its park and operator."""
    return scope_of(space.park, space.operator_id, space.operator.code)


def may_run(actor: Actor, scope: str) -> bool:
    return actor.kind == "system" or actor.has_role(PARK_ADMINISTRATOR, park=scope)


def may_see_holders(actor: Actor, scope: str) -> bool:
    return actor.kind == "system" or actor.has_role(*READING_ROLES, park=scope)


def require_runner(actor: Actor, space: Space | None) -> Space:
    """A space that was read with park and operator. Raises NotFound, or NotAllowed to all but its operator."""
    if space is None:
        raise NotFound
    if not may_run(actor, scope_of_space(space)):
        raise NotAllowed
    return space


def require_park_runner(actor: Actor, park: Park | None) -> Park:
    """The park. Raises NotFound when there is none, NotAllowed to all but its operator."""
    if park is None:
        raise NotFound
    if not may_run(actor, park.code):
        raise NotAllowed
    return park


def may_see_lease(actor: Actor, lease: Lease) -> bool:
    """Whoever reads its operator's leases, and, once it is signed or on offer, the tenant's own people."""
    return may_see_holders(actor, scope_of_space(lease.space)) or lease.organisation_id in actor.organisation_ids

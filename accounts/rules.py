"""Who may administer people, organisations and roles."""

from accounts.roles import ADMINISTRATOR
from foundation.actors import Actor
from foundation.errors import NotAllowed


def is_administrator(actor: Actor) -> bool:
    """Whether the actor administers accounts: an administrator, or the command line."""
    return actor.kind == "system" or actor.has_role(ADMINISTRATOR)


def refuse_unless_administrator(actor: Actor) -> None:
    """Raises NotAllowed for all others."""
    if not is_administrator(actor):
        raise NotAllowed

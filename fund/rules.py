"""Who may keep a fund's books, and who may read them."""

from foundation.actors import Actor
from foundation.errors import NotAllowed, NotFound
from fund.models import Fund

FUND_MANAGER = "fund_manager"
AUDITOR = "auditor"
READING_ROLES = (FUND_MANAGER, AUDITOR)


def may_read(actor: Actor, fund: Fund) -> bool:
    return actor.has_role(*READING_ROLES, fund=fund.code)


def require_reader_of(actor: Actor, code: str) -> None:
    """Raises NotFound when the actor may not read the books of the fund of that code."""
    if not actor.has_role(*READING_ROLES, fund=code):
        raise NotFound


def may_keep_books(actor: Actor, fund: Fund) -> bool:
    return keeps_books_of(actor, fund.code)


def keeps_books_of(actor: Actor, code: str) -> bool:
    return actor.kind == "system" or actor.has_role(FUND_MANAGER, fund=code)


def may_found(actor: Actor) -> bool:
    """Whoever keeps the books of all funds may found another."""
    return actor.has_role(FUND_MANAGER)


def require_reader(actor: Actor, fund: Fund | None) -> Fund:
    """The fund. Raises NotFound when there is none, or none that the actor may know of."""
    if fund is None or not may_read(actor, fund):
        raise NotFound
    return fund


def require_keeper(actor: Actor, fund: Fund | None) -> Fund:
    """The fund. Raises NotFound to those who may not read it, NotAllowed to those who may only read."""
    if fund is not None and may_keep_books(actor, fund):
        return fund
    require_reader(actor, fund)
    raise NotAllowed

"""Rounds as the public, their park and their firms read them."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from foundation.errors import NotFound
from foundation.paging import Order, Page, page_of
from parks.contests import WHOLE
from parks.models import AllocationRound, Park

OPEN_AT_ONCE = 20
BY_NUMBER = Order((AllocationRound.id,), is_descending=True)


def find_round(session: Session, key: str) -> AllocationRound:
    """A published round with all that belongs to it. Raises NotFound."""
    found = session.scalar(select(AllocationRound).options(*WHOLE).where(AllocationRound.key == key))
    if found is None:
        raise NotFound
    return found


def rounds_page(session: Session, *, after: str | None, size: int) -> Page[AllocationRound]:
    """All rounds, the newest first."""
    return page_of(
        session, select(AllocationRound).options(joinedload(AllocationRound.park)), BY_NUMBER, after=after, size=size
    )


def open_rounds(session: Session, park: Park, today: date) -> list[AllocationRound]:
    """Rounds of a park that take applications, the one that closes first at the head."""
    found = select(AllocationRound).where(
        AllocationRound.park_id == park.id, AllocationRound.decided_at.is_(None), AllocationRound.closes_on >= today
    )
    return list(session.scalars(found.order_by(AllocationRound.closes_on, AllocationRound.id).limit(OPEN_AT_ONCE)))

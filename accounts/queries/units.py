"""The tree of units, in the order of a table of contents."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.models import Unit
from foundation.errors import NotFound


def unit_tree(session: Session) -> Sequence[Unit]:
    """Every unit, each behind the one above it."""
    return session.scalars(select(Unit).order_by(Unit.path)).all()


def unit_with_code(session: Session, code: str) -> Unit:
    """The unit with this code. Raises NotFound."""
    unit = session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        raise NotFound
    return unit

"""What follows on the term of a lease, as the database sees it: a signed renewal, or a stay."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Exists, and_, case, select
from sqlalchemy.orm import aliased

from parks.models import Lease
from parks.terms import DAY


def is_followed() -> Exists:
    """Whether a signed lease renews it."""
    follower = aliased(Lease)
    return (
        select(follower.id)
        .where(follower.renews_id == Lease.id, follower.signed_on.is_not(None))
        .correlate(Lease)
        .exists()
    )


def stayed_until(on: date) -> ColumnElement[Any]:
    """The last day of a stay that can be charged for: of the hand-back, or of the last month that is over."""
    handed_back = and_(Lease.handed_back_on.is_not(None), Lease.handed_back_on <= on)
    return case((handed_back, Lease.handed_back_on), else_=on.replace(day=1) - DAY)

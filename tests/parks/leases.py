"""Leases for tests, in a park of whole units and divisible land."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from parks.models import Lease
from parks.operations.leases import StatedLease, draft_lease, sign_lease


def stated(first: str = "2026-03-17", last: str = "2027-03-16", **terms: Any) -> StatedLease:
    """250,000 đồng a square metre: 30,000,000 a month for a unit of 120."""
    terms = {"tenant": "Công ty A", "base_vnd_m2": Decimal(250_000), **terms}
    return StatedLease(starts_on=date.fromisoformat(first), ends_on=date.fromisoformat(last), **terms)


def make_lease(session: Session, space: str = "P1-U1", **terms: Any) -> Lease:
    """A lease signed by the clock."""
    lease = draft_lease(session, space, stated(**terms), actor=SYSTEM)
    return sign_lease(session, lease.key, signed_on=date(2026, 3, 1), actor=SYSTEM)

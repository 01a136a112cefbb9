"""Price indices as operators entered them, for the leases whose rent follows them."""

from collections.abc import Collection
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from parks.models import Lease, PriceIndexValue
from parks.tenancy import Index


def indices_of(session: Session, operator_ids: Collection[int]) -> dict[int, Index]:
    """The values of each operator in the order of their days; of one day the value entered last."""
    if not operator_ids:
        return {}
    found = select(PriceIndexValue.operator_id, PriceIndexValue.published_on, PriceIndexValue.value)
    found = found.where(PriceIndexValue.operator_id.in_(operator_ids))
    values: dict[int, dict[date, Fraction]] = {}
    for operator_id, day, value in session.execute(found.order_by(PriceIndexValue.published_on, PriceIndexValue.id)):
        values.setdefault(operator_id, {})[day] = Fraction(value)
    return {operator_id: list(by_day.items()) for operator_id, by_day in values.items()}


def follows_index(lease: Lease) -> bool:
    """Whether the rent follows the operator's index, and not values that were agreed with the lease."""
    return bool(lease.escalation["kind"] == "index" and not lease.escalation.get("index"))


def index_of_lease(session: Session, lease: Lease) -> Index:
    """The index that a lease follows; empty where it follows none."""
    operator_id = lease.operator_id or lease.operator.id
    return indices_of(session, [operator_id]).get(operator_id, ()) if follows_index(lease) else ()

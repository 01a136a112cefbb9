"""Values of the price index that rents follow, entered as they are published."""

from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from foundation import audit
from foundation.actors import Actor
from foundation.database import now
from foundation.errors import Invalid, Reason
from foundation.workdays import local_date
from parks.models import ParkOperator, PriceIndexValue

LARGEST = Decimal(100_000)


def enter_index_value(
    session: Session, operator: ParkOperator, published_on: date, value: Decimal, *, source: str, actor: Actor
) -> PriceIndexValue:
    """Keep a value with its source; of one day the value entered last counts. Raises Invalid."""
    faults: dict[str, list[Reason]] = {}
    if published_on > local_date(now()):
        faults["published_on"] = [Reason("day_ahead")]
    if not 0 < value <= LARGEST or value != round(value, 4):
        faults["value"] = [Reason("index_value_unsound", {"largest": str(LARGEST)})]
    if not source.strip():
        faults["source"] = [Reason("required")]
    if faults:
        raise Invalid(faults)
    row = PriceIndexValue(
        operator_id=operator.id,
        published_on=published_on,
        value=value,
        source=source.strip(),
        person_id=actor.person_id,
    )
    session.add(row)
    session.flush()
    subject = ("park_operator", operator.id)
    facts = {"value": row.id}
    audit.append(
        session, f"operator:{operator.id}", actor=actor, action="parks:index:enter", facts=facts, subject=subject
    )
    return row

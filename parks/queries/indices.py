"""What an operator stated of its prices: the frames it registered and the values of its index, the latest first."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from parks.models import PriceFrame, PriceIndexValue


def latest_values(session: Session, operator_id: int, most: int) -> Sequence[PriceIndexValue]:
    """What was entered, the latest day first."""
    found = select(PriceIndexValue).where(PriceIndexValue.operator_id == operator_id)
    return session.scalars(
        found.order_by(PriceIndexValue.published_on.desc(), PriceIndexValue.id.desc()).limit(most)
    ).all()


def latest_frames(session: Session, operator_id: int, most: int) -> Sequence[PriceFrame]:
    """The price frames of an operator, the latest first."""
    found = select(PriceFrame).where(PriceFrame.operator_id == operator_id)
    return session.scalars(found.order_by(PriceFrame.valid_from.desc(), PriceFrame.id.desc()).limit(most)).all()

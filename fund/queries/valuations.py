"""Valuations and index values as they count at a moment: of each day, the one recorded last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from foundation.paging import Order, Page, page_of
from foundation.workdays import end_of_day
from fund.books import Moment
from fund.models import Fund, IndexValue, Valuation
from fund.models.valuations import FAIR

LATEST = Order((Valuation.id,), is_descending=True)


@dataclass(frozen=True, slots=True)
class Valued:
    """A valuation that counts; ``position`` is empty for the fund as a whole."""

    position: str
    valued_on: date
    amount_vnd: int
    basis: str
    method: str
    source: str


def values_of(session: Session, fund: Fund, moment: Moment, *, basis: str = FAIR) -> list[Valued]:
    """All that count, of the fund as a whole and of positions, by position and day."""
    chosen = (
        select(
            Valuation.position,
            Valuation.valued_on,
            Valuation.amount_vnd,
            Valuation.basis,
            Valuation.method,
            Valuation.source,
        )
        .ext(distinct_on(Valuation.position, Valuation.valued_on))
        .where(Valuation.fund_id == fund.id, Valuation.basis == basis, *_by(Valuation, moment))
        .order_by(Valuation.position, Valuation.valued_on, Valuation.id.desc())
    )
    return [Valued(*row) for row in session.execute(chosen)]


def valuations_page(
    session: Session, fund: Fund, moment: Moment, *, position: str | None = None, after: str | None, size: int
) -> Page[Valuation]:
    """Everything that was entered, the latest first. Raises Invalid for a cursor of another list."""
    chosen = select(Valuation).where(Valuation.fund_id == fund.id, *_by(Valuation, moment))
    if position is not None:
        chosen = chosen.where(Valuation.position == position)
    return page_of(session, chosen, LATEST, after=after, size=size)


def index_codes(session: Session, fund: Fund) -> Sequence[str]:
    """The indices of which the fund has values, by code."""
    chosen = select(IndexValue.index_code).where(IndexValue.fund_id == fund.id)
    return session.scalars(chosen.distinct().order_by(IndexValue.index_code)).all()


def index_values(session: Session, fund: Fund, index: str, moment: Moment) -> list[tuple[date, Decimal]]:
    """The values of an index by day."""
    chosen = (
        select(IndexValue.valued_on, IndexValue.value)
        .ext(distinct_on(IndexValue.valued_on))
        .where(IndexValue.fund_id == fund.id, IndexValue.index_code == index, *_by(IndexValue, moment))
        .order_by(IndexValue.valued_on, IndexValue.id.desc())
    )
    return [(day, value) for day, value in session.execute(chosen)]


def _by(model: type[Valuation | IndexValue], moment: Moment) -> list[ColumnElement[bool]]:
    bounds = []
    if moment.as_of is not None:
        bounds.append(model.valued_on <= moment.as_of)
    if moment.known_on is not None:
        bounds.append(model.recorded_at < end_of_day(moment.known_on))
    return bounds

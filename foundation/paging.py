"""Long lists, a page at a time: a cursor says behind which row the next page begins."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from flask_babel import lazy_gettext
from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from foundation.errors import Invalid
from foundation.reasons import register_reasons

Row = TypeVar("Row")

PAGE_SIZE = 30

register_reasons({"cursor_not_valid": lazy_gettext("This is not a page of the list. Start again from the first.")})


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list; ``next_cursor`` is None on the last page."""

    rows: list[Row]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: columns of its rows that together are unique, never empty, and indexed."""

    columns: tuple[InstrumentedAttribute[Any], ...]
    is_descending: bool = False


def page_of(
    session: Session, query: Select[Row], order: Order, *, after: str | None, size: int = PAGE_SIZE
) -> Page[Row]:
    """The page of ``query`` behind cursor ``after`` (None or empty: the first one).

    Raises:
        Invalid: the cursor was not made by this list.
    """
    rows = list(session.scalars(portion(query, order, after=after, size=size)))
    return page_from(rows, order, size=size)


def page_of_columns(
    session: Session, query: Select[Any], order: Order, *, after: str | None, size: int = PAGE_SIZE
) -> Page[Any]:
    """Like :func:`page_of` for a query of several columns, those of the order among them."""
    rows = list(session.execute(portion(query, order, after=after, size=size)))
    return page_from(rows, order, size=size)


def portion(query: Select[Any], order: Order, *, after: str | None, size: int) -> Select[Any]:
    """The rows of ``query`` behind cursor ``after`` in this order, and one more, which says that there are more."""
    if after:
        query = query.where(_behind(order, values_of(after, order)))
    direction = [column.desc() if order.is_descending else column.asc() for column in order.columns]
    return query.order_by(*direction).limit(size + 1)


def page_from(rows: list[Row], order: Order, *, size: int) -> Page[Row]:
    """The page that the rows of :func:`portion` make."""
    return Page(rows[:size], cursor_of(rows[size - 1], order) if len(rows) > size else None)


def _behind(order: Order, values: Sequence[Any]) -> Any:
    columns = tuple_(*order.columns)
    return columns < tuple_(*values) if order.is_descending else columns > tuple_(*values)


def cursor_of(row: Any, order: Order) -> str:
    """The cursor that leads to the page behind ``row``."""
    return cursor_at([getattr(row, column.key) for column in order.columns])


def cursor_at(values: Sequence[Any]) -> str:
    """The cursor that leads behind the place of these values in the order of a list."""
    plain = [value.isoformat() if isinstance(value, date) else value for value in values]
    packed = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def values_of(cursor: str, order: Order) -> list[Any]:
    """What the order's columns hold in the row that ``cursor`` leads behind.

    Raises:
        Invalid: the cursor was not made by this list.
    """
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        kinds = [column.type.python_type for column in order.columns]
        if not isinstance(plain, list):
            raise ValueError("a cursor is a list")
        return [_value(kind, value) for kind, value in zip(kinds, plain, strict=True)]
    except (ValueError, TypeError, binascii.Error) as error:
        raise Invalid({"cursor": ["cursor_not_valid"]}) from error


def _value(kind: type[Any], value: Any) -> Any:
    if issubclass(kind, date) and isinstance(value, str):
        return datetime.fromisoformat(value) if issubclass(kind, datetime) else date.fromisoformat(value)
    if type(value) is not kind:
        raise ValueError(f"expected {kind.__name__}")
    if kind is int and abs(value) >= 2**63:
        raise ValueError("out of range")
    if kind is str and "\x00" in value:
        raise ValueError("no such text")
    return value

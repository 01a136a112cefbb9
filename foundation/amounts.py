"""Amounts, numbers and days to reckon with, as programs send them: decimal text, whole đồng, years of our time."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields

from foundation.decimals import NotADecimal, parse_decimal
from foundation.errors import Reason
from foundation.schemas import COMMON, FIRST_YEAR, LAST_YEAR, WHOLE, Day

FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)


class Number(fields.Field[Decimal]):
    """A decimal number as text, between ``lowest`` and ``highest``."""

    default_error_messages = {**COMMON, "invalid": "decimal_as_text"}

    def __init__(self, *, lowest: int | None = None, highest: int | None = None, places: int = 10, **rest: Any) -> None:
        self.lowest, self.highest, self.places = lowest, highest, places
        sign = "" if lowest is not None and lowest >= 0 else "-?"
        pattern = f"^{sign}[0-9]{{1,18}}(\\.[0-9]{{1,{places}}})?$"
        metadata = {"type": "string", "pattern": pattern, **rest.pop("metadata", {})}
        super().__init__(metadata=metadata, **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> Decimal:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        try:
            number = parse_decimal(value, places=self.places)
        except NotADecimal as fault:
            raise ValidationError([fault.reason]) from fault
        if self.lowest is not None and number < self.lowest:
            raise ValidationError([Reason("below_zero" if self.lowest == 0 else "too_small", {"limit": self.lowest})])
        if self.highest is not None and number > self.highest:
            raise ValidationError([Reason("too_large", {"limit": self.highest})])
        return number


class WholeVnd(fields.Field[int]):
    """Whole đồng as text, not below zero."""

    default_error_messages = {**COMMON, "invalid": "decimal_as_text"}

    def __init__(self, **rest: Any) -> None:
        super().__init__(metadata={"type": "string", "pattern": "^[0-9]{1,18}$", **rest.pop("metadata", {})}, **rest)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> int:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        if WHOLE.fullmatch(value) and not value.startswith("-"):
            return int(value)
        if WHOLE.fullmatch(value):
            raise ValidationError([Reason("amount_negative")])
        raise ValidationError([Reason("amount_too_large" if value.isdigit() else "not_an_amount")])


class CourseDay(Day):
    """A day of the years that are reckoned with; another year is told as such."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> date:
        try:
            return super()._deserialize(value, attr, data, **rest)
        except ValidationError as fault:
            if _is_day(value):
                facts = {"first_on": FIRST_DAY, "last_on": LAST_DAY}
                raise ValidationError([Reason("year_out_of_range", facts)]) from fault
            raise


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False

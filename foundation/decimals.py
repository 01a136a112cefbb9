"""Exact decimal numbers as text: what programs send, and how results are written."""

import re
from decimal import Decimal

from foundation.errors import Reason

DIGITS, PLACES = 18, 10
PLAIN = re.compile(r"[+-]?([0-9]+)(?:\.([0-9]+))?")
ANY_NUMBER = re.compile(r"[+-]?[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]+)?")
RATE_PLACES = 10


class NotADecimal(ValueError):  # noqa: N818 - what was sent, not what went wrong here
    """The text is no number of the agreed size; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.code)


def parse_decimal(text: str, *, places: int = PLACES) -> Decimal:
    """A number written as ``-10000`` or ``0.08``. Raises NotADecimal."""
    written = PLAIN.fullmatch(text) if len(text) <= 200 else None
    if written and len(written[1].lstrip("0")) <= DIGITS and len((written[2] or "").rstrip("0")) <= places:
        return Decimal(text)
    if text and (len(text) > 200 or ANY_NUMBER.fullmatch(text)) and any(mark.isdigit() for mark in text):
        raise NotADecimal(Reason("decimal_too_long", {"digits": DIGITS, "places": places}))
    raise NotADecimal(Reason("not_a_number"))


def write_decimal(number: Decimal) -> str:
    """All digits, no exponent, no zeros behind."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def write_rate(rate: float) -> str:
    """A rate with ten decimals."""
    text = f"{rate:.{RATE_PLACES}f}"
    return text.removeprefix("-") if float(text) == 0 else text

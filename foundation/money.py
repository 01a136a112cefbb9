"""Money: whole đồng, written as each language does, read as people type it, divided to the last one."""

import re
from collections.abc import Sequence
from fractions import Fraction

from foundation.errors import Reason
from foundation.wording import DEFAULT_LANGUAGE

LARGEST = 2**63 - 1
"""What a column of whole đồng holds."""

MARKS = {"vi": ".", "en": ",", "fr": "\u202f"}
PATTERNS = {"vi": "{} đồng", "en": "VND {}", "fr": "{} VND"}

SPACES = r"[ \u00a0\u202f]"
GROUPED = [re.compile(rf"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+") for mark in (r"\.", ",", SPACES)]
PLAIN = re.compile(r"[0-9]+")
UNIT = re.compile(rf"{SPACES}*(?:đồng|đ|₫|vnd|vnđ)$", re.IGNORECASE)


class NotAnAmount(ValueError):  # noqa: N818 - what was typed, not what went wrong here
    """The text is no amount of whole đồng; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.code)


def format_number(number: int, language: str) -> str:
    """A whole number with the thousands marked as the language does."""
    return f"{number:,}".replace(",", MARKS.get(language, MARKS[DEFAULT_LANGUAGE]))


def format_vnd(amount: int, language: str) -> str:
    """An amount with its unit: ``1.000.000 đồng``, ``VND 1,000,000``."""
    return PATTERNS.get(language, PATTERNS[DEFAULT_LANGUAGE]).format(format_number(amount, language))


def parse_vnd(text: str, *, may_be_negative: bool = False) -> int:
    """The amount that a person typed: ``1.000.000``, ``1 000 000 đ``, ``1,000,000`` or ``1000000``.

    Raises:
        NotAnAmount: it has decimals or is no number, is negative where it must not be, or too large.
    """
    words = UNIT.sub("", text.strip())
    is_negative = words.startswith(("-", "−"))
    digits = words[1:].strip() if is_negative else words
    if not PLAIN.fullmatch(digits) and not any(form.fullmatch(digits) for form in GROUPED):
        raise NotAnAmount(Reason("not_an_amount"))
    amount = int(re.sub(r"[^0-9]", "", digits)) if len(digits) < 40 else LARGEST + 1
    if amount > LARGEST:
        raise NotAnAmount(Reason("amount_too_large"))
    if is_negative and amount and not may_be_negative:
        raise NotAnAmount(Reason("amount_negative"))
    return -amount if is_negative else amount


def largest_remainder(total: int, weights: Sequence[int | Fraction]) -> list[int]:
    """``total`` divided in proportion to ``weights``, to the đồng: the parts always add up to it.

    What rounding down leaves over goes to the largest remainders; of equal ones, to the first.

    Raises:
        ValueError: a weight is negative, or none is positive.
    """
    sum_of_weights = sum(weights)
    if sum_of_weights <= 0 or min(weights) < 0:
        raise ValueError("weights are not negative, and one is positive")
    exact = [Fraction(total) * Fraction(weight) / Fraction(sum_of_weights) for weight in weights]
    parts = [share.numerator // share.denominator for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts

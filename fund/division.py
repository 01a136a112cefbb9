"""A capital call divided among those who committed: to the đồng, the public part never rounded up."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from foundation.money import largest_remainder


@dataclass(frozen=True, slots=True)
class Commitment:
    """Who undertook how much; ``is_public`` is money of the city or the state."""

    name: str
    amount: int
    is_public: bool = False


HAIR = Fraction(1, 20)
"""Less of a đồng than anybody divides; see :func:`_public_part`."""


def divide_call(amount: int, commitments: Sequence[Commitment]) -> list[int]:
    """The part of each, in the order given; the parts add up to ``amount``.

    A public part is its exact share rounded down. What rounding leaves over goes to the private parts with the
    largest remainders, of equal ones to the first; where all money is public, among these alike.

    Raises:
        ValueError: nothing was committed, or an amount is below zero.
    """
    total = sum(commitment.amount for commitment in commitments)
    if total <= 0 or amount < 0 or min(commitment.amount for commitment in commitments) < 0:
        raise ValueError("something is called from something committed")
    takers = [place for place, one in enumerate(commitments) if one.amount and not one.is_public]
    if not takers:
        return largest_remainder(amount, [commitment.amount for commitment in commitments])
    exact = [Fraction(amount * commitment.amount, total) for commitment in commitments]
    hair = HAIR / max(1, sum(one.is_public for one in commitments))
    parts = [
        _public_part(share, total, hair) if one.is_public else share.numerator // share.denominator
        for one, share in zip(commitments, exact, strict=True)
    ]
    takers.sort(key=lambda place: (parts[place] - exact[place], place))
    for turn in range(amount - sum(parts)):
        parts[takers[turn % len(takers)]] += 1
    return parts


def _public_part(exact: Fraction, total: int, hair: Fraction) -> int:
    """The exact share rounded down.

    Commitments are agreed as shares and written in whole đồng: a part that is a hair short of a whole đồng only
    because their total was rounded up by less than one (49 % of a call as 48,999,999,999.97) is that whole đồng.
    """
    by_one = exact / total
    given = exact + by_one if by_one <= hair else exact
    return given.numerator // given.denominator

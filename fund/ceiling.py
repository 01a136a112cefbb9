"""The ceilings of public capital: an amount and a share, tested exactly, with the cure either way to the đồng."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

AMOUNT, SHARE = "city_above_amount", "city_above_share"
"""The two independent ceilings (resolution and decree): money of the city, and its part of the whole."""

SHARE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Ceiling:
    """At most ``amount_vnd`` and at most ``numerator / denominator`` of the whole; ``None`` is no ceiling."""

    amount_vnd: int | None
    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if not 0 < self.numerator < self.denominator:
            raise ValueError("the share of a ceiling lies between nothing and all")

    @property
    def share(self) -> str:
        """The share as a decimal fraction: "0.49"."""
        return str(Decimal(self.numerator) / Decimal(self.denominator))

    def breaches(self, city: int, private: int) -> list[str]:
        """Which ceilings these amounts break: integers only, nothing is rounded."""
        broken = []
        if self.amount_vnd is not None and city > self.amount_vnd:
            broken.append(AMOUNT)
        if city * self.denominator > self.numerator * (city + private):
            broken.append(SHARE)
        return broken

    def allows(self, city: int, private: int) -> bool:
        return not self.breaches(city, private)

    def city_max(self, private: int) -> int:
        """The most the city may give beside this private money."""
        by_share = private * self.numerator // (self.denominator - self.numerator)
        return by_share if self.amount_vnd is None else min(self.amount_vnd, by_share)

    def private_min(self, city: int) -> int | None:
        """The least private money beside which the city may give this much; ``None``: no private money is enough."""
        if self.amount_vnd is not None and city > self.amount_vnd:
            return None
        return -(-city * (self.denominator - self.numerator) // self.numerator)


@dataclass(frozen=True, slots=True)
class Cure:
    """How a breach is healed, each way alone; ``private_top_up`` is ``None`` where only less city money helps."""

    private_top_up: int | None
    city_reduction: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What a ceiling says of the city's money beside the others'."""

    city: int
    private: int
    breaches: Sequence[str]
    city_max: int
    private_min: int | None
    cure: Cure

    @property
    def is_allowed(self) -> bool:
        return not self.breaches

    @property
    def headroom(self) -> int:
        """What the city may still add with the others' money as it is."""
        return max(0, self.city_max - self.city)

    @property
    def share(self) -> str:
        """The city's part of the whole in six decimals, rounded up: what is above the ceiling never looks below."""
        return share_rounded_up(self.city, self.city + self.private)


def examine(ceiling: Ceiling, city: int, private: int) -> Finding:
    """Test amounts against a ceiling. Raises ValueError for an amount below zero."""
    if city < 0 or private < 0:
        raise ValueError("amounts are not below zero")
    most, least = ceiling.city_max(private), ceiling.private_min(city)
    top_up = None if least is None else max(0, least - private)
    return Finding(
        city=city,
        private=private,
        breaches=ceiling.breaches(city, private),
        city_max=most,
        private_min=least,
        cure=Cure(private_top_up=top_up, city_reduction=max(0, city - most)),
    )


def share_rounded_up(part: int, whole: int) -> str:
    """``part / whole`` with six decimals, rounded up; of nothing, nothing."""
    scale = 10**SHARE_DIGITS
    steps = -(-part * scale // whole) if whole else 0
    return f"{steps // scale}.{steps % scale:0{SHARE_DIGITS}d}"

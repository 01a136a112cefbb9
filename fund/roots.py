"""All rates at which dated money balances: every root over a wide range, none lost and none invented."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import exp, expm1, fsum, log, log1p
from operator import mul
from typing import NamedTuple

LOWEST_RATE, HIGHEST_RATE = -0.999999, 1e9
LEFT, RIGHT = log1p(LOWEST_RATE), log1p(HIGHEST_RATE)
NARROWEST = 1e-7
"""An interval of ln(1 + rate) that is not divided further: what touches zero inside is a root met more than once."""

ONE_ROOT = 1e-6
"""Roots nearer to one another than this are one: so fine is nothing that is told of them."""

TOUCH = 1e-12
"""How near to balance, as a difference of logarithms, counts as balance where inflow and outflow only touch."""

NOISE = 1e-14
"""A balance that arithmetic alone can leave."""

MOST_STEPS = 200
"""Steps towards one root; halving alone needs fewer."""

MOST_TERMS = 3_000_000
"""Terms that a search may add up: about a second's work."""


class SearchTooLong(ValueError):  # noqa: N818 - what was asked, not what went wrong
    """The flows change their sign so often that the search for all roots would take too long."""


@dataclass(frozen=True, slots=True)
class _Point:
    """At ``x = ln(1 + rate)``: how far inflow outweighs outflow, and the mean time of either."""

    x: float
    balance: float
    time_in: float
    time_out: float


class _Terms(NamedTuple):
    """Times of money in one direction, and the logarithms of its amounts."""

    times: list[float]
    amounts: list[float]


def _terms(pairs: Iterable[tuple[float, Decimal]]) -> _Terms:
    times, amounts = zip(*pairs, strict=True)
    return _Terms(list(times), [log(amount) for amount in amounts])


class _Search:
    """``h(x) = ln(inflow) - ln(outflow)``, both discounted by ``exp(-x·t)``: a root of the value, safely scaled.

    The derivative is the mean time of the outflow less that of the inflow, and either mean time falls as ``x``
    rises; hence its bounds over an interval are known from the ends, and an interval is settled when the derivative
    keeps its sign there or the value cannot reach zero.
    """

    def __init__(self, amounts: Mapping[float, Decimal]) -> None:
        self.inflow = _terms((time, amount) for time, amount in amounts.items() if amount > 0)
        self.outflow = _terms((time, -amount) for time, amount in amounts.items() if amount < 0)
        self.left_to_add = MOST_TERMS

    def roots(self) -> list[float]:
        found: list[float] = []
        open_intervals = [(self._at(LEFT), self._at(RIGHT))]
        while open_intervals:
            a, b = open_intervals.pop()
            root, halves = self._settle(a, b)
            if root is not None:
                found.append(root)
            open_intervals += reversed(halves)
        return self._told_apart(found)

    def _told_apart(self, found: list[float]) -> list[float]:
        """Each run of roots between which nothing but noise lies as one, at its middle."""
        runs: list[list[float]] = []
        for root in found:
            if runs and self._is_same(runs[-1][-1], root):
                runs[-1].append(root)
            else:
                runs.append([root])
        return [(run[0] + run[-1]) / 2 for run in runs]

    def _is_same(self, first: float, second: float) -> bool:
        return second - first <= ONE_ROOT or abs(self._at((first + second) / 2).balance) <= NOISE

    def _settle(self, a: _Point, b: _Point) -> tuple[float | None, list[tuple[_Point, _Point]]]:
        """The root of an interval, if it has one that is certain, or its halves, if nothing is certain yet."""
        steepest_down, steepest_up = b.time_out - a.time_in, a.time_out - b.time_in
        if steepest_down >= 0 or steepest_up <= 0:
            return self._crossing(a, b), []
        middle = self._at((a.x + b.x) / 2)
        half = (b.x - a.x) / 2
        if abs(middle.balance) > half * max(steepest_up, -steepest_down):
            return None, []
        if b.x - a.x <= NARROWEST:
            touches = a.balance * b.balance <= 0 or abs(middle.balance) <= TOUCH
            return (middle.x if touches else None), []
        return None, [(a, middle), (middle, b)]

    def _crossing(self, a: _Point, b: _Point) -> float | None:
        """Where the value, which only rises or only falls here, is zero."""
        if a.balance == 0:
            return a.x
        if b.balance == 0:
            return b.x
        if (a.balance > 0) == (b.balance > 0):
            return None
        best = min(a, b, key=lambda point: abs(point.balance))
        for _ in range(MOST_STEPS):
            x = _nearer(a, b, best)
            if x in (a.x, b.x, best.x):
                break
            best = self._at(x)
            if best.balance == 0:
                return x
            a, b = (best, b) if (best.balance > 0) == (a.balance > 0) else (a, best)
        return best.x

    def _at(self, x: float) -> _Point:
        self.left_to_add -= len(self.inflow.times) + len(self.outflow.times)
        if self.left_to_add < 0:
            raise SearchTooLong
        value_in, time_in = _weighed(self.inflow, x)
        value_out, time_out = _weighed(self.outflow, x)
        return _Point(x, value_in - value_out, time_in, time_out)


def _nearer(a: _Point, b: _Point, best: _Point) -> float:
    """The next guess: along the slope where that stays between ``a`` and ``b``, else the middle of both."""
    slope = best.time_out - best.time_in
    x = best.x - best.balance / slope if slope else a.x
    return x if a.x < x < b.x else (a.x + b.x) / 2


def _weighed(terms: _Terms, x: float) -> tuple[float, float]:
    """Logarithm of the discounted sum, and the mean time by discounted weight."""
    exponents = [amount - x * time for time, amount in zip(terms.times, terms.amounts, strict=True)]
    highest = max(exponents)
    weights = [exp(exponent - highest) for exponent in exponents]
    whole = fsum(weights)
    return highest + log(whole), fsum(map(mul, weights, terms.times)) / whole


def rates_of_return(amounts: Mapping[float, Decimal]) -> list[float]:
    """Every rate above -99.9999 % and up to 10⁹ at which the amounts, by time in years, add up to nothing.

    Lowest first. Nothing when all amounts have one sign, or all fall on one time.

    Raises:
        SearchTooLong: see there.
    """
    kept = {time: amount for time, amount in amounts.items() if amount}
    if len(kept) < 2 or min(kept.values()) > 0 or max(kept.values()) < 0:
        return []
    return [expm1(x) for x in _Search(kept).roots()]

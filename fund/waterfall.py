"""The waterfall of a whole fund: capital back, preferred return, catch-up, carried interest."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

PLACES = Decimal("0.000001")
DIGITS = 60
"""Digits that are carried: amounts of 18 digits over a century keep their sixth decimal."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the charter says: ``hurdle`` compounds yearly, ``catch_up`` is the manager's part of that tier."""

    hurdle: Decimal
    catch_up: Decimal
    carry: Decimal


@dataclass(frozen=True, slots=True)
class Tier:
    """What one tier gives to the investors (``lp``) and to the manager (``gp``)."""

    name: str
    lp: Decimal
    gp: Decimal


def pour(terms: Terms, *, contributed: Decimal, years: Decimal, proceeds: Decimal) -> list[Tier]:
    """The four tiers in order, to six decimals; they add up to ``proceeds``, which has no more."""
    with localcontext() as context:
        context.prec = DIGITS
        preferred = contributed * (1 + terms.hurdle) ** years - contributed
        exact, left = [], proceeds
        for name, size, gp_part in _sizes(terms, contributed, preferred):
            taken = left if size is None else min(left, size)
            exact.append((name, taken, taken * gp_part))
            left -= taken
        return _rounded(exact)


def _sizes(terms: Terms, contributed: Decimal, preferred: Decimal) -> list[tuple[str, Decimal | None, Decimal]]:
    """Each tier's size (``None``: all that is left) and the manager's part of it."""
    return [
        ("capital", contributed, Decimal(0)),
        ("preferred", preferred, Decimal(0)),
        ("catch_up", _catch_up(terms, preferred), terms.catch_up),
        ("carry", None, terms.carry),
    ]


def _catch_up(terms: Terms, preferred: Decimal) -> Decimal | None:
    """Until the manager has its carry of all profit: ``u·x = c·(p + x)``; it never gets there when ``u ≤ c``."""
    if terms.catch_up == 0 or terms.carry == 0:
        return Decimal(0)
    if preferred == 0:
        return Decimal(0)
    if terms.catch_up <= terms.carry:
        return None
    return terms.carry * preferred / (terms.catch_up - terms.carry)


def _rounded(exact: list[tuple[str, Decimal, Decimal]]) -> list[Tier]:
    """Rounded as running sums, so that the tiers add up to what the investors and the manager get."""
    tiers = []
    whole = whole_gp = Decimal(0)
    before = before_gp = Decimal(0)
    for name, taken, gp in exact:
        whole, whole_gp = whole + taken, whole_gp + gp
        now = whole.quantize(PLACES, ROUND_HALF_EVEN)
        now_gp = whole_gp.quantize(PLACES, ROUND_HALF_EVEN)
        tiers.append(Tier(name, lp=(now - before) - (now_gp - before_gp), gp=now_gp - before_gp))
        before, before_gp = now, now_gp
    return tiers

"""The rent schedule of a whole term: a line for each calendar month and each change of price or relief within it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from parks.escalation import Escalation, Price, prices_of
from parks.terms import DAY, Term, add_months, days_in_month, month_starts, round_half_up

RELIEF_KINDS = ("statutory", "programme")
"""In the order of the law: the statutory relief comes off first, a programme's off what is left."""


@dataclass(frozen=True, slots=True)
class Relief:
    """A part of the premises rent that is not charged while the relief is valid; service and utilities are."""

    kind: str
    rate: Fraction
    from_on: date | None = None
    to_on: date | None = None
    evidence: str = ""

    def is_valid_on(self, day: date) -> bool:
        return (self.from_on is None or self.from_on <= day) and (self.to_on is None or day <= self.to_on)


@dataclass(frozen=True, slots=True)
class Charges:
    """What a tenant owes a month before relief and tax; ``vat`` as a fraction of one."""

    monthly: Fraction
    service_vnd: Fraction = Fraction(0)
    vat: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Line:
    """Some days of one calendar month at one price, each amount rounded half up to the đồng."""

    from_on: date
    to_on: date
    monthly: Fraction
    rent: int
    statutory: int
    programme: int
    service: int
    vat: int
    is_provisional: bool

    @property
    def relief(self) -> int:
        return self.statutory + self.programme

    @property
    def total(self) -> int:
        return self.rent - self.relief + self.service + self.vat


def schedule(
    term: Term,
    charges: Charges,
    *,
    escalation: Escalation | None = None,
    reliefs: Sequence[Relief] = (),
    window: Term | None = None,
) -> list[Line]:
    """The lines of a term, in order and without gaps; with a ``window`` only those that begin in it.

    Raises:
        IndexBeginsLate: the index of the escalation has no value to compare with.
    """
    prices = prices_of(term, charges.monthly, escalation or Escalation())
    lines, place = [], 0
    for part in _parts(term, prices, reliefs, window):
        while place + 1 < len(prices) and prices[place + 1].from_on <= part.starts_on:
            place += 1
        lines.append(_line(part, prices[place], charges, reliefs))
    return lines


def _parts(
    term: Term, prices: Sequence[Price], reliefs: Sequence[Relief], window: Term | None = None
) -> Iterator[Term]:
    """The term divided where a month, a price or a relief begins or ends; of a window no month but its own is cut."""
    reach = term if window is None else _reach(term, window)
    if reach is None:
        return
    cuts = {term.starts_on, *month_starts(reach), *(price.from_on for price in prices)}
    if reach.starts_on.day == 1:
        cuts.add(reach.starts_on)
    for relief in reliefs:
        cuts |= {relief.from_on or term.starts_on, relief.to_on + DAY if relief.to_on else term.starts_on}
    begins = sorted(day for day in cuts if day in reach)
    for begin, following in pairwise([*begins, reach.ends_on + DAY]):
        if window is None or begin in window:
            yield Term(begin, following - DAY)


def _reach(term: Term, window: Term) -> Term | None:
    """What of a term lies from the first day of a window to the end of its last month."""
    starts_on = max(term.starts_on, window.starts_on)
    ends_on = min(term.ends_on, add_months(window.ends_on.replace(day=1), 1) - DAY)
    return Term(starts_on, ends_on) if starts_on <= ends_on else None


def _line(part: Term, price: Price, charges: Charges, reliefs: Sequence[Relief]) -> Line:
    share = Fraction(part.days, days_in_month(part.starts_on))
    rent = round_half_up(price.monthly * share)
    statutory = round_half_up(rent * _rate("statutory", part.starts_on, reliefs))
    programme = round_half_up((rent - statutory) * _rate("programme", part.starts_on, reliefs))
    service = round_half_up(charges.service_vnd * share)
    return Line(
        part.starts_on,
        part.ends_on,
        monthly=price.monthly,
        rent=rent,
        statutory=statutory,
        programme=programme,
        service=service,
        vat=round_half_up((rent - statutory - programme + service) * charges.vat),
        is_provisional=price.is_provisional,
    )


def _rate(kind: str, day: date, reliefs: Sequence[Relief]) -> Fraction:
    """Reliefs of one kind do not add up: the best one counts."""
    return max((one.rate for one in reliefs if one.kind == kind and one.is_valid_on(day)), default=Fraction(0))

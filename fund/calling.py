"""Which calls are paid by what was paid: the oldest call first; and what comes on top for paying late; pure."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Parts = Mapping[str, int]
"""Amounts by contributor."""

BASIS = 10_000
DAYS_OF_YEAR = 365


def owed_of_calls(calls: Sequence[Parts], owed: Parts) -> list[dict[str, int]]:
    """What is still owed of each call, oldest first, when payments go to the oldest: the newest stay open."""
    left = dict(owed)
    found: list[dict[str, int]] = []
    for parts in reversed(calls):
        open_parts = {who: min(part, left.get(who, 0)) for who, part in parts.items()}
        for who, part in open_parts.items():
            left[who] = left.get(who, 0) - part
        found.append({who: part for who, part in open_parts.items() if part})
    return found[::-1]


@dataclass(frozen=True, slots=True)
class Part:
    """What one contributor owes of one call from its due day on."""

    due_on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment on its day."""

    on: date
    amount: int


@dataclass(frozen=True, slots=True)
class Settled:
    """A stretch of a part: so much was paid on that day, or is not paid yet."""

    amount: int
    paid_on: date | None


def settle_parts(parts: Sequence[Part], payments: Iterable[Paid]) -> list[list[Settled]]:
    """Payments laid over the parts of one contributor, both the oldest first."""
    money = deque(payments)
    found = []
    for part in parts:
        open_amount, stretches = part.amount, []
        while open_amount and money:
            paid = money.popleft()
            used = min(open_amount, paid.amount)
            stretches.append(Settled(used, paid.on))
            open_amount -= used
            if paid.amount > used:
                money.appendleft(Paid(paid.on, paid.amount - used))
        found.append([*stretches, *([Settled(open_amount, None)] if open_amount else [])])
    return found


def late_interest(due_on: date, stretches: Iterable[Settled], rate_bps: int, *, until: date) -> int:
    """Simple interest for each day after the due day until it was paid, or until ``until``; rounded down once."""
    weighted = sum(stretch.amount * max(0, ((stretch.paid_on or until) - due_on).days) for stretch in stretches)
    return weighted * rate_bps // (BASIS * DAYS_OF_YEAR)

"""The limits that a deal has to keep, as exact sums of whole đồng: money, one company, its share, loss, no breach."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from foundation.errors import Reason

BREACH, UNFUNDED, CONCENTRATION, COMPANY_SHARE, LOSS = "breach", "unfunded", "concentration", "company_share", "loss"
LIMITS = (BREACH, UNFUNDED, CONCENTRATION, COMPANY_SHARE, LOSS)


@dataclass(frozen=True, slots=True)
class Holding:
    """What the fund bought of a company before: its part when it was bought, and what it paid."""

    paid: int
    share: Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the books when a deal is looked at; ``promised`` is the money of deals approved and not paid."""

    charter: int
    callable_money: int
    promised: int
    losses: int
    is_in_breach: bool
    held: Sequence[Holding] = ()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the terms of the fund allow, in percent; ``None`` is no limit."""

    loss: int | None = None
    concentration: int | None = None
    company_share: int | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One limit: what would be reached and the most that is allowed, in đồng or, of the company's share, as a part.

    ``most`` is ``None`` where there is no limit, ``reached`` where it is not known yet or is no amount.
    """

    limit: str
    reached: Fraction | None = None
    most: Fraction | None = None
    is_kept: bool = True

    @property
    def reason(self) -> Reason:
        """Why the deal cannot go on when this limit is not kept."""
        if self.limit == BREACH:
            return Reason("deal_fund_in_breach")
        if self.limit == COMPANY_SHARE:
            return Reason("deal_company_share", {"reached": percent(self.reached), "most": percent(self.most)})
        facts = {"reached_vnd": int(self.reached or 0), "most_vnd": max(0, int(self.most or 0))}
        return Reason(f"deal_{self.limit}", facts)


def percent(share: Fraction | None) -> str:
    """A part of the whole in percent with two decimals, rounded up."""
    hundredths = -(-(share or Fraction(0)) * 10_000 // 1)
    return f"{hundredths // 100}.{hundredths % 100:02}"


def examine_deal(amount: int, pre_money: int | None, standing: Standing, allowed: Allowance) -> list[Finding]:
    """Every limit on one deal, in the order of :data:`LIMITS`; an unknown pre-money value leaves the share open."""
    return [
        Finding(BREACH, is_kept=not standing.is_in_breach),
        _judged(UNFUNDED, Fraction(amount), Fraction(standing.callable_money - standing.promised)),
        _of_charter(CONCENTRATION, amount + sum(one.paid for one in standing.held), standing, allowed.concentration),
        _share(amount, pre_money, standing, allowed.company_share),
        _of_charter(LOSS, amount + standing.losses, standing, allowed.loss),
    ]


def broken(findings: Sequence[Finding]) -> Iterator[Reason]:
    return (one.reason for one in findings if not one.is_kept)


def share_after(amount: int, pre_money: int, held: Sequence[Holding]) -> Fraction:
    """The part of the company after the money came in: what is bought, and what was held before, diluted by it."""
    after = amount + pre_money
    return Fraction(amount, after) + sum((one.share for one in held), Fraction(0)) * Fraction(pre_money, after)


def _share(amount: int, pre_money: int | None, standing: Standing, allowed: int | None) -> Finding:
    if pre_money is None:
        return Finding(COMPANY_SHARE, most=_part(allowed))
    return _judged(COMPANY_SHARE, share_after(amount, pre_money, standing.held), _part(allowed))


def _of_charter(limit: str, amount: int, standing: Standing, allowed: int | None) -> Finding:
    part = _part(allowed)
    return _judged(limit, Fraction(amount), None if part is None else part * standing.charter)


def _part(allowed: int | None) -> Fraction | None:
    return None if allowed is None else Fraction(allowed, 100)


def _judged(limit: str, reached: Fraction, most: Fraction | None) -> Finding:
    return Finding(limit, reached, most, is_kept=most is None or reached <= most)

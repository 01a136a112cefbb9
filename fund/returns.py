"""What an investment returned: its rate, or why it has none, and its multiples."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from fund.flows import Course, Flow, added_up
from fund.roots import SearchTooLong, rates_of_return

NONE_ONE_SIGN, NONE_ONE_DAY = "no_rate_one_sign", "no_rate_one_day"
NONE_IN_RANGE, SEVERAL, TOO_LONG = "no_rate_in_range", "several_rates", "rates_not_searched"

RATIO_PLACES = Decimal("0.0000000001")
DIGITS = 100
"""Digits that are carried: the largest amounts over the smallest divisors keep their tenth decimal."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate of return per year (or period); ``value`` is ``None``, never 0, where ``note`` says why."""

    value: float | None
    note: str | None
    roots: Sequence[float]


@dataclass(frozen=True, slots=True)
class Multiples:
    """Quotients to ten decimals; ``dpi + rvpi == tvpi`` exactly; ``None`` where nothing was paid in (committed)."""

    paid_in: Decimal
    distributed: Decimal
    dpi: Decimal | None
    rvpi: Decimal | None
    tvpi: Decimal | None
    pic: Decimal | None


def rate_of(flows: Sequence[Flow]) -> Rate:
    """The one rate at which the flows balance; with none or several, the reason and what was found."""
    amounts = {time: amount for time, amount in added_up(flows).items() if amount}
    if not amounts or min(amounts.values()) > 0 or max(amounts.values()) < 0:
        is_one_day = any(flow.amount > 0 for flow in flows) and any(flow.amount < 0 for flow in flows)
        return Rate(None, NONE_ONE_DAY if is_one_day and len(amounts) < 2 else NONE_ONE_SIGN, ())
    try:
        roots = rates_of_return(amounts)
    except SearchTooLong:
        return Rate(None, TOO_LONG, ())
    if len(roots) == 1:
        return Rate(roots[0], None, roots)
    return Rate(None, SEVERAL if roots else NONE_IN_RANGE, roots)


def rate_of_course(course: Course) -> Rate:
    """The rate of the flows with what is left as the last of them."""
    return rate_of([*course.flows, Flow(course.end, course.nav)])


def multiples(course: Course, commitment: Decimal | None = None) -> Multiples:
    """Paid in and distributed, and their quotients."""
    with localcontext() as context:
        context.prec = DIGITS
        paid_in = -sum((flow.amount for flow in course.flows if flow.amount < 0), Decimal(0))
        distributed = sum((flow.amount for flow in course.flows if flow.amount > 0), Decimal(0))
        dpi, tvpi = _quotient(distributed, paid_in), _quotient(distributed + course.nav, paid_in)
        return Multiples(
            paid_in=paid_in,
            distributed=distributed,
            dpi=dpi,
            rvpi=None if dpi is None or tvpi is None else tvpi - dpi,
            tvpi=tvpi,
            pic=None if commitment is None else _quotient(paid_in, commitment),
        )


def _quotient(part: Decimal, whole: Decimal) -> Decimal | None:
    return (part / whole).quantize(RATIO_PLACES) if whole else None

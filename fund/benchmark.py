"""An investment held against a public index: the public-market equivalents and direct alpha."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from fund.flows import Course, Flow
from fund.returns import DIGITS, RATIO_PLACES, Rate, rate_of


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The equivalents; ``None`` where a divisor is nothing.

    ``ln_pme`` and ``pme_plus`` are rates of the investment in the index instead, ``direct_alpha`` the rate of the
    flows in units of the index (per year, arithmetic). ``ln_nav`` is what the index investment would hold at the end,
    ``scale`` what distributions are multiplied with so that it holds the same as the fund.
    """

    ks_pme: Decimal | None
    ln_pme: Rate
    ln_nav: Decimal
    pme_plus: Rate | None
    scale: Decimal | None
    direct_alpha: Rate


def compare(course: Course) -> Benchmark:
    """Hold a course with an index against it."""
    with localcontext() as context:
        context.prec = DIGITS
        grown = [
            Flow(flow.time, flow.amount * factor) for flow, factor in zip(course.flows, _growth(course), strict=True)
        ]
        paid_in = -sum((flow.amount for flow in grown if flow.amount < 0), Decimal(0))
        distributed = sum((flow.amount for flow in grown if flow.amount > 0), Decimal(0))
        left = Flow(course.end, course.nav)
        ln_nav = paid_in - distributed
        scale = (paid_in - course.nav) / distributed if distributed else None
        return Benchmark(
            ks_pme=((distributed + course.nav) / paid_in).quantize(RATIO_PLACES) if paid_in else None,
            ln_pme=rate_of([*course.flows, Flow(course.end, ln_nav)]),
            ln_nav=ln_nav,
            pme_plus=None if scale is None else rate_of([*_scaled(course.flows, scale), left]),
            scale=scale,
            direct_alpha=rate_of([*grown, left]),
        )


def _growth(course: Course) -> list[Decimal]:
    """What one unit at each flow has become in the index by the end."""
    if course.index_end is None or len(course.index) != len(course.flows):
        raise ValueError("the index has a value at each flow and at the end")
    return [course.index_end / value for value in course.index]


def _scaled(flows: Sequence[Flow], scale: Decimal) -> list[Flow]:
    return [flow if flow.amount < 0 else Flow(flow.time, flow.amount * scale) for flow in flows]

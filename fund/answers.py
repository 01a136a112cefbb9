"""Results of the calculators as programs get them."""

from collections.abc import Sequence
from decimal import Decimal, localcontext
from typing import Any

from foundation.decimals import write_decimal, write_rate
from foundation.errors import Reason
from foundation.reasons import sentence_of
from fund.benchmark import Benchmark
from fund.ceiling import Finding
from fund.returns import DIGITS, RATIO_PLACES, Multiples, Rate
from fund.waterfall import Tier


def ceiling_facts(finding: Finding) -> dict[str, Any]:
    """The answer on a ceiling, without the ceiling itself."""
    cure = finding.cure
    return {
        "allowed": finding.is_allowed,
        "share": finding.share,
        "city_max": str(finding.city_max),
        "private_min": _or_none(finding.private_min),
        "cure": {"private_top_up": _or_none(cure.private_top_up), "city_reduction": str(cure.city_reduction)},
        "breaches": [{"code": code, "detail": sentence_of(Reason(code))} for code in finding.breaches],
    }


def waterfall_facts(tiers: Sequence[Tier]) -> dict[str, Any]:
    return {
        "lp": write_decimal(sum((tier.lp for tier in tiers), Decimal(0))),
        "gp": write_decimal(sum((tier.gp for tier in tiers), Decimal(0))),
        "tiers": [{"tier": one.name, "lp": write_decimal(one.lp), "gp": write_decimal(one.gp)} for one in tiers],
    }


def performance_facts(rate: Rate, figures: Multiples, benchmark: Benchmark | None, *, is_dated: bool) -> dict[str, Any]:
    """The answer on flows; figures of the comparison only with an index."""
    name = "xirr" if is_dated else "irr"
    return {
        name: rate_text(rate),
        f"{name}_note": note_of(rate),
        "reason": rate.note,
        "roots": [write_rate(root) for root in rate.roots],
        "paid_in": write_decimal(figures.paid_in),
        "distributed": write_decimal(figures.distributed),
        "dpi": _ratio(figures.dpi),
        "rvpi": _ratio(figures.rvpi),
        "tvpi": _ratio(figures.tvpi),
        "moic": _ratio(figures.tvpi),
        "pic": _ratio(figures.pic),
        **(benchmark_facts(benchmark) if benchmark else {}),
    }


def benchmark_facts(benchmark: Benchmark) -> dict[str, Any]:
    rates = {
        "ln_pme": benchmark.ln_pme,
        "pme_plus": benchmark.pme_plus,
        "direct_alpha": benchmark.direct_alpha,
    }
    return {
        "ks_pme": _ratio(benchmark.ks_pme),
        "ln_pme_nav": _ratio(benchmark.ln_nav),
        "pme_plus_scale": _ratio(benchmark.scale),
        **{name: rate_text(rate) for name, rate in rates.items()},
        "pme_notes": {name: note_of(rate) for name, rate in rates.items() if rate is not None and rate.note},
    }


def rate_text(rate: Rate | None) -> str | None:
    return None if rate is None or rate.value is None else write_rate(rate.value)


def note_of(rate: Rate) -> str | None:
    """Why there is no single rate, as a sentence."""
    return sentence_of(Reason(rate.note)) if rate.note else None


def _ratio(number: Decimal | None) -> str | None:
    if number is None:
        return None
    with localcontext() as context:
        context.prec = DIGITS
        return write_decimal(number.quantize(RATIO_PLACES))


def _or_none(amount: int | None) -> str | None:
    return None if amount is None else str(amount)

"""The results of a fund as they are told to programs."""

from typing import Any

from foundation.errors import Reason
from foundation.reasons import sentence_of
from fund.answers import benchmark_facts, performance_facts
from fund.benchmark import Benchmark
from fund.models import Valuation
from fund.quarters import Quarter
from fund.queries.results import FundResults
from fund.results import Results

COMPARED = ("ks_pme", "ln_pme", "ln_pme_nav", "pme_plus", "pme_plus_scale", "direct_alpha")


def results_facts(results: Results) -> dict[str, Any]:
    """The figures of an investment; each has its name even where it is not known."""
    worth = results.worth
    return {
        **performance_facts(results.rate, results.multiples, None, is_dated=True),
        "nav": None if worth.amount is None else str(worth.amount),
        "nav_on": worth.on,
        "nav_note": _said(worth.note),
        "valued_on": worth.valued_on,
        "carried_on": worth.is_carried_on,
        **_compared(results.benchmark),
        "pme_note": _said(results.benchmark_note),
    }


def fund_facts(found: FundResults, fund: str) -> dict[str, Any]:
    return {
        "fund": fund,
        "as_of": found.moment.as_of,
        "known_on": found.moment.known_on,
        "committed": str(found.committed),
        "index": found.index,
        **results_facts(found.results),
        "positions": [
            {
                "code": one.held.code,
                "company": one.held.company,
                "invested_on": one.held.days[0].on,
                "cost_left": str(one.held.cost_left),
                "realised_gain": None if one.held.realised_gain is None else str(one.held.realised_gain),
                "closed_on": one.held.closed_on,
                **results_facts(one.results),
            }
            for one in found.positions
        ],
        "quarters": [_quarter_facts(quarter) for quarter in found.quarters],
    }


def valuation_facts(one: Valuation) -> dict[str, Any]:
    return {
        "id": one.id,
        "position": one.position,
        "basis": one.basis,
        "valued_on": one.valued_on,
        "amount": str(one.amount_vnd),
        "method": one.method,
        "source": one.source,
        "recorded_at": one.recorded_at,
    }


def _compared(benchmark: Benchmark | None) -> dict[str, Any]:
    facts = benchmark_facts(benchmark) if benchmark else {}
    return {name: facts.get(name) for name in COMPARED} | {"pme_notes": facts.get("pme_notes", {})}


def _quarter_facts(quarter: Quarter) -> dict[str, Any]:
    return {
        "ends_on": quarter.ends_on,
        "paid_in": str(quarter.paid_in_so_far),
        "distributed": str(quarter.distributed_so_far),
        "net": str(quarter.net),
        "nav": None if quarter.nav is None else str(quarter.nav),
    }


def _said(note: str | None) -> str | None:
    return sentence_of(Reason(note)) if note else None

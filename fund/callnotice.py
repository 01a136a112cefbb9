"""The notice of a capital call to one contributor, after ILPA's template: facts for paper and for a spreadsheet."""

from collections.abc import Mapping
from typing import Any

from foundation.money import format_vnd, largest_remainder
from foundation.wording import LANGUAGES
from fund.books import Member
from fund.models import CapitalCall, Fund
from fund.queries.calls import Unfunded

NoticeFacts = Mapping[str, Any]
AMOUNTS = (
    "part",
    "investment",
    "fee",
    "cost",
    "committed",
    "called_before",
    "recallable",
    "unfunded_before",
    "unfunded_after",
    "called_after",
)


def amounts_of_notice(call: CapitalCall, unfunded: Unfunded) -> dict[str, int]:
    """Every amount of the notice, by name."""
    uses = largest_remainder(unfunded.part, [call.investment_vnd, call.fee_vnd, call.cost_vnd])
    investment, fee, cost = uses
    values = {"investment": investment, "fee": fee, "cost": cost}
    return {name: values[name] if name in values else getattr(unfunded, name) for name in AMOUNTS}


def notice_facts(fund: Fund, call: CapitalCall, one: Member, unfunded: Unfunded) -> NoticeFacts:
    """What the letter is set from; amounts are written in each language."""
    issued_on = call.issued_on
    assert issued_on is not None  # noqa: S101 - it is issued: it has its entry
    amounts = amounts_of_notice(call, unfunded)
    return {
        "key": f"{fund.code}-{call.number}",
        "number": f"{call.number}/{issued_on.year}/{fund.code}",
        "unit": fund.name,
        "issued_on": issued_on.isoformat(),
        "due_on": call.due_on.isoformat(),
        "contributor": one.name,
        "contract": one.contract_number,
        "is_city": one.is_city,
        "is_demonstration": fund.is_demonstration,
        "reference": call.reference,
        "total": _in_words(call.amount_vnd),
        "amounts": {name: _in_words(amount) for name, amount in amounts.items()},
        "recipients": [one.name],
    }


def _in_words(amount: int) -> dict[str, str]:
    return {language: format_vnd(amount, language) for language in LANGUAGES}

"""What a lease's contract says: its terms as text in the language of the reader."""

from decimal import Decimal
from typing import Any

from foundation.decimals import write_decimal
from foundation.money import format_vnd
from foundation.wording import in_language
from parks.models import Lease
from parks.rent import Line
from parks.terms import round_half_up

TEMPLATE = "lease.typ"
RISES = {
    "percent": {
        "vi": "tăng {rate} mỗi {months} tháng",
        "en": "rises by {rate} every {months} months",
        "fr": "augmente de {rate} tous les {months} mois",
    },
    "fixed": {
        "vi": "tăng {amount} mỗi {months} tháng",
        "en": "rises by {amount} every {months} months",
        "fr": "augmente de {amount} tous les {months} mois",
    },
    "stepped": {"vi": "theo các bậc đã thỏa thuận", "en": "in agreed steps", "fr": "par paliers convenus"},
    "index": {
        "vi": "theo chỉ số giá tiêu dùng, mỗi {months} tháng",
        "en": "with the consumer price index, every {months} months",
        "fr": "avec l’indice des prix à la consommation, tous les {months} mois",
    },
    "review": {
        "vi": "rà soát giá mỗi {months} tháng",
        "en": "open review every {months} months",
        "fr": "révision négociée tous les {months} mois",
    },
}


def contract_facts(lease: Lease, first: Line, language: str) -> dict[str, Any]:
    """The facts of the template, of a signed lease read with its place and reliefs."""
    return {
        "unit": in_language(lease.operator.name, language),
        "key": lease.key,
        "issued_on": f"{lease.signed_on:%Y-%m-%d}",
        "park": in_language(lease.space.park.name, language),
        "operator": in_language(lease.operator.name, language),
        "tenant": lease.tenant,
        "space": lease.space.code,
        "area": write_decimal(lease.area_m2),
        "confirmation": lease.confirmation,
        **{name: _iso(getattr(lease, name)) for name in ("starts_on", "ends_on", "break_on")},
        "base": format_vnd(round_half_up(lease.base_vnd_m2), language),
        "service": format_vnd(round_half_up(lease.service_vnd_m2), language),
        "monthly": format_vnd(round_half_up(first.monthly), language),
        "vat": _percent(lease.vat),
        "late_rate": _percent(lease.late_rate),
        "escalation": _rise(lease.escalation, language),
        "payment_days": lease.payment_days,
        "deposit": format_vnd(lease.deposit_vnd, language),
        "permitted_use": lease.permitted_use,
        "sublet_rule": lease.sublet_rule,
        "commitments": list(lease.commitments),
        "reliefs": [
            {
                "rate": _percent(one.rate),
                "from_on": _iso(one.from_on),
                "to_on": _iso(one.to_on),
                "source": one.source,
                "evidence": one.evidence,
            }
            for one in lease.reliefs
        ],
    }


def _rise(escalation: dict[str, Any], language: str) -> str:
    words = RISES.get(escalation["kind"])
    if words is None:
        return ""
    return words[language].format(
        rate=_percent(Decimal(escalation.get("rate", "0"))),
        amount=format_vnd(int(escalation.get("amount_vnd", 0)), language),
        months=escalation.get("every_months", ""),
    )


def _percent(rate: Decimal) -> str:
    return f"{write_decimal(rate * 100)} %"


def _iso(day: Any) -> str:
    return "" if day is None else f"{day:%Y-%m-%d}"

"""Leases and their accounts as programs and pages get them."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from foundation.decimals import write_decimal
from parks.models import Lease, OperatorAccount, PaymentRequest, PriceFrame, PriceIndexValue, RequestCorrection
from parks.queries.leases import Account
from parks.reckoning import lines_facts
from parks.tenancy import Index, lines_of, status_of
from parks.tenancyrules import rules_on
from parks.terms import add_months
from parks.vietqr import Transfer, payload

Facts = dict[str, Any]
AS_TEXT = ("area_m2", "base_vnd_m2", "service_vnd_m2", "vat")
AS_DAYS = ("starts_on", "ends_on", "break_on", "signed_on", "terminated_on", "handed_back_on")


def lease_facts(lease: Lease, on: date) -> Facts:
    """A lease that was read with its place."""
    return {
        "key": lease.key,
        "status": status_of(lease, on, rules_on(on)),
        "park": lease.space.park.code,
        "space": lease.space.code,
        "operator": lease.operator.code,
        "tenant": lease.tenant,
        "renews": lease.renews_id is not None,
        "deposit_vnd": str(lease.deposit_vnd),
        **{name: write_decimal(getattr(lease, name)) for name in AS_TEXT},
        **{name: getattr(lease, name) for name in AS_DAYS},
    }


def schedule_facts(lease: Lease, index: Index = ()) -> Facts:
    """The rent of the whole term of a lease that was read with its reliefs, and of the index that it follows."""
    return {"key": lease.key, **lines_facts(lines_of(lease, index=index))}


def account_facts(lease: Lease, account: Account, bank: OperatorAccount | None, on: date) -> Facts:
    return {
        "key": lease.key,
        "requests": [request_facts(one, account.open_of(one, on), bank) for one in account.requests],
        "arrears": _texts(account.arrears(on)),
        "late_interest": str(account.interest(Fraction(lease.late_rate), on)),
        "credit": str(account.settlement.credit_vnd),
        "deposit": str(account.held_vnd),
    }


def request_facts(request: PaymentRequest, open_vnd: int, bank: OperatorAccount | None) -> Facts:
    """A request with what is open of it, and the code that pays that."""
    transfer = Transfer(bank.bank_bin, bank.account_number, open_vnd, request.key) if bank and open_vnd else None
    return {
        "key": request.key,
        **{name: getattr(request, name) for name in ("from_on", "to_on", "issued_on", "due_on", "einvoice_number")},
        **{name: str(getattr(request, f"{name}_vnd")) for name in ("rent", "service", "vat", "total")},
        "relief": str(request.statutory_vnd + request.programme_vnd),
        "corrected": str(request.corrected_vnd),
        "is_hold_over": request.is_hold_over,
        "open": str(open_vnd),
        "payment_code": payload(transfer) if transfer else None,
    }


def frame_facts(frame: PriceFrame) -> Facts:
    return {
        "use": frame.use,
        "lowest_vnd_m2": write_decimal(frame.lowest_vnd_m2),
        "highest_vnd_m2": write_decimal(frame.highest_vnd_m2),
        "valid_from": frame.valid_from,
        "holds_until": add_months(frame.valid_from, rules_on(frame.valid_from).frame_months),
        "reference": frame.reference,
    }


def index_facts(value: PriceIndexValue) -> Facts:
    return {"published_on": value.published_on, "value": write_decimal(value.value), "source": value.source}


def correction_facts(row: RequestCorrection) -> Facts:
    return {
        "amount": str(row.amount_vnd),
        "reason": row.reason,
        "is_stay": row.is_stay,
        "recorded_at": row.recorded_at,
    }


def _texts(sums: Mapping[str, int]) -> dict[str, str]:
    return {name: str(amount) for name, amount in sums.items()}

"""A lease as its days and terms make it: where it stands on a day, what it charges in which month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from typing import Any

from parks.escalation import Escalation
from parks.models import Lease, LeaseRelief
from parks.rent import Charges, Line, Relief, schedule
from parks.tenancyrules import TenancyRules
from parks.terms import DAY, Term, add_months

Index = Sequence[tuple[date, Fraction]]
"""Days of publication with their values, in order."""

STATUSES = ("draft", "signed", "active", "expiring", "holding_over", "ended")


@dataclass(frozen=True, slots=True)
class MonthOfRent:
    """What one calendar month of a lease comes to."""

    from_on: date
    to_on: date
    lines: Sequence[Line]
    is_hold_over: bool = False

    def sum_of(self, name: str) -> int:
        return sum(getattr(line, name) for line in self.lines)


def last_day(lease: Lease) -> date:
    """Of the term as signed, or as ended before."""
    return lease.terminated_on or lease.ends_on


def status_of(lease: Lease, on: date, rules: TenancyRules) -> str:
    """Where a lease stands on a day; nothing of it is stored, so that no two dates contradict."""
    if lease.signed_on is None:
        return "draft"
    if lease.handed_back_on is not None and lease.handed_back_on <= on:
        return "ended"
    if on < lease.starts_on:
        return "signed"
    if on > last_day(lease):
        return "holding_over"
    return "expiring" if on >= add_months(last_day(lease), -rules.renewal_reminder_months) else "active"


@dataclass(frozen=True, slots=True)
class RenewalClock:
    """When a lease's renewal is spoken of, offered, and must have been accepted."""

    remind_on: date
    offer_by: date
    accept_by: date


def renewal_clock(lease: Lease, rules: TenancyRules) -> RenewalClock:
    ends_on = last_day(lease)
    offer_by = add_months(ends_on, -rules.renewal_offer_months)
    return RenewalClock(
        remind_on=add_months(ends_on, -rules.renewal_reminder_months),
        offer_by=offer_by,
        accept_by=offer_by + timedelta(days=rules.renewal_accept_days),
    )


def lines_of(lease: Lease, window: Term | None = None, *, index: Index = ()) -> list[Line]:
    """The rent schedule of the whole term, or of whole months in it, read with its reliefs; none after an early end.

    ``index`` is what the operator entered, for a lease that follows it.
    """
    area = Fraction(lease.area_m2)
    charges = Charges(
        area * Fraction(lease.base_vnd_m2 + lease.land_rent_vnd_m2),
        service_vnd=area * Fraction(lease.service_vnd_m2),
        vat=Fraction(lease.vat),
    )
    return schedule(
        Term(lease.starts_on, last_day(lease)),
        charges,
        escalation=thaw_escalation(lease.escalation, index),
        reliefs=[_relief(row) for row in lease.reliefs],
        window=window,
    )


def months_of(lease: Lease, window: Term | None = None, *, index: Index = ()) -> list[MonthOfRent]:
    """The schedule by calendar months, as it is asked for."""
    return _by_month(lines_of(lease, window, index=index))


def _by_month(found: Sequence[Line], *, is_hold_over: bool = False) -> list[MonthOfRent]:
    by_month = groupby(found, key=lambda line: (line.from_on.year, line.from_on.month))
    months = [list(lines) for _month, lines in by_month]
    return [MonthOfRent(lines[0].from_on, lines[-1].to_on, lines, is_hold_over) for lines in months]


def stay_beyond(lease: Lease, on: date) -> Term | None:
    """The days after its term that a tenant stayed and can be charged for: to the hand-back, or whole months past.

    Whoever signed a renewal does not stay on; that is for the caller to know.
    """
    begins_on = last_day(lease) + DAY
    if lease.handed_back_on is not None and lease.handed_back_on <= on:
        ends_on = lease.handed_back_on
    else:
        ends_on = on.replace(day=1) - DAY
    return Term(begins_on, ends_on) if begins_on <= ends_on else None


def hold_over_months(lease: Lease, stay: Term, rules: TenancyRules, *, index: Index = ()) -> list[MonthOfRent]:
    """What a stay beyond the term comes to: the last rent at the rate of the rules, without reliefs."""
    last = last_day(lease)
    last_month = Term(max(lease.starts_on, last.replace(day=1)), last)
    monthly = lines_of(lease, last_month, index=index)[-1].monthly
    service = Fraction(lease.area_m2) * Fraction(lease.service_vnd_m2)
    charges = Charges(monthly * rules.hold_over_rate, service_vnd=service, vat=Fraction(lease.vat))
    return _by_month(schedule(stay, charges), is_hold_over=True)


def _relief(row: LeaseRelief) -> Relief:
    return Relief(row.kind, Fraction(row.rate), row.from_on, row.to_on, row.evidence)


def freeze_escalation(stated: Mapping[str, Any] | None) -> dict[str, Any]:
    """An escalation as it is stored with a lease: days and numbers as text."""
    if stated is None:
        return {"kind": "none"}
    return {name: _plain(value) for name, value in stated.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [{name: str(part) for name, part in row.items()} for row in value]
    return value if isinstance(value, (int, str)) else str(value)


def thaw_escalation(stored: Mapping[str, Any], index: Index = ()) -> Escalation:
    """As it was stored; an index that was not agreed value by value is the one that is entered."""
    agreed = sorted((date.fromisoformat(row["on"]), Fraction(row["value"])) for row in stored.get("index", ()))
    return Escalation(
        stored["kind"],
        every_months=stored.get("every_months", 0),
        rate=Fraction(stored.get("rate", "0")),
        amount_vnd=int(stored.get("amount_vnd", 0)),
        index=agreed or index,
        agreed={date.fromisoformat(row["on"]): Fraction(row["monthly_vnd"]) for row in stored.get("agreed", ())},
    )

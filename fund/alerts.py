"""What a fund's manager has to see to: a ceiling that is exceeded or near, money overdue, a value grown old."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fund.books import Books
from fund.capital import AFTER_LEAVING, CHARTER_BASE, PAID_BASE, RECEIVABLE, Contributor
from fund.models import CapitalCall
from fund.results import Worth

VALUED_EVERY = timedelta(days=184)
"""Half a year: how often a fund is valued at least; an internal rule."""

BAD, WARNING = "bad", "warning"


@dataclass(frozen=True, slots=True)
class Alert:
    """``kind`` names the sentence, ``facts`` fill it."""

    kind: str
    severity: str
    facts: dict[str, Any]


def alerts_of(books: Books, worth: Worth, not_due: Mapping[int, int], today: date) -> list[Alert]:
    """The worst first; ``not_due`` is what each contributor, by id, was called for and has time to pay yet."""
    found = [*_ceilings(books), *_overdue(books, not_due), *_valuation(worth, today)]
    return sorted(found, key=lambda alert: alert.severity != BAD)


def waiting_calls(calls: Iterable[CapitalCall]) -> list[Alert]:
    """Calls that were prepared and wait for the general meeting and whoever issues them."""
    return [Alert("call_waits", WARNING, {"number": one.number}) for one in calls if one.state == "cap_checked"]


def _ceilings(books: Books) -> list[Alert]:
    exceeded = [base for base in (CHARTER_BASE, PAID_BASE) if not books.book.finding(base).is_allowed]
    alerts = [Alert("ceiling_exceeded", BAD, {"base": base}) for base in exceeded]
    if not exceeded and not books.book.finding(AFTER_LEAVING).is_allowed:
        alerts.append(Alert("ceiling_endangered", WARNING, {}))
    return alerts


def _overdue(books: Books, not_due: Mapping[int, int]) -> list[Alert]:
    alerts = []
    for one in books.contributors:
        late = books.book.of(Contributor(one.code, one.is_city), RECEIVABLE) - not_due.get(one.id, 0)
        if late > 0:
            alerts.append(Alert("payment_overdue", BAD, {"contributor": one.code, "name": one.name, "amount": late}))
    return alerts


def _valuation(worth: Worth, today: date) -> list[Alert]:
    if worth.valued_on is None:
        return [Alert("not_valued", WARNING, {})]
    if worth.amount is None or worth.valued_on + VALUED_EVERY < today:
        return [Alert("value_old", WARNING, {"valued_on": worth.valued_on})]
    return []

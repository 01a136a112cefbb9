"""What a fund's manager has to see to: a ceiling that is exceeded or near, money overdue, a value grown old, a day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fund.books import Books
from fund.capital import AFTER_LEAVING, CHARTER_BASE, PAID_BASE, RECEIVABLE, Contributor
from fund.models import CapitalCall, FundBreach
from fund.results import Worth
from fund.states import CAP_BREACH, IN_WORK

VALUED_EVERY = timedelta(days=184)
"""Half a year: how often a fund is valued at least; an internal rule."""

REVIEW_TOLD, END_TOLD = timedelta(days=90), timedelta(days=365)
"""How long before the interim review and the end of the term their days are told; internal rules."""

BAD, WARNING = "bad", "warning"


@dataclass(frozen=True, slots=True)
class Alert:
    """``kind`` names the sentence, ``facts`` fill it."""

    kind: str
    severity: str
    facts: dict[str, Any]


def alerts_of(books: Books, worth: Worth, not_due: Mapping[int, int], today: date) -> list[Alert]:
    """``not_due`` is what each contributor, by id, was called for and has time to pay yet."""
    return [*_ceilings(books), *_overdue(books, not_due), *_valuation(worth, today)]


def worst_first(alerts: Iterable[Alert]) -> list[Alert]:
    return sorted(alerts, key=lambda alert: alert.severity != BAD)


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


def deadlines(books: Books, breach: FundBreach | None, reviewed_on: date | None, today: date) -> list[Alert]:
    """Days that are near or past: those of a breach that are not met, the interim review, the end of the term."""
    return [
        Alert(kind, BAD if due_on < today else WARNING, {"due_on": due_on})
        for kind, due_on in [*_of_breach(breach), *_of_term(books, reviewed_on, today)]
    ]


def _of_breach(breach: FundBreach | None) -> Iterator[tuple[str, date]]:
    if breach is None:
        return
    if breach.notice_due_on and breach.noticed_on is None:
        yield "breach_notice", breach.notice_due_on
    if breach.plan_due_on and breach.plan_filed_on is None:
        yield "breach_plan", breach.plan_due_on
    if breach.cure_due_on:
        yield "breach_cure", breach.cure_due_on


def _of_term(books: Books, reviewed_on: date | None, today: date) -> Iterator[tuple[str, date]]:
    review_on, ends_on = books.terms.review_on, books.terms.ends_on
    if books.fund.state not in (*IN_WORK, CAP_BREACH):
        return
    is_reviewed = reviewed_on is not None and review_on is not None and reviewed_on > review_on - END_TOLD
    if review_on and not is_reviewed and today >= review_on - REVIEW_TOLD:
        yield "review_due", review_on
    if ends_on and today >= ends_on - END_TOLD:
        yield "term_ends", ends_on

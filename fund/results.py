"""What came of an investment by a day: its cash, what it is still worth, its multiples, its rates."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from fund.benchmark import Benchmark, compare
from fund.courses import Statement, dated_course
from fund.flows import Course
from fund.returns import Multiples, Rate, multiples, rate_of_course

NOT_VALUED, OUTDATED, INDEX_LATE = "fund_not_valued", "fund_value_outdated", "fund_index_begins_late"


@dataclass(frozen=True, slots=True)
class CashDay:
    """What came in from those who invest on a day, and what went out to them, in whole đồng."""

    on: date
    paid_in: int
    distributed: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What is left on day ``on``: the value entered for ``valued_on``, and what came in or went out since.

    ``amount`` is ``None``, never 0, where ``note`` says why it is not known.
    """

    amount: int | None
    on: date | None = None
    valued_on: date | None = None
    note: str | None = None

    @property
    def is_carried_on(self) -> bool:
        return self.amount is not None and self.on != self.valued_on


@dataclass(frozen=True, slots=True)
class Results:
    """The figures of an investment; rates and quotients that need its worth are ``None`` without it."""

    worth: Worth
    rate: Rate
    multiples: Multiples
    benchmark: Benchmark | None
    benchmark_note: str | None = None


IndexValues = Sequence[tuple[date, Decimal]]


def worth_of(values: Sequence[tuple[date, int]], days: Sequence[CashDay]) -> Worth:
    """The latest of some values by day, carried on by the money that moved after it."""
    if not values:
        return Worth(None, note=NOT_VALUED)
    valued_on, amount = max(values)
    since = [day for day in days if day.on > valued_on]
    carried = amount + sum(day.paid_in - day.distributed for day in since)
    if carried < 0:
        return Worth(None, valued_on=valued_on, note=OUTDATED)
    return Worth(carried, since[-1].on if since else valued_on, valued_on)


def results_of(
    days: Sequence[CashDay], worth: Worth, *, committed: int | None = None, index: IndexValues = ()
) -> Results:
    """The figures of cash by day, the first day first, held against an index that reaches back to it."""
    course = _course(days, worth, index if _reaches_back(days, index) else ())
    commitment = None if committed is None else Decimal(committed)
    figures = multiples(course, commitment)
    if worth.amount is None:
        unknown = Rate(None, worth.note, ())
        return Results(worth, unknown, replace(figures, rvpi=None, tvpi=None), None, worth.note)
    benchmark = compare(course) if course.index else None
    return Results(
        worth, rate_of_course(course), figures, benchmark, INDEX_LATE if index and not course.index else None
    )


def _reaches_back(days: Sequence[CashDay], index: IndexValues) -> bool:
    return bool(days and index) and index[0][0] <= days[0].on


def _course(days: Sequence[CashDay], worth: Worth, index: IndexValues) -> Course:
    flows = [
        {"on": day.on, "amount": Decimal(amount)}
        for day in days
        for amount in (-day.paid_in, day.distributed)
        if amount
    ]
    nav = Decimal(worth.amount or 0)
    if not flows:
        return Course((), nav, 0.0)
    index_rows = [{"on": day, "value": value} for day, value in index]
    return dated_course(Statement(flows, nav, worth.on, index_rows))

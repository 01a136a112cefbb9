"""Flows, value left and index as somebody states them, checked as a whole and brought into order of time."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.errors import Invalid, Reason
from fund.flows import Course, Flow, years_between

MOST_FLOWS = 1_000
MOST_INDEX_VALUES = 10_000
Faults = dict[str, list[Reason]]


@dataclass(frozen=True, slots=True)
class Statement:
    """As stated: ``flows`` and ``index`` are rows with an optional day ``on`` and ``amount`` or ``value``."""

    flows: Sequence[Mapping[str, Any]]
    nav: Decimal = Decimal(0)
    nav_on: date | None = None
    index: Sequence[Mapping[str, Any]] = ()

    @property
    def is_dated(self) -> bool:
        return any(row.get("on") is not None for row in self.flows)


def course_of(stated: Statement) -> Course:
    """The course of a statement; flows of equal periods follow one another, dated ones their days.

    The value left stands on its day, without one on that of the last flow. Of periods it stands in the last of the
    index, which may be one after the last flow.

    Raises:
        Invalid: by path as in the API (``flows.3.on``).
    """
    faults = _missing_or_too_many(stated)
    if stated.flows:
        faults = (_dated_faults(stated) if stated.is_dated else _periodic_faults(stated)) | faults
    if faults:
        raise Invalid(faults)
    return dated_course(stated) if stated.is_dated else _periodic(stated)


def _missing_or_too_many(stated: Statement) -> Faults:
    faults: Faults = {}
    if not stated.flows:
        faults["flows"] = [Reason("no_flows")]
    if len(stated.flows) > MOST_FLOWS:
        faults["flows"] = [Reason("too_many_rows", {"limit": MOST_FLOWS})]
    if len(stated.index) > MOST_INDEX_VALUES:
        faults["index"] = [Reason("too_many_rows", {"limit": MOST_INDEX_VALUES})]
    if stated.nav < 0:
        faults["nav"] = [Reason("amount_negative")]
    for number, row in enumerate(stated.index):
        if row["value"] <= 0:
            faults[f"index.{number}.value"] = [Reason("index_not_positive")]
    return faults


def _dated_faults(stated: Statement) -> Faults:
    faults = {
        f"{name}.{number}.on": [Reason("day_missing_here")]
        for name, rows in (("flows", stated.flows), ("index", stated.index))
        for number, row in enumerate(rows)
        if row.get("on") is None
    }
    if faults:
        return faults
    days = [row["on"] for row in stated.flows]
    if stated.nav_on is not None and stated.nav_on < max(days):
        faults["nav_on"] = [Reason("nav_before_last_flow", {"last_on": max(days)})]
    return faults | _index_faults([row["on"] for row in stated.index], min(days))


def _index_faults(index_days: Sequence[date], first: date) -> Faults:
    faults: Faults = {}
    seen: set[date] = set()
    for number, day in enumerate(index_days):
        if day in seen:
            faults[f"index.{number}.on"] = [Reason("day_twice")]
        seen.add(day)
    if index_days and min(index_days) > first:
        faults["index"] = [Reason("index_begins_late", {"first_on": first})]
    return faults


def _periodic_faults(stated: Statement) -> Faults:
    faults: Faults = {}
    if stated.nav_on is not None:
        faults["nav_on"] = [Reason("no_day_among_periods")]
    for number, row in enumerate(stated.index):
        if row.get("on") is not None:
            faults[f"index.{number}.on"] = [Reason("no_day_among_periods")]
    periods = len(stated.flows)
    if stated.index and len(stated.index) not in (periods, periods + 1):
        faults["index"] = [Reason("index_of_other_length", {"rows": len(stated.index), "periods": periods})]
    return faults


def dated_course(stated: Statement) -> Course:
    """The course of flows that all have a day, of which nothing is checked; the index reaches back to the first."""
    rows = sorted(stated.flows, key=lambda row: row["on"])
    first, last = rows[0]["on"], stated.nav_on or rows[-1]["on"]
    values = sorted(((row["on"], row["value"]) for row in stated.index), key=lambda pair: pair[0])
    days = [day for day, _ in values]

    def value_at(day: date) -> Decimal:
        """The latest value by that day: markets are closed on some."""
        return Decimal(values[bisect_right(days, day) - 1][1])

    return Course(
        flows=[Flow(years_between(first, row["on"]), row["amount"]) for row in rows],
        nav=stated.nav,
        end=years_between(first, last),
        index=[value_at(row["on"]) for row in rows] if values else (),
        index_end=value_at(last) if values else None,
    )


def _periodic(stated: Statement) -> Course:
    values = [row["value"] for row in stated.index]
    periods = len(stated.flows)
    return Course(
        flows=[Flow(float(number), row["amount"]) for number, row in enumerate(stated.flows)],
        nav=stated.nav,
        end=float(max(periods, len(values)) - 1),
        index=values[:periods],
        index_end=values[-1] if values else None,
    )

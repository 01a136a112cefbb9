"""The answers of the calculators of tenancies to questions that are sound in themselves."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from foundation.decimals import write_decimal
from foundation.errors import Invalid, Reason
from parks.escalation import Escalation, IndexBeginsLate
from parks.rent import Charges, Line, Relief, schedule
from parks.terms import Term, round_half_up
from parks.wale import Remaining, average_months, months_left, simple_mean

Question = Mapping[str, Any]
Answer = dict[str, Any]
SUMMED = ("rent", "relief", "service", "vat", "total")
MONTH_PLACES = 4


def answer_rent(asked: Question, today: date) -> Answer:
    """The schedule of a term. Raises Invalid when the index begins after it."""
    charges = Charges(
        Fraction(asked["monthly_vnd"]), Fraction(asked.get("service_vnd", 0)), Fraction(asked.get("vat", 0))
    )
    try:
        lines = schedule(
            Term(asked["starts_on"], asked["ends_on"]),
            charges,
            escalation=escalation_of(asked.get("escalation")),
            reliefs=[relief_of(row) for row in asked.get("reliefs", ())],
        )
    except IndexBeginsLate as fault:
        reason = Reason("rent_index_begins_late", {"starts_on": asked["starts_on"]})
        raise Invalid({"escalation.index": [reason]}) from fault
    return lines_facts(lines)


def escalation_of(stated: Question | None) -> Escalation:
    """How a rent changes, from what was stated of it."""
    if stated is None:
        return Escalation()
    return Escalation(
        stated["kind"],
        every_months=stated.get("every_months", 0),
        rate=Fraction(stated.get("rate", 0)),
        amount_vnd=stated.get("amount_vnd", 0),
        index=sorted((row["on"], Fraction(row["value"])) for row in stated.get("index", ())),
        agreed={row["on"]: Fraction(row["monthly_vnd"]) for row in stated.get("agreed", ())},
    )


def relief_of(stated: Question) -> Relief:
    return Relief(
        stated["kind"],
        Fraction(stated["rate"]),
        from_on=stated.get("from_on"),
        to_on=stated.get("to_on"),
        evidence=stated.get("evidence", ""),
    )


def lines_facts(lines: Sequence[Line]) -> Answer:
    """A schedule as programs get it."""
    return {
        "lines": [_line_facts(line) for line in lines],
        "sums": {name: str(sum(getattr(line, name) for line in lines)) for name in SUMMED},
    }


def _line_facts(line: Line) -> Answer:
    return {
        "from_on": line.from_on,
        "to_on": line.to_on,
        "monthly_vnd": _decimal_text(line.monthly, places=2),
        "statutory_relief": str(line.statutory),
        "programme_relief": str(line.programme),
        "is_provisional": line.is_provisional,
        **{name: str(getattr(line, name)) for name in SUMMED},
    }


def answer_wale(asked: Question, today: date) -> Answer:
    """The weighted mean of the months left. Raises Invalid where a lease has no length or nothing has weight."""
    on = asked.get("on", today)
    leases = [_remaining(row, number, on) for number, row in enumerate(asked["leases"])]
    average, mean = average_months(leases), simple_mean(leases)
    if average is None or mean is None:
        raise Invalid({"leases": ["wale_without_weight"]})
    return {
        "wale_months": _decimal_text(average, places=MONTH_PLACES),
        "mean_months": _decimal_text(mean, places=MONTH_PLACES),
        "total_weight": write_decimal(sum((row["weight"] for row in asked["leases"]), Decimal(0))),
    }


def _remaining(row: Question, number: int, on: date) -> Remaining:
    if "months" in row:
        return Remaining(Fraction(row["weight"]), Fraction(row["months"]))
    if "ends_on" in row:
        return Remaining(Fraction(row["weight"]), months_left(row["ends_on"], on))
    raise Invalid({f"leases.{number}.months": ["wale_lease_without_term"]})


def _decimal_text(number: Fraction, *, places: int) -> str:
    """An exact fraction that is not negative as decimal text, rounded half up."""
    whole, rest = divmod(round_half_up(number * 10**places), 10**places)
    return f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".")


ANSWERS: dict[str, Callable[[Question, date], Answer]] = {"rent": answer_rent, "wale": answer_wale}

"""The answers of the calculators to questions that are sound in themselves."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.errors import Invalid
from fund.answers import ceiling_facts, performance_facts, waterfall_facts
from fund.benchmark import compare
from fund.ceiling import examine
from fund.courses import Statement, course_of
from fund.division import Commitment, divide_call
from fund.returns import multiples, rate_of_course
from fund.statute import ceiling_on
from fund.waterfall import Terms, pour

Question = Mapping[str, Any]
Answer = dict[str, Any]


def answer_ceiling(asked: Question, today: date) -> Answer:
    return ceiling_facts(examine(ceiling_on(today).ceiling, asked["city"], sum(asked["private"])))


def answer_call(asked: Question, today: date) -> Answer:
    """Raises Invalid when nothing was committed."""
    commitments = [Commitment(row["name"], row["amount"], row["public"]) for row in asked["commitments"]]
    total = sum(commitment.amount for commitment in commitments)
    if not total:
        raise Invalid({"commitments": ["nothing_committed"]})
    parts = divide_call(asked["amount"], commitments)
    return {
        "parts": [{"name": one.name, "amount": str(part)} for one, part in zip(commitments, parts, strict=True)],
        "within_commitments": asked["amount"] <= total,
    }


def answer_waterfall(asked: Question, today: date) -> Answer:
    terms = Terms(asked["hurdle"], asked["catch_up"], asked["carry"])
    tiers = pour(terms, contributed=asked["contributed"], years=asked["years"], proceeds=asked["proceeds"])
    return waterfall_facts(tiers)


def answer_performance(asked: Question, today: date) -> Answer:
    """Raises Invalid when flows, value left and index do not go together."""
    stated = Statement(
        flows=asked["flows"],
        nav=asked.get("nav", Decimal(0)),
        nav_on=asked.get("nav_on"),
        index=asked.get("index", ()),
    )
    course = course_of(stated)
    return performance_facts(
        rate_of_course(course),
        multiples(course, asked.get("commitment")),
        compare(course) if stated.index else None,
        is_dated=stated.is_dated,
    )


ANSWERS: dict[str, Callable[[Question, date], Answer]] = {
    "ceiling": answer_ceiling,
    "call": answer_call,
    "waterfall": answer_waterfall,
    "performance": answer_performance,
}

"""What programs send to the calculators of tenancies and get from them: amounts and rates as decimal text."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, validates_schema

from foundation.amounts import CourseDay, Number, WholeVnd
from foundation.errors import Reason
from foundation.schemas import Choice, Day, Flag, Inner, Length, Many, Range, Shape, Text, Whole
from parks.escalation import KINDS, RECURRENT
from parks.rent import RELIEF_KINDS

LONGEST_YEARS = 100
MOST_ROWS = 1_200
SMALLEST_INDEX = Decimal("0.01")
NEEDED = {"percent": ["rate"], "fixed": ["amount_vnd"], "stepped": ["agreed"], "index": ["index"]}
"""What a kind of escalation cannot do without, beside its months."""


def _above_nothing(value: Decimal) -> None:
    """An index of nothing would divide by it; a limit with decimals cannot be written as a number of the document."""
    if value < SMALLEST_INDEX:
        raise ValidationError([Reason("too_small", {"limit": str(SMALLEST_INDEX)})])


class CpiValue(Shape):
    """A value of the consumer price index from its day of publication."""

    on = CourseDay(required=True)
    value = Number(required=True, lowest=0, validate=_above_nothing)


class AgreedRent(Shape):
    """A monthly rent from a day on."""

    on = CourseDay(required=True)
    monthly_vnd = WholeVnd(required=True)


class EscalationStated(Shape):
    """How the rent changes.

    `percent` compounds `rate`, `fixed` adds `amount_vnd`, `index` follows the table `index` and `review` takes the
    results in `agreed`, each `every_months`; `stepped` takes `agreed` on its days.
    """

    needed: ClassVar[Mapping[str, list[str]]] = NEEDED

    kind = Choice(*KINDS, required=True)
    every_months = Whole(validate=Range(min=1, max=1_200))
    rate = Number(lowest=-1, highest=10)
    amount_vnd = WholeVnd()
    index = Many(Inner(CpiValue), validate=Length(max=MOST_ROWS))
    agreed = Many(Inner(AgreedRent), validate=Length(max=MOST_ROWS))

    @validates_schema
    def holds_what_its_kind_needs(self, data: dict[str, Any], **_rest: Any) -> None:
        """Raises ValidationError naming what is missing."""
        needed = [*self.needed.get(data["kind"], ()), *(["every_months"] if data["kind"] in RECURRENT else ())]
        missing = {name: [Reason("required")] for name in needed if data.get(name) in (None, [])}
        if missing:
            raise ValidationError(missing)


class ReliefStated(Shape):
    """A part of the premises rent that is not charged, while it is valid."""

    kind = Choice(*RELIEF_KINDS, required=True)
    rate = Number(required=True, lowest=0, highest=1)
    from_on = CourseDay(data_key="from", allow_none=True)
    to_on = CourseDay(data_key="to", allow_none=True)
    evidence = Text(longest=200)

    @validates_schema
    def ends_after_it_begins(self, data: dict[str, Any], **_rest: Any) -> None:
        """Raises ValidationError where the validity is turned round."""
        begins_on, ends_on = data.get("from_on"), data.get("to_on")
        if begins_on and ends_on and ends_on < begins_on:
            raise ValidationError({"to": [Reason("ends_before_start")]})


class RentQuestion(Shape):
    """A term, the monthly rent at its beginning, and what changes it; rates as fractions of one."""

    starts_on = CourseDay(required=True)
    ends_on = CourseDay(required=True)
    monthly_vnd = Number(required=True, lowest=0, places=6, metadata={"examples": ["30000000"]})
    service_vnd = Number(lowest=0, places=6, metadata={"description": "Service charge a month: without relief"})
    escalation = Inner(EscalationStated, allow_none=True)
    reliefs = Many(Inner(ReliefStated), validate=Length(max=50))
    vat = Number(lowest=0, highest=1)

    @validates_schema
    def has_a_term(self, data: dict[str, Any], **_rest: Any) -> None:
        """Raises ValidationError when the term is turned round or without end."""
        fault = term_fault(data["starts_on"], data["ends_on"])
        if fault:
            raise ValidationError({"ends_on": [fault]})


def term_fault(starts_on: date, ends_on: date) -> Reason | None:
    """What is wrong with the days of a term."""
    if ends_on < starts_on:
        return Reason("ends_before_start")
    if ends_on.year - starts_on.year > LONGEST_YEARS:
        return Reason("term_too_long", {"years": LONGEST_YEARS})
    return None


class RentLine(Shape):
    """Some days of one calendar month at one price; each amount is rounded half up to the đồng."""

    from_on = Day(required=True, data_key="from")
    to_on = Day(required=True, data_key="to")
    monthly_vnd = Text(required=True, metadata={"description": "The monthly price in force"})
    rent = Text(required=True)
    statutory_relief = Text(required=True)
    programme_relief = Text(required=True)
    relief = Text(required=True)
    service = Text(required=True)
    vat = Text(required=True)
    total = Text(required=True)
    is_provisional = Flag(required=True, metadata={"description": "Its index or review is not known yet"})


class RentSums(Shape):
    rent = Text(required=True)
    relief = Text(required=True)
    service = Text(required=True)
    vat = Text(required=True)
    total = Text(required=True)


class RentAnswer(Shape):
    lines = Many(Inner(RentLine), required=True)
    sums = Inner(RentSums, required=True)


class LeaseStated(Shape):
    """A lease by its weight, and by the months it still runs or by its last day."""

    weight = Number(required=True, lowest=0)
    months = Number(lowest=0)
    ends_on = CourseDay()


class WaleQuestion(Shape):
    """Leases weighted by area or by rent; vacant units are left out, leases that are over count nothing."""

    leases = Many(Inner(LeaseStated), required=True, validate=Length(min=1, max=5_000))
    on = CourseDay(metadata={"description": "For leases with `ends_on`: the day to count from"})


class WaleAnswer(Shape):
    wale_months = Text(required=True)
    mean_months = Text(required=True, metadata={"description": "The mean without weights, for comparison"})
    total_weight = Text(required=True)


QUESTIONS: dict[str, type[Shape]] = {"rent": RentQuestion, "wale": WaleQuestion}
"""What each calculator is asked."""

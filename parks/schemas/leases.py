"""Leases as programs send and read them: amounts and rates as decimal text, days in ISO form."""

from collections.abc import Mapping
from typing import ClassVar

from foundation.amounts import CourseDay, Number, WholeVnd
from foundation.api import PageQuery
from foundation.schemas import Choice, Day, Flag, Inner, Instant, Length, Many, Range, Shape, Text, Whole
from parks.models.leases import DEPOSIT_KINDS, RELIEF_KINDS
from parks.schemas.calculators import NEEDED, EscalationStated, RentLine, RentSums
from parks.tenancy import STATUSES


class ReliefGranted(Shape):
    """A relief of the premises rent, with its evidence, the rule behind it and its validity."""

    kind = Choice(*RELIEF_KINDS, required=True)
    rate = Number(required=True, lowest=0, highest=1)
    from_on = CourseDay(required=True, data_key="from")
    to_on = CourseDay(required=True, data_key="to")
    evidence = Text(required=True, longest=500, shortest=1)
    source = Text(required=True, longest=500, shortest=1)


class EscalationAgreed(EscalationStated):
    """How the rent changes, as for the calculator; an `index` without a table follows what the operator enters."""

    needed: ClassVar[Mapping[str, list[str]]] = {kind: names for kind, names in NEEDED.items() if kind != "index"}


class LeaseDrafted(Shape):
    """A lease as agreed; prices are for a square metre and month. With `signed_on` it is signed at once."""

    space = Text(required=True, longest=120)
    tenant = Text(required=True, longest=300, shortest=1)
    organisation = Text(longest=120, metadata={"description": "Code of the tenant’s organisation on this platform"})
    starts_on = CourseDay(required=True)
    ends_on = CourseDay(required=True)
    break_on = CourseDay()
    area_m2 = Number(lowest=0, places=2, metadata={"description": "Without it the whole space"})
    base_vnd_m2 = Number(required=True, lowest=0, places=2)
    service_vnd_m2 = Number(lowest=0, places=2)
    land_rent_vnd_m2 = Number(lowest=0, places=2)
    escalation = Inner(EscalationAgreed)
    vat = Number(lowest=0, highest=1, places=6)
    late_rate = Number(lowest=0, highest=1, places=6, metadata={"description": "A year"})
    payment_days = Whole(validate=Range(min=0, max=90))
    deposit_vnd = WholeVnd()
    permitted_use = Text(longest=1000)
    sublet_rule = Text(longest=1000)
    confirmation = Text(longest=300, metadata={"description": "Number of the letter that the lease rests on"})
    commitments = Many(Text(longest=1000), validate=Length(max=50))
    reliefs = Many(Inner(ReliefGranted), validate=Length(max=20))
    signed_on = CourseDay()
    claim = Text(longest=120, metadata={"description": "Key of the hold or reservation that this lease replaces"})


class SignatureStated(Shape):
    signed_on = CourseDay(required=True)
    claim = Text(longest=120)


class TerminationStated(Shape):
    last_on = CourseDay(required=True, metadata={"description": "Within the term"})


class HandBackStated(Shape):
    on = CourseDay(required=True, metadata={"description": "The last day of the term or later, not ahead of today"})


class RenewalStated(Shape):
    """The other terms stay as they are; a rise by percentage, amount or index goes on."""

    ends_on = CourseDay(required=True)
    base_vnd_m2 = Number(required=True, lowest=0, places=2)


class PaymentStated(Shape):
    received_on = CourseDay(required=True)
    amount_vnd = WholeVnd(required=True)
    reference = Text(required=True, longest=200, shortest=1)


class DepositStated(Shape):
    kind = Choice(*DEPOSIT_KINDS, required=True)
    amount_vnd = WholeVnd(required=True)
    entered_on = CourseDay(required=True)
    reason = Text(required=True, longest=500, shortest=1)


class LeaseQuery(PageQuery):
    park = Text(longest=120)


class LeaseShape(Shape):
    """A lease; its `status` follows from its days."""

    key = Text(required=True)
    status = Choice(*STATUSES, required=True)
    park = Text(required=True)
    space = Text(required=True)
    operator = Text(required=True)
    tenant = Text(required=True)
    renews = Flag(required=True, metadata={"description": "It follows on an earlier lease"})
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    break_on = Day(required=True, allow_none=True)
    signed_on = Day(required=True, allow_none=True)
    terminated_on = Day(required=True, allow_none=True)
    handed_back_on = Day(required=True, allow_none=True)
    area_m2 = Text(required=True)
    base_vnd_m2 = Text(required=True)
    service_vnd_m2 = Text(required=True)
    vat = Text(required=True)
    deposit_vnd = Text(required=True)


class LeasePage(Shape):
    items = Many(Inner(LeaseShape), required=True)
    next_cursor = Text(required=True, allow_none=True)


class LeaseSchedule(Shape):
    """The rent of the whole term, from a line for each month or part of it."""

    key = Text(required=True)
    lines = Many(Inner(RentLine), required=True)
    sums = Inner(RentSums, required=True)


class RequestShape(Shape):
    """A payment request of a month; `payment_code` is what its VietQR code holds."""

    key = Text(required=True)
    from_on = Day(required=True, data_key="from")
    to_on = Day(required=True, data_key="to")
    issued_on = Day(required=True)
    due_on = Day(required=True)
    rent = Text(required=True)
    relief = Text(required=True)
    service = Text(required=True)
    vat = Text(required=True)
    total = Text(required=True)
    corrected = Text(
        required=True, metadata={"description": "What was put right since; asked for is the total and this"}
    )
    is_hold_over = Flag(required=True, metadata={"description": "For a stay after the end of the term"})
    open = Text(required=True)
    einvoice_number = Text(required=True, allow_none=True)
    payment_code = Text(required=True, allow_none=True)


class EinvoiceStated(Shape):
    einvoice_number = Text(required=True, longest=40, shortest=1)


class CorrectionStated(Shape):
    """How much more or less is asked for, and why; the request keeps the amounts that were issued."""

    direction = Choice("less", "more", required=True)
    amount_vnd = WholeVnd(required=True)
    reason = Text(required=True, longest=1000, shortest=1)


class CorrectionShape(Shape):
    amount = Text(required=True, metadata={"description": "Below zero where less is asked for"})
    reason = Text(required=True)
    is_stay = Flag(
        required=True,
        metadata={"description": "Written by the clock for days that the tenant stayed after the last one"},
    )
    recorded_at = Instant(required=True)


class CorrectionList(Shape):
    items = Many(Inner(CorrectionShape), required=True)


class ArrearsShape(Shape):
    """What is due and open, by days since it was due."""

    to_30 = Text(required=True)
    to_60 = Text(required=True)
    to_90 = Text(required=True)
    above_90 = Text(required=True)


class AccountShape(Shape):
    key = Text(required=True)
    requests = Many(Inner(RequestShape), required=True)
    arrears = Inner(ArrearsShape, required=True)
    late_interest = Text(required=True)
    credit = Text(required=True, metadata={"description": "Paid, and not needed by any request yet"})
    deposit = Text(required=True)

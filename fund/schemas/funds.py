"""Funds, their capital and their ledger as programs see them; amounts as text in whole đồng."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from foundation.amounts import CourseDay, WholeVnd
from foundation.api import PageQuery
from foundation.errors import Reason
from foundation.schemas import Choice, Day, Flag, Inner, Instant, Length, Many, Shape, Text, Whole
from fund.capital import ACCOUNTS, BASES
from fund.models.funds import LEGAL_FORMS
from fund.models.ledger import KINDS
from fund.scenario import EVENT_KINDS
from fund.schemas.calculators import CureShape
from fund.states import FUND_STATES

MOST_EVENTS = 100


class Positive(WholeVnd):
    """Whole đồng above zero."""

    def __init__(self, *, is_required: bool = True) -> None:
        super().__init__(required=is_required, metadata={"pattern": "^[1-9][0-9]{0,17}$"})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **rest: Any) -> int:
        amount = super()._deserialize(value, attr, data, **rest)
        if amount == 0:
            raise ValidationError([Reason("too_small", {"limit": 1})])
        return amount


class FundItem(Shape):
    """A fund; `is_demonstration` marks invented ones."""

    code = Text(required=True)
    name = Text(required=True)
    legal_form = Choice(*LEGAL_FORMS, required=True)
    state = Choice(*FUND_STATES, required=True)
    is_demonstration = Flag(required=True)


class FundList(Shape):
    items = Many(Inner(FundItem), required=True)


class MomentQuery(Shape):
    """At which moment: what counts by a day, as far as it was known on a day. Without both, now."""

    as_of = CourseDay()
    known_on = CourseDay()


class BaseShape(Shape):
    """The ceilings on one base. Charter capital decides; `after_withdrawals` is an early warning."""

    base = Choice(*BASES, required=True)
    city = Text(required=True)
    private = Text(required=True)
    share = Text(required=True, metadata={"description": "Six decimals, rounded up"})
    allowed = Flag(required=True)
    city_max = Text(required=True)
    headroom = Text(required=True, metadata={"description": "What the city may still add"})
    cure = Inner(CureShape, required=True)


class PositionShape(Shape):
    """Where a contributor stands."""

    code = Text(required=True)
    name = Text(required=True)
    is_city = Flag(required=True)
    committed = Text(required=True)
    uncalled = Text(required=True)
    receivable = Text(required=True, metadata={"description": "Called and not paid yet"})
    paid_in = Text(required=True)
    leaving = Text(required=True, metadata={"description": "Withdrawals announced"})


class TermsShape(Shape):
    valid_from = Day(required=True)
    city_amount = Text(required=True, allow_none=True)
    share = Text(required=True)
    private_investors = Whole(required=True, allow_none=True)
    notice_working_days = Whole(required=True)
    calls_by_two = Flag(
        required=True, metadata={"description": "Who prepared a call may not issue it: use drafts of calls"}
    )
    loss_percent = Whole(required=True, allow_none=True)
    concentration_percent = Whole(required=True, allow_none=True)
    company_share_percent = Whole(required=True, allow_none=True)
    source = Text(required=True)


class CapitalShape(Shape):
    """The capital of a fund at a moment."""

    fund = Text(required=True)
    is_in_breach = Flag(required=True)
    terms = Inner(TermsShape, required=True)
    bases = Many(Inner(BaseShape), required=True)
    private_investors = Whole(required=True)
    contributors = Many(Inner(PositionShape), required=True)


class ContributorStated(Shape):
    """One who will contribute. Whether it is the city cannot be changed later."""

    code = Text(required=True, longest=40, shortest=1)
    name = Text(required=True, longest=200, shortest=1)
    is_city = Flag(load_default=False)


class Stated(Shape):
    """What every posting says."""

    amount = Positive()
    effective_on = CourseDay(metadata={"description": "Without it, today"})
    reference = Text(longest=500, load_default="")
    restated = Flag(load_default=False, metadata={"description": "Takes the place of an entry that was reversed"})


class PostingStated(Stated):
    contributor = Text(required=True, longest=40)


class UsesStated(Shape):
    """What called money is for; the three add up to the amount."""

    investment = WholeVnd(load_default=0)
    fee = WholeVnd(load_default=0)
    cost = WholeVnd(load_default=0)


class CallStated(Stated):
    """A call on all who committed, in proportion. Without `uses` all of it is for investments."""

    due_on = CourseDay(required=True)
    uses = Inner(UsesStated)


class WithdrawalStated(PostingStated):
    """With `is_notice` it is announced only."""

    is_notice = Flag(load_default=False)


class ReversalStated(Shape):
    reference = Text(required=True, longest=500, shortest=1)
    effective_on = CourseDay()


class LineShape(Shape):
    """Above zero a debit, below a credit."""

    contributor = Text(required=True)
    account = Choice(*ACCOUNTS, required=True)
    amount = Text(required=True)


class EntryShape(Shape):
    """An entry of the ledger; its lines add up to zero."""

    id = Whole(required=True)
    kind = Choice(*KINDS, required=True)
    effective_on = Day(required=True)
    recorded_at = Instant(required=True)
    due_on = Day(required=True, allow_none=True)
    reference = Text(required=True)
    is_restated = Flag(required=True)
    reverses = Whole(required=True, allow_none=True)
    lines = Many(Inner(LineShape), required=True)


class LedgerQuery(PageQuery, MomentQuery):
    """Which entries."""


class LedgerPage(Shape):
    """Entries, the latest first."""

    items = Many(Inner(EntryShape), required=True)
    next_cursor = Text(required=True, allow_none=True)


class EventStated(Shape):
    """Something that may happen. A call and a distribution name no contributor, a default no amount."""

    kind = Choice(*EVENT_KINDS, required=True)
    contributor = Text(longest=40)
    taker = Text(longest=40, metadata={"description": "To whom a transfer goes"})
    amount = Positive(is_required=False)


class ScenarioStated(Shape):
    events = Many(Inner(EventStated), required=True, validate=Length(min=1, max=MOST_EVENTS))


class RefusedReason(Shape):
    code = Text(required=True)
    detail = Text(required=True)


class RefusedEvent(Shape):
    """The first event that would be refused, counted from zero; the others are not looked at."""

    event = Whole(required=True)
    reasons = Many(Inner(RefusedReason), required=True)


class ScenarioAnswer(Shape):
    """The capital now and after the events; nothing is written."""

    now = Inner(CapitalShape, required=True)
    then = Inner(CapitalShape, required=True)
    refused = Inner(RefusedEvent, required=True, allow_none=True)

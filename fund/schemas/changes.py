"""What changes hands later, calls with their uses, and breaches, as programs see them."""

from foundation.amounts import CourseDay
from foundation.schemas import Choice, Day, Flag, Inner, Instant, Many, Shape, Text, Whole
from fund.operations.breaches import WAYS
from fund.schemas.funds import PostingStated, Stated
from fund.states import CALL_STATES


class TransferStated(PostingStated):
    """From `contributor` to `taker`."""

    taker = Text(required=True, longest=40)


class DistributionStated(Stated):
    is_recallable = Flag(load_default=False)


class DefaultStated(Shape):
    contributor = Text(required=True, longest=40)
    effective_on = CourseDay()
    reference = Text(longest=500, load_default="")
    restated = Flag(load_default=False)


class UsesShape(Shape):
    """They add up to the call."""

    investment = Text(required=True)
    fee = Text(required=True)
    cost = Text(required=True)


class CallShape(Shape):
    """A capital call; `entry` is its entry in the ledger once it is issued."""

    number = Whole(required=True)
    state = Choice(*CALL_STATES, required=True)
    amount = Text(required=True)
    uses = Inner(UsesShape, required=True)
    issued_on = Day(required=True, allow_none=True)
    due_on = Day(required=True)
    reference = Text(required=True)
    entry = Whole(required=True, allow_none=True)


class CallList(Shape):
    items = Many(Inner(CallShape), required=True)


class BreachShape(Shape):
    """A ceiling exceeded; its days are the clocks of notice, plan and cure."""

    opened_at = Instant(required=True)
    closed_at = Instant(required=True, allow_none=True)
    notice_due_on = Day(required=True, allow_none=True)
    plan_due_on = Day(required=True, allow_none=True)
    cure_due_on = Day(required=True, allow_none=True)
    noticed_on = Day(required=True, allow_none=True)
    plan_filed_on = Day(required=True, allow_none=True)
    plan = Text(required=True)
    plan_way = Choice(*WAYS, required=True, allow_none=True)


class BreachList(Shape):
    items = Many(Inner(BreachShape), required=True)

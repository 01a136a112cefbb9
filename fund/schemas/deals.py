"""Deals as programs see them; steps are made at the dossier, as for every procedure."""

from foundation.api import PageQuery
from foundation.schemas import Choice, Day, Flag, Inner, Instant, Many, Shape, Text, Whole
from fund.limits import LIMITS
from fund.models.deals import INSTRUMENTS, ORIGINS, VOTES


class DealQuery(PageQuery):
    """Which deals: by stage (a state of the procedure), field, origin, words in title, company or code."""

    stage = Text(longest=120)
    field = Text(longest=120)
    origin = Choice(*ORIGINS)
    q = Text(longest=200)


class DealItem(Shape):
    """A deal; its steps are made at `/cases/{key}/steps`."""

    key = Text(required=True, metadata={"description": "That of its dossier"})
    code = Text(required=True, allow_none=True)
    title = Text(required=True)
    company = Text(required=True)
    stage = Text(required=True)
    since = Instant(required=True)
    due_at = Instant(required=True, allow_none=True)
    field = Text(required=True)
    origin = Choice(*ORIGINS, required=True)
    amount = Text(required=True, metadata={"description": "By the term sheet, before that as asked; whole đồng"})


class DealPage(Shape):
    """Deals, the latest first."""

    items = Many(Inner(DealItem), required=True)
    next_cursor = Text(required=True, allow_none=True)


class LimitShape(Shape):
    """A limit. Amounts are whole đồng; `company_share` is a percentage with two decimals, rounded up."""

    limit = Choice(*LIMITS, required=True)
    reached = Text(required=True, allow_none=True)
    most = Text(required=True, allow_none=True, metadata={"description": "None is no limit"})
    is_kept = Flag(required=True)


class VoteShape(Shape):
    """A vote of the investment body; `instruction` is the digest of the written instruction of the city."""

    round = Whole(required=True)
    member = Text(required=True)
    vote = Choice(*VOTES, required=True)
    reason = Text(required=True)
    is_for_city = Flag(required=True)
    instruction_number = Text(required=True)
    instruction = Text(required=True, allow_none=True)
    cast_at = Instant(required=True)


class TallyShape(Shape):
    round = Whole(required=True)
    entitled = Whole(required=True)
    cast = Whole(required=True)
    in_favour = Whole(required=True)
    is_quorate = Flag(required=True)
    is_carried = Flag(required=True)
    city_voted = Flag(required=True)


class ConditionShape(Shape):
    number = Whole(required=True)
    condition = Text(required=True)
    evidence = Text(required=True)
    met_at = Instant(required=True, allow_none=True)


class HoldingShape(Shape):
    """What the fund holds since the closing."""

    holder_of_record = Text(required=True)
    instrument = Choice(*INSTRUMENTS, required=True)
    paid = Text(required=True)
    invested_on = Day(required=True)
    entry = Whole(required=True, metadata={"description": "The entry of the ledger that paid for it"})


class MissingShape(Shape):
    """A step that the caller may make, with what stands against it now."""

    step = Text(required=True)
    reasons = Many(Text(), required=True)


class DealShape(DealItem):
    """A deal with all that its decision rests on."""

    asked = Text(required=True)
    instrument = Text(required=True, allow_none=True)
    pre_money = Text(required=True, allow_none=True)
    limits = Many(Inner(LimitShape), required=True)
    diligence = Many(Text(), required=True, metadata={"description": "The strands that are recorded"})
    votes = Many(Inner(VoteShape), required=True)
    tally = Inner(TallyShape, required=True)
    conditions = Many(Inner(ConditionShape), required=True)
    holding = Inner(HoldingShape, required=True, allow_none=True)
    steps = Many(Inner(MissingShape), required=True)

"""Rounds of allocation as programs see them: criteria, applications, the proposal and why not, the decision."""

from foundation.schemas import Choice, Day, Flag, Inner, Instant, Many, Shape, Text, Whole
from parks.models.rounds import ANSWERS, SIZES
from parks.models.spaces import USES
from parks.schemas.spaces import Area

OUTCOMES = (
    *("placed", "taken", "unfit", "quota_full", "unneeded", "unknown"),
    *("decided", "given_otherwise", "withheld"),
)
ANSWERED = ("offered", *ANSWERS)


class AllocationRoundShape(Shape):
    """A round; applications are taken until `closes_on`, spaces are given from `starts_on` to `ends_on`."""

    key = Text(required=True)
    park = Text(required=True)
    title = Text(required=True)
    closes_on = Day(required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    needs_admission = Flag(required=True)
    published_at = Instant(required=True)
    decided_at = Instant(required=True, allow_none=True)


class AllocationRoundPage(Shape):
    items = Many(Inner(AllocationRoundShape), required=True)
    next_cursor = Text(required=True, allow_none=True)


class RoundCriterionShape(Shape):
    code = Text(required=True)
    title = Text(required=True)
    weight = Whole(required=True)
    most_points = Whole(required=True)


class RoundQuotaShape(Shape):
    """The most spaces, or the most area, for firms of one size or sector together."""

    dimension = Choice("size", "sector", required=True)
    value = Text(required=True)
    most_spaces = Whole(required=True, allow_none=True)
    most_m2 = Text(required=True, allow_none=True)


class RoundOfferedSpaceShape(Shape):
    """A space of a round; from `settled_at` on the round has no more say in it."""

    code = Text(required=True)
    usable_m2 = Text(required=True, allow_none=True)
    use = Choice(*USES, required=True)
    kept_for = Choice(*SIZES, required=True, allow_none=True)
    settled_at = Instant(required=True, allow_none=True)


class RoundListedShape(Shape):
    """A line of the published list; `override_reason` says why people decided otherwise than proposed."""

    rank = Whole(required=True)
    firm = Text(required=True)
    name = Text(required=True)
    score = Text(required=True)
    space = Text(required=True, allow_none=True)
    answer = Choice(*ANSWERED, required=True, allow_none=True)
    override_reason = Text(required=True, allow_none=True)


class AllocationRoundDetail(AllocationRoundShape):
    criteria = Many(Inner(RoundCriterionShape), required=True)
    quotas = Many(Inner(RoundQuotaShape), required=True)
    spaces = Many(Inner(RoundOfferedSpaceShape), required=True)
    list = Many(Inner(RoundListedShape), required=True, allow_none=True, metadata={"description": "Once it is decided"})


class RoundWordsShape(Shape):
    vi = Text(required=True, shortest=1, longest=200)
    en = Text(required=True, shortest=1, longest=200)
    fr = Text(required=True, shortest=1, longest=200)


class RoundNewCriterionShape(Shape):
    code = Text(required=True, shortest=1, longest=40)
    title = Inner(RoundWordsShape, required=True)
    weight = Whole(required=True, lowest=0, highest=1000)
    most_points = Whole(required=True, lowest=1, highest=1000)


class RoundNewQuotaShape(Shape):
    dimension = Choice("size", "sector", required=True)
    value = Text(required=True, shortest=1, longest=120)
    most_spaces = Whole(required=True, lowest=0)


class RoundNewSpaceShape(Shape):
    code = Text(required=True, shortest=1, longest=120)
    kept_for = Choice(*SIZES)


class NewAllocationRoundShape(Shape):
    """A round as it is published; none of it changes afterwards."""

    title = Inner(RoundWordsShape, required=True)
    closes_on = Day(required=True)
    starts_on = Day(required=True)
    ends_on = Day(required=True)
    needs_admission = Flag(load_default=False)
    criteria = Many(Inner(RoundNewCriterionShape), required=True)
    quotas = Many(Inner(RoundNewQuotaShape), load_default=list)
    spaces = Many(Inner(RoundNewSpaceShape), required=True)


class RoundApplicationShape(Shape):
    """What a firm applies with: codes of spaces, the one it wants most first, and what it needs of a space."""

    organisation = Text(required=True, shortest=1, longest=40)
    admission = Text(longest=40)
    size = Choice(*SIZES, required=True)
    sector = Text(required=True, shortest=1, longest=120)
    preferences = Many(Text(required=True, shortest=1, longest=120), required=True)
    least_m2 = Area(required=True)
    most_m2 = Area()
    use = Choice(*USES)
    power_kw = Area()
    water_m3_day = Area()
    floor_load_kg_m2 = Area()


class RoundAppliedShape(Shape):
    key = Text(required=True)
    round = Text(required=True)
    preferences = Many(Text(required=True), required=True)
    complete_at = Instant(required=True)


class RoundVerdictShape(Shape):
    """What became of one preference: `holder` is who has it instead."""

    space = Text(required=True)
    outcome = Choice(*OUTCOMES, required=True)
    misfits = Many(Text(required=True), required=True)
    holder = Text(required=True, allow_none=True)


class RoundProposedShape(Shape):
    """A firm in the order of the ranking, what it would get, and why not what it wants more."""

    rank = Whole(required=True)
    firm = Text(required=True)
    name = Text(required=True)
    size = Choice(*SIZES, required=True)
    sector = Text(required=True)
    score = Text(required=True)
    complete_at = Instant(required=True)
    space = Text(required=True, allow_none=True)
    override_reason = Text(required=True, allow_none=True)
    why = Many(Inner(RoundVerdictShape), required=True)


class RoundComplaintShape(Shape):
    """Who could rightly complain: the firm wanted the space more, and a lower-ranked firm, or nobody, has it."""

    firm = Text(required=True)
    space = Text(required=True)
    holder = Text(required=True, allow_none=True)


class RoundProposalShape(Shape):
    firms = Many(Inner(RoundProposedShape), required=True)
    complaints = Many(Inner(RoundComplaintShape), required=True)


class RoundPointsShape(Shape):
    code = Text(required=True, shortest=1, longest=40)
    points = Whole(required=True, lowest=0)


class RoundScoreShape(Shape):
    points = Many(Inner(RoundPointsShape), required=True)


class RoundOverrideShape(Shape):
    """What a firm gets whatever the ranking says; no space means that it gets none."""

    space = Text(longest=120)
    reason = Text(required=True, shortest=1, longest=4000)


class RoundDecisionShape(Shape):
    complaints_seen = Whole(load_default=0, lowest=0)


class RoundAnswerShape(Shape):
    accepts = Flag(required=True)


class RoundOfferShape(Shape):
    key = Text(required=True)
    firm = Text(required=True)
    space = Text(required=True)
    offered_at = Instant(required=True)
    expires_at = Instant(required=True)
    answer = Choice(*ANSWERS, required=True, allow_none=True)
    answered_at = Instant(required=True, allow_none=True)

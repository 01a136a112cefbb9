"""What programs send to the calculators and get from them: amounts and rates as decimal text."""

from foundation.amounts import CourseDay, Number, WholeVnd
from foundation.schemas import Choice, Day, Flag, Inner, Length, Many, Shape, Text

MOST_NAMES = 200
TIERS = ("capital", "preferred", "catch_up", "carry")


class Said(Shape):
    code = Text(required=True)
    detail = Text(required=True)


class CeilingQuestion(Shape):
    """Money of the city, and that of each other contributor, in whole đồng."""

    city = WholeVnd(required=True, metadata={"examples": ["600000000000"]})
    private = Many(WholeVnd(), required=True, validate=Length(max=MOST_NAMES))


class CureShape(Shape):
    """Either way alone heals the breach; no top-up does where the city's amount itself is too high."""

    private_top_up = Text(required=True, allow_none=True)
    city_reduction = Text(required=True)


class EnactedCeilingShape(Shape):
    """The ceilings reckoned with, and where they are written."""

    amount = Text(required=True, allow_none=True)
    share = Text(required=True)
    valid_from = Day(required=True)
    source = Text(required=True)


class CeilingAnswer(Shape):
    allowed = Flag(required=True)
    share = Text(required=True, metadata={"description": "Six decimals, rounded up"})
    city_max = Text(required=True, metadata={"description": "The most the city may give beside this private money"})
    private_min = Text(
        required=True, allow_none=True, metadata={"description": "The least private money for this city money"}
    )
    cure = Inner(CureShape, required=True)
    breaches = Many(Inner(Said), required=True)
    ceiling = Inner(EnactedCeilingShape, required=True)


class CommitmentStated(Shape):
    name = Text(required=True, longest=200, shortest=1)
    amount = WholeVnd(required=True)
    public = Flag(load_default=False)


class CallQuestion(Shape):
    """An amount to be called, and who committed how much; order decides between equal remainders."""

    amount = WholeVnd(required=True)
    commitments = Many(Inner(CommitmentStated), required=True, validate=Length(min=1, max=MOST_NAMES))


class CallPart(Shape):
    name = Text(required=True)
    amount = Text(required=True)


class CallAnswer(Shape):
    """The parts add up to the amount; public ones are rounded down."""

    parts = Many(Inner(CallPart), required=True)
    within_commitments = Flag(required=True)


class WaterfallQuestion(Shape):
    """Terms of a whole-fund waterfall; rates as fractions of one."""

    contributed = Number(required=True, lowest=0, places=6)
    years = Number(required=True, lowest=0, highest=100, places=6)
    proceeds = Number(required=True, lowest=0, places=6)
    hurdle = Number(required=True, lowest=0, highest=10)
    catch_up = Number(required=True, lowest=0, highest=1)
    carry = Number(required=True, lowest=0, highest=1)


class TierShape(Shape):
    tier = Choice(*TIERS, required=True)
    lp = Text(required=True)
    gp = Text(required=True)


class WaterfallAnswer(Shape):
    """What the investors (`lp`) and the manager (`gp`) get, to six decimals; together the proceeds."""

    lp = Text(required=True)
    gp = Text(required=True)
    tiers = Many(Inner(TierShape), required=True)


class FlowStated(Shape):
    """Below zero paid in, above zero paid out; without a day the flows are of equal periods."""

    on = CourseDay()
    amount = Number(required=True)


class IndexValue(Shape):
    """A value of the index; between its days the latest counts."""

    on = CourseDay()
    value = Number(required=True)


class PerformanceQuestion(Shape):
    """Flows, the value left with its day, and an index to compare with."""

    flows = Many(Inner(FlowStated), required=True)
    nav = Number(metadata={"description": "Without it nothing is left"})
    nav_on = CourseDay(metadata={"description": "Day of `nav`; without it that of the last flow"})
    index = Many(Inner(IndexValue))
    commitment = Number(lowest=0, metadata={"description": "For the share of it that is paid in (`pic`)"})


class PmeNotes(Shape):
    """Why a rate of the comparison is missing."""

    ln_pme = Text()
    pme_plus = Text()
    direct_alpha = Text()


class PerformanceAnswer(Shape):
    """`xirr` of dated flows, `irr` of periods: missing where there is none or several, said in its note, never 0."""

    xirr = Text(allow_none=True)
    xirr_note = Text(allow_none=True)
    irr = Text(allow_none=True)
    irr_note = Text(allow_none=True)
    reason = Text(required=True, allow_none=True, metadata={"description": "Code of the note"})
    roots = Many(Text(), required=True, metadata={"description": "Every rate at which the flows balance"})
    paid_in = Text(required=True)
    distributed = Text(required=True)
    dpi = Text(required=True, allow_none=True)
    rvpi = Text(required=True, allow_none=True)
    tvpi = Text(required=True, allow_none=True)
    moic = Text(required=True, allow_none=True, metadata={"description": "Of a deal’s gross flows: `tvpi`"})
    pic = Text(required=True, allow_none=True)
    ks_pme = Text(allow_none=True)
    ln_pme = Text(allow_none=True)
    ln_pme_nav = Text()
    pme_plus = Text(allow_none=True)
    pme_plus_scale = Text(allow_none=True)
    direct_alpha = Text(allow_none=True)
    pme_notes = Inner(PmeNotes)


QUESTIONS: dict[str, type[Shape]] = {
    "ceiling": CeilingQuestion,
    "call": CallQuestion,
    "waterfall": WaterfallQuestion,
    "performance": PerformanceQuestion,
}
"""What each calculator is asked."""

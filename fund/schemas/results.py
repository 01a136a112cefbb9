"""Valuations, index values and results of a fund as programs see them; amounts and rates as decimal text."""

from foundation.amounts import CourseDay, Number, WholeVnd
from foundation.api import PageQuery
from foundation.schemas import Choice, Day, Flag, Inner, Instant, Length, Many, Shape, Text, Whole
from fund.models.valuations import BASES, FAIR, METHODS
from fund.schemas.calculators import PmeNotes
from fund.schemas.funds import MomentQuery

MOST_VALUES = 1_000


class ValuationStated(Shape):
    """A value as it was determined. Without `position` it is that of the fund as a whole (net asset value)."""

    amount = WholeVnd(required=True)
    valued_on = CourseDay(required=True)
    method = Choice(*METHODS, required=True)
    source = Text(required=True, longest=500, shortest=1, metadata={"description": "Who valued, and from what"})
    position = Text(longest=40, load_default="")
    basis = Choice(*BASES, load_default=FAIR)


class ValuationShape(Shape):
    """A valuation as it was entered; of one day the one recorded last counts."""

    id = Whole(required=True)
    position = Text(required=True)
    basis = Choice(*BASES, required=True)
    valued_on = Day(required=True)
    amount = Text(required=True)
    method = Choice(*METHODS, required=True)
    source = Text(required=True)
    recorded_at = Instant(required=True)


class ValuationQuery(PageQuery, MomentQuery):
    """Which valuations."""


class ValuationPage(Shape):
    """Valuations, the one recorded last first."""

    items = Many(Inner(ValuationShape), required=True)
    next_cursor = Text(required=True, allow_none=True)


class IndexDay(Shape):
    on = CourseDay(required=True)
    value = Number(required=True, lowest=0)


class IndexStated(Shape):
    """What a public index stood at; of one day the value recorded last counts."""

    index = Text(required=True, longest=40, shortest=1)
    values = Many(Inner(IndexDay), required=True, validate=Length(min=1, max=MOST_VALUES))


class IndexTaken(Shape):
    index = Text(required=True)
    values = Whole(required=True)


class ResultsQuery(MomentQuery):
    """At which moment, and held against which index; without one, the first of which there are values."""

    index = Text(longest=40)


class ResultsShape(Shape):
    """The results of an investment; quotients have ten decimals, and `dpi` + `rvpi` = `tvpi` exactly.

    A rate that does not exist, or is not the only one, is null with its reason and all `roots`.
    """

    xirr = Text(required=True, allow_none=True)
    xirr_note = Text(required=True, allow_none=True)
    reason = Text(required=True, allow_none=True)
    roots = Many(Text(), required=True)
    paid_in = Text(required=True)
    distributed = Text(required=True)
    nav = Text(required=True, allow_none=True)
    nav_on = Day(required=True, allow_none=True)
    nav_note = Text(required=True, allow_none=True)
    valued_on = Day(required=True, allow_none=True)
    carried_on = Flag(required=True, metadata={"description": "Whether money that moved after the valuation is added"})
    dpi = Text(required=True, allow_none=True)
    rvpi = Text(required=True, allow_none=True)
    tvpi = Text(required=True, allow_none=True)
    moic = Text(required=True, allow_none=True)
    pic = Text(required=True, allow_none=True)
    ks_pme = Text(required=True, allow_none=True)
    ln_pme = Text(required=True, allow_none=True)
    ln_pme_nav = Text(required=True, allow_none=True)
    pme_plus = Text(required=True, allow_none=True)
    pme_plus_scale = Text(required=True, allow_none=True)
    direct_alpha = Text(required=True, allow_none=True)
    pme_note = Text(required=True, allow_none=True)
    pme_notes = Inner(PmeNotes, required=True)


class QuarterShape(Shape):
    """A quarter of the J-curve; amounts up to its end."""

    ends_on = Day(required=True)
    paid_in = Text(required=True)
    distributed = Text(required=True)
    net = Text(required=True, metadata={"description": "Distributed less paid in, from the beginning"})
    nav = Text(required=True, allow_none=True)


class PositionResultsShape(ResultsShape):
    """The results of one position, gross; `code` is that of its deal, by which it is valued."""

    code = Text(required=True)
    company = Text(required=True)
    invested_on = Day(required=True)
    cost_left = Text(required=True, metadata={"description": "What was paid for what is still held"})
    realised_gain = Text(required=True, allow_none=True)
    closed_on = Day(required=True, allow_none=True)


class FundResultsShape(ResultsShape):
    """The results of a fund, of which the J-curve tells each quarter."""

    fund = Text(required=True)
    as_of = Day(required=True, allow_none=True)
    known_on = Day(required=True, allow_none=True)
    committed = Text(required=True)
    index = Text(required=True, allow_none=True)
    positions = Many(Inner(PositionResultsShape), required=True)
    quarters = Many(Inner(QuarterShape), required=True)

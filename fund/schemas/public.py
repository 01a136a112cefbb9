"""City money in funds as anybody may read it, and an investor's own place, as programs see them."""

from foundation.schemas import Choice, Day, Flag, Inner, Many, Shape, Text
from fund.models.funds import LEGAL_FORMS
from fund.schemas.results import ResultsShape


class Told(Shape):
    """A field that the public is told; `values` holds lists, `value` all else, null while it is not known."""

    field = Text(required=True)
    title = Text(required=True)
    value = Text(required=True, allow_none=True)
    values = Many(Text(), required=True)


class Withheld(Shape):
    """A field that is withheld as a business secret."""

    field = Text(required=True)
    title = Text(required=True)


class PublicFundItem(Shape):
    code = Text(required=True)
    name = Text(required=True)
    legal_form = Choice(*LEGAL_FORMS, required=True)
    is_demonstration = Flag(required=True)


class PublicFundList(Shape):
    items = Many(Inner(PublicFundItem), required=True)


class PublicFundShape(PublicFundItem):
    """City money in one fund, field by field."""

    valued_on = Day(required=True, allow_none=True)
    told = Many(Inner(Told), required=True)
    withheld = Many(Inner(Withheld), required=True)
    basis = Text(required=True)


class InvestmentShape(ResultsShape):
    """One's own place in a fund. `nav` is the part of the value left, by what each contributor has paid in."""

    fund = Text(required=True)
    contributor = Text(required=True)
    name = Text(required=True)
    committed = Text(required=True)
    uncalled = Text(required=True)
    receivable = Text(required=True)


class InvestmentList(Shape):
    items = Many(Inner(InvestmentShape), required=True)


class LinkStated(Shape):
    """`organisation` is its code; an empty one ends the link."""

    organisation = Text(required=True, longest=40)


class LinkShape(Shape):
    contributor = Text(required=True)
    is_linked = Flag(required=True)

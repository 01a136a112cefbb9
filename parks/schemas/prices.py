"""What an operator states of its prices: frames as registered, and values of the index that its rents follow."""

from foundation.amounts import CourseDay, Number
from foundation.schemas import Choice, Day, Flag, Inner, Many, Shape, Text
from parks.models.spaces import USES


class FrameStated(Shape):
    """A price frame as registered with the board; prices are for a square metre and month."""

    operator = Text(longest=120, metadata={"description": "Without it the park’s own operator"})
    use = Choice(*USES, required=True)
    lowest_vnd_m2 = Number(required=True, lowest=0, places=2)
    highest_vnd_m2 = Number(required=True, lowest=0, places=2)
    service_highest_vnd_m2 = Number(required=True, lowest=0, places=2)
    valid_from = CourseDay(required=True)
    reference = Text(required=True, longest=200, shortest=1)
    is_land_rent_exempt = Flag(load_default=False)


class FrameShape(Shape):
    use = Text(required=True)
    lowest_vnd_m2 = Text(required=True)
    highest_vnd_m2 = Text(required=True)
    valid_from = Day(required=True)
    holds_until = Day(required=True, metadata={"description": "From this day on it must have been registered again"})
    reference = Text(required=True)


class OperatorQuery(Shape):
    operator = Text(longest=120, metadata={"description": "Without it the park’s own operator"})


class PriceIndexStated(Shape):
    """A value of the price index as it was published; of one day the value entered last counts."""

    operator = Text(longest=120, metadata={"description": "Without it the park’s own operator"})
    published_on = CourseDay(required=True)
    value = Number(required=True, lowest=0, places=4)
    source = Text(required=True, longest=300, shortest=1)


class PriceIndexShape(Shape):
    published_on = Day(required=True)
    value = Text(required=True)
    source = Text(required=True)


class PriceIndexList(Shape):
    """The values entered last, by the day of publication."""

    items = Many(Inner(PriceIndexShape), required=True)

"""An exit from a position as programs state it."""

from foundation.amounts import CourseDay, WholeVnd
from foundation.schemas import Choice, Shape, Text
from fund.models.exits import EXIT_KINDS, WAYS


class ExitStated(Shape):
    """`position` is the code of its deal; `cost` only of an exit in part: what was paid for what is given up."""

    position = Text(required=True, longest=40)
    kind = Choice(*EXIT_KINDS, required=True)
    way = Choice(*WAYS, required=True)
    exited_on = CourseDay(required=True)
    proceeds = WholeVnd(load_default=0)
    cost = WholeVnd()
    decision = Text(required=True, longest=300, shortest=1)
    justification = Text(required=True, longest=4000, shortest=1)

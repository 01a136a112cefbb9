"""Draft calls, stages of a fund and the cure of a breach, as programs state them."""

from foundation.schemas import Choice, Shape, Text
from fund.operations.breaches import WAYS
from fund.states import FUND_STATES, STAGES


class DecisionStated(Shape):
    decision = Text(
        required=True, longest=300, shortest=1, metadata={"description": "Decision of the general meeting it rests on"}
    )


class DropStated(Shape):
    reason = Text(required=True, longest=300, shortest=1)


class StageStated(DecisionStated):
    stage = Choice(*STAGES, required=True)


class StageShape(Shape):
    state = Choice(*FUND_STATES, required=True)


class PlanStated(Shape):
    way = Choice(*WAYS, required=True)
    plan = Text(required=True, longest=4000, shortest=1)

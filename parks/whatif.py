"""What a round would yield if something other than stability counted: the highest total score, the fullest use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parks.fit import Offered, misfits
from parks.placement import Applicant, Round
from parks.stability import complaints

SECONDS = 20.0
"""After so long the best outcome found until then is shown."""

Pair = tuple[Applicant, Offered]
OBJECTIVES: dict[str, Callable[[Pair], float]] = {
    "highest_score": lambda pair: float(pair[0].standing.score),
    "fullest_use": lambda pair: float(pair[1].area_m2),
    "most_firms": lambda pair: 1.0,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an outcome amounts to; ``complaints`` is the price of not being stable."""

    places: Mapping[str, str]
    firms: int
    score: int
    area_m2: Decimal
    complaints: int


def sum_up(contest: Round, places: Mapping[str, str]) -> Outcome:
    """The figures of an outcome, to be compared with others."""
    scores = {one.code: one.standing.score for one in contest.applicants}
    return Outcome(
        places,
        firms=len(places),
        score=sum(scores[code] for code in places),
        area_m2=sum((contest.spaces[space].area_m2 for space in places.values()), Decimal(0)),
        complaints=len(complaints(contest, places)),
    )


def alternative(contest: Round, objective: str) -> Outcome:
    """The best outcome for an objective: each firm gets one of its preferences that fits, within the quotas."""
    import highspy  # noqa: PLC0415 - a solver and numpy, which a web process does without

    pairs = _possible(contest)
    model: Any = highspy.Highs()  # type: ignore[no-untyped-call]  # as the solver declares it
    model.silent()
    model.setOptionValue("time_limit", SECONDS)
    model.setOptionValue("threads", 1)
    worth = OBJECTIVES[objective]
    for pair in pairs:
        model.addCol(-worth(pair), 0, 1, 0, [], [])
    numbers = list(range(len(pairs)))
    model.changeColsIntegrality(len(pairs), numbers, [highspy.HighsVarType.kInteger] * len(pairs))
    for columns, weights, most in _limits(contest, pairs):
        model.addRow(0, most, len(columns), columns, weights)
    if pairs:
        model.run()
    return sum_up(contest, _chosen(model, pairs))


def _possible(contest: Round) -> list[Pair]:
    return [
        (one, contest.spaces[code])
        for one in contest.applicants
        for code in dict.fromkeys(one.preferences)
        if code in contest.spaces and not misfits(one.need, contest.spaces[code], one.size)
    ]


def _limits(contest: Round, pairs: Sequence[Pair]) -> list[tuple[list[int], list[float], float]]:
    """Columns with their weights and the most they may add up to: one space a firm, one firm a space, the quotas."""
    groups: dict[tuple[str, str], list[int]] = {}
    for number, (one, space) in enumerate(pairs):
        groups.setdefault(("firm", one.code), []).append(number)
        groups.setdefault(("space", space.code), []).append(number)
    limits = [(columns, [1.0] * len(columns), 1.0) for columns in groups.values()]
    for quota in contest.quotas:
        columns = [number for number, (one, _space) in enumerate(pairs) if quota.covers(one)]
        if columns and quota.most_spaces is not None:
            limits.append((columns, [1.0] * len(columns), float(quota.most_spaces)))
        if columns and quota.most_m2 is not None:
            limits.append((columns, [float(pairs[number][1].area_m2) for number in columns], float(quota.most_m2)))
    return limits


def _chosen(model: Any, pairs: Sequence[Pair]) -> dict[str, str]:
    values = model.getSolution().col_value if pairs else []
    return {one.code: space.code for (one, space), value in zip(pairs, values, strict=False) if value > 0.5}

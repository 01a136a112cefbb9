"""The latest sitting of the advisory panel on a dossier, read from what happened to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from applications.panel import CONCLUDES, CONVENES, GIVES_OPINION
from applications.queries.timeline import Happening, Said


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a member said; ``reason`` is nothing where none was needed."""

    person: str
    opinion: Said
    reason: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """The day of the meeting, how many sit on the panel, their opinions so far, and what was recommended."""

    meeting_on: date
    seats: int
    opinions: Sequence[Opinion]
    recommendation: Said | None


def latest_sitting(told: Iterable[Happening]) -> Sitting | None:
    """The sitting since the panel was convened last; nothing for those who are not told what it said."""
    convened, opinions, recommendation = None, list[Opinion](), None
    for happening in told:
        said = {one.spec.key: one for one in happening.said}
        if happening.step == CONVENES:
            convened, opinions, recommendation = said, [], None
        elif happening.step == GIVES_OPINION and said:
            opinions.append(Opinion(happening.person, said["opinion"], _text(said.get("reason"))))
        elif happening.step == CONCLUDES:
            recommendation = said.get("recommendation")
    if not convened:
        return None
    day = date.fromisoformat(convened["meeting_on"].value)
    return Sitting(day, int(convened["seats"].value), opinions, recommendation)


def _text(said: Any) -> str:
    return "" if said is None else str(said.value)

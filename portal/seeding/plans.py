"""Plans: which dossier tells which story, where, when and by whom; the same seed plans the same world."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from portal.seeding.population import Population
from portal.seeding.stories import PROCEDURES, Story
from portal.seeding.tables import NUMBERED

AT_ONCE = 500
"""Dossiers of one part of the plan, which is loaded in one transaction."""

WEEKS = 20
LATEST_START = timedelta(hours=2)
GIANT_SHARE = 85
"""Per cent of the dossiers that one procedure has."""

OPEN_SHARES = (70.0, 40.0, 15.0, 8.0)
"""Per cent of the dossiers of this week, the last one … that are still open; of older ones ``LATE_SHARE``."""

LATE_SHARE = 2.0
DRAFT_SHARE = 4.0


@dataclass(frozen=True, slots=True)
class Part:
    """Some dossiers that begin in one week. Per dossier: story, unit, organisation, ward, a number for chance."""

    first: int
    weeks: int
    offset: timedelta
    stories: Sequence[int]
    units: Sequence[int]
    organisations: Sequence[int]
    wards: Sequence[int]
    chances: Sequence[int]
    serials: Sequence[int]
    starts: Mapping[str, int]

    def __len__(self) -> int:
        return len(self.stories)


class Planner:
    """Plans part by part, and counts the numbers that all parts share."""

    def __init__(
        self,
        stories: Sequence[Story],
        population: Population,
        *,
        seed: int,
        starts: Mapping[str, int],
        serials: Mapping[tuple[int, date], int],
    ) -> None:
        self.stories, self.population, self.seed = stories, population, seed
        self.needed = [story.numbers_needed() for story in stories]
        self.received = [story.received_on for story in stories]
        self.next = dict(starts)
        self.serials = Counter(serials)
        self.places = list(range(len(population.units)))
        self.shares = list(accumulate(population.shares()))

    def parts(self, total: int) -> Iterator[Part]:
        for first in range(0, total, AT_ONCE):
            weeks = WEEKS - 1 - first * WEEKS // total
            yield self._part(first, min(AT_ONCE, total - first), weeks)

    def _part(self, first: int, size: int, weeks: int) -> Part:
        chance = random.Random(f"{self.seed}/{first}")  # noqa: S311 - the same seed shall make the same world
        told = chance.choices(range(len(self.stories)), cum_weights=self._weights(weeks), k=size)
        spread = chance.choices(self.places, cum_weights=self.shares, k=size)
        units = [spread[place] if self._is_spread(story) else -1 for place, story in enumerate(told)]
        applying, wards = len(self.population.organisations), len(self.population.wards)
        starts = dict(self.next)
        for table in NUMBERED:
            self.next[table] += sum(self.needed[story][table] for story in told)
        return Part(
            first,
            weeks,
            timedelta(seconds=chance.random() * LATEST_START.total_seconds()),
            told,
            units,
            [int(chance.random() ** 2 * applying) for _ in told],
            chance.choices(range(wards), k=size),
            [chance.getrandbits(20) for _ in told],
            [self._serial(story, unit, weeks) for story, unit in zip(told, units, strict=True)],
            starts,
        )

    def _is_spread(self, story: int) -> bool:
        return self.stories[story].procedure == PROCEDURES[0]

    def _serial(self, story: int, unit: int, weeks: int) -> int:
        """The next serial number of the unit's day, for a dossier that has a code."""
        received = self.received[story]
        if received is None:
            return 0
        unit_id = self.stories[story].case["unit_id"] if unit < 0 else self.population.units[unit].id
        day = (unit_id, received - timedelta(weeks=weeks))
        self.serials[day] += 1
        return self.serials[day]

    def _weights(self, weeks: int) -> list[float]:
        """How likely each story is so many weeks ago, added up; states of one kind are alike."""
        shares = {"draft": DRAFT_SHARE, "open": OPEN_SHARES[weeks] if weeks < len(OPEN_SHARES) else LATE_SHARE}
        shares["final"] = 100 - sum(shares.values())
        told = [weeks == 0 or not story.waits_for_the_clock for story in self.stories]
        places = [(story.procedure, story.case["state_kind"], story.case["state"]) for story in self.stories]
        stories = Counter(place for place, is_told in zip(places, told, strict=True) if is_told)
        states = Counter(place[:2] for place in stories)
        procedures = {PROCEDURES[0]: GIANT_SHARE, PROCEDURES[1]: 100 - GIANT_SHARE}
        weights = [
            procedures[place[0]] * shares[place[1]] / states[place[:2]] / stories[place] if is_told else 0.0
            for place, is_told in zip(places, told, strict=True)
        ]
        return list(accumulate(weights))

"""The rows of a part of the plan, as COPY takes them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from applications.numbers import dossier_code
from applications.wordmarks import marks_of
from foundation.searchtext import fold
from portal.seeding.moulds import CHAIN, FIRST_OTHER, Mould, chained, make_mould
from portal.seeding.numbering import check_code_of, key_of
from portal.seeding.plans import Part
from portal.seeding.population import Applying, Named, Population, UnitAtWork
from portal.seeding.stories import Story
from portal.seeding.tables import HEADS, NUMBERED

STAGE = "seeding_names"
"""Where the names of dossiers wait until the words of their stories are joined to them."""

FOUND_AGAIN = 987_654_321
"""A serial number that no other part of a dossier code is like."""


@dataclass(frozen=True, slots=True)
class World:
    """All that a process must know to write a part; ``first`` numbers of cases and receipts come before the plan."""

    stories: Sequence[Story]
    population: Population
    seed: int
    first_case: int
    first_receipt: int


@dataclass(frozen=True, slots=True)
class Told:
    """What all dossiers of a story have: prefix of keys, title, day of the code, year of the receipt, procedure."""

    prefix: str
    title: str
    received: date | None
    submitted: str
    procedure: str


class Writer:
    """Writes parts; the stories are made into moulds once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.moulds = [make_mould(story) for story in world.stories]
        self.folded = [fold(str(story.case["title"])) for story in world.stories]
        self.wards = [fold(ward) for ward in world.population.wards]
        self.told = [_told(story) for story in world.stories]
        self.registered = [bool(story.rows["test_regulations"]) for story in world.stories]
        reviewers = _encoded(world.population.reviewers)
        units = [*world.population.units, *world.population.apart.values()]
        self.staff = {
            unit.id: {role: _encoded(people) for role, people in unit.staff.items()} | {"reviewer": reviewers}
            for unit in units
        }

    def rows(self, part: Part) -> dict[str, bytes]:
        """The rows of a part by table."""
        written: dict[str, list[bytes]] = defaultdict(list)
        following = dict(part.starts)
        for place in range(len(part)):
            self._write(part, place, following, written)
        return {table: b"".join(rows) for table, rows in written.items()}

    def _write(self, part: Part, place: int, following: dict[str, int], written: dict[str, list[bytes]]) -> None:
        number = part.stories[place]
        mould = self.moulds[number]
        values = self._values(part, place, mould, following)
        for table, fill in mould.tables:
            written[table].append(fill(values))
        rows, head = chained(mould, values)
        written[CHAIN].append(rows)
        written[HEADS].append(head)
        written[STAGE].append(self._names(part, place, values))

    def _values(self, part: Part, place: int, mould: Mould, following: dict[str, int]) -> list[Any]:
        """What stands in the slots of this dossier, in the order of its mould."""
        values: list[Any] = [*self._fixed(part, place), b"", b""]
        assert len(values) == FIRST_OTHER  # noqa: S101 - the order of a mould
        values += mould.moments(part.weeks, part.offset)
        values += self._people(part, place, mould)
        code = following["letters"]
        values += [check_code_of(code + one, self.world.seed).encode() for one in range(mould.letters)]
        for table in NUMBERED:
            first, needed = following[table], mould.numbers[table]
            values += [b"%d" % one for one in range(first, first + needed)]
            following[table] = first + needed
        return values + [b""] * len(mould.digests)

    def _fixed(self, part: Part, place: int) -> list[bytes]:
        told = self.told[part.stories[place]]
        unit, applying = self._unit(part, place), self._applying(part, place)
        number = part.first + place
        code = ""
        if told.received:
            before, width, behind = _around(unit.pattern, unit.code, told.received - timedelta(weeks=part.weeks))
            code = f"{before}{part.serials[place]:0{width}}{behind}"
        receipt = f"BN-{told.submitted}-{self.world.first_receipt + number:07d}" if told.submitted else ""
        return [
            key_of(told.prefix, self.world.first_case + number, self.world.seed).encode(),
            code.encode(),
            receipt.encode(),
            (f"{told.title}, {self.world.population.wards[part.wards[place]]}" if told.title else "").encode(),
            b"%d" % (self.world.first_case + number),
            b"%d" % unit.id,
            b"%d" % applying.id,
            unit.name,
            applying.name,
            self._placed_words(part, place) if self.registered[part.stories[place]] else b"",
        ]

    def _unit(self, part: Part, place: int) -> UnitAtWork:
        unit = part.units[place]
        if unit < 0:
            return self.world.population.apart[self.world.stories[part.stories[place]].case["unit_id"]]
        return self.world.population.units[unit]

    def _applying(self, part: Part, place: int) -> Applying:
        return self.world.population.organisations[part.organisations[place]]

    def _people(self, part: Part, place: int, mould: Mould) -> list[bytes]:
        """Numbers and names of the people of this dossier: whoever has the role here, begun at by chance."""
        staff = self.staff[self._unit(part, place).id]
        (number, name), chance = self._applying(part, place).person, part.chances[place]
        found = []
        for what, role, turn in mould.people:
            if role == "applicant":
                found.append(b"%d" % number if what == "person" else name.encode())
            else:
                people = staff[role]
                found.append(people[(chance + turn) % len(people)][what != "person"])
        return found

    def _title(self, part: Part, place: int) -> str:
        """The dossier's title, folded."""
        folded = self.folded[part.stories[place]]
        return f"{folded} {self.wards[part.wards[place]]}" if folded else ""

    def _placed_words(self, part: Part, place: int) -> bytes:
        """Title and applicant in words, each with its place."""
        words = f"{self._title(part, place)} {self._applying(part, place).words}".split()
        return " ".join(f"{word}:{at}" for at, word in enumerate(words, 1)).encode()

    def _names(self, part: Part, place: int, values: Sequence[bytes]) -> bytes:
        """The dossier's names, folded, and its marks (see ``applications.wordindex``)."""
        number = part.stories[place]
        applying, unit = self._applying(part, place), self._unit(part, place)
        names = " ".join([fold(b" ".join(values[:3]).decode()), self._title(part, place), applying.words])
        marks = marks_of(
            int(values[4]),
            unit_id=unit.id,
            procedure=self.told[number].procedure,
            organisation_id=applying.id,
        )
        return f"{int(values[4])}\t{number}\t{names}\t{{{','.join(map(_quoted, marks))}}}\n".encode()


def _quoted(mark: str) -> str:
    return f'"{mark}"'


def _encoded(people: Sequence[Named]) -> list[tuple[bytes, bytes]]:
    return [(b"%d" % number, name.encode()) for number, name in people]


def _told(story: Story) -> Told:
    submitted = story.rows["applications"][0]["submitted_at"]
    year = f"{submitted:%Y}" if submitted else ""
    return Told(story.prefix, str(story.case["title"]), story.received_on, year, story.procedure)


@lru_cache(4096)
def _around(pattern: str, unit: str, day: date) -> tuple[str, int, str]:
    """What stands before the serial number of a dossier code, its least digits, and what stands behind it."""
    before, _, behind = dossier_code(pattern, unit, day, FOUND_AGAIN).partition(str(FOUND_AGAIN))
    return before, len(dossier_code(pattern, unit, day, 0)) - len(before) - len(behind), behind

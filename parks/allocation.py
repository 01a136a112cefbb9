"""Space over time: how much of it is taken on the fullest day, and whether one more claim fits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from foundation.errors import Blocked, Reason

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who wants a space, both days included; without an area, all of it.

    ``admission_id`` says on which admission, ``round_id`` in which round.
    """

    starts_on: date
    ends_on: date
    holder: str
    organisation_id: int | None = None
    area_m2: Decimal | None = None
    admission_id: int | None = None
    round_id: int | None = None

    @property
    def until(self) -> date:
        return self.ends_on + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Claim:
    """An area from ``starts_on`` until ``until`` (the day after its last); what expires counts until then."""

    starts_on: date
    until: date
    area_m2: Decimal
    expires_at: datetime | None = None

    def is_live(self, at: datetime) -> bool:
        return self.expires_at is None or self.expires_at > at


@dataclass(frozen=True, slots=True)
class Room:
    """What can be given away of a space: the whole, or parts where it is divisible."""

    usable_m2: Decimal
    is_divisible: bool = False


@dataclass(frozen=True, slots=True)
class Fullest:
    """The most that is taken on one day, and the first day on which it is."""

    taken_m2: Decimal
    on: date | None = None


def fullest_day(claims: Iterable[Claim], starts_on: date, until: date) -> Fullest:
    """Over the days from ``starts_on`` up to, but without, ``until``."""
    steps: dict[date, Decimal] = {}
    for claim in claims:
        first, end = max(claim.starts_on, starts_on), min(claim.until, until)
        if first < end:
            steps[first] = steps.get(first, NOTHING) + claim.area_m2
            steps[end] = steps.get(end, NOTHING) - claim.area_m2
    taken, fullest = NOTHING, Fullest(NOTHING)
    for day in sorted(steps):
        taken += steps[day]
        if taken > fullest.taken_m2:
            fullest = Fullest(taken, day)
    return fullest


def admit(room: Room, claims: Sequence[Claim], wanted: Claim, *, at: datetime) -> list[Claim]:
    """The claims that count once ``wanted`` is among them; what lapsed before ``at`` is gone.

    Raises:
        Blocked: a whole space is wanted in part, or on some day there would be more than the space.
    """
    live = [claim for claim in claims if claim.is_live(at)]
    require_room(room, live, wanted)
    return [*live, wanted]


def require_room(room: Room, live: Iterable[Claim], wanted: Claim) -> None:
    """Raises Blocked; see :func:`admit`."""
    if wanted.area_m2 > room.usable_m2:
        raise Blocked(Reason("space_smaller", {"usable_m2": str(room.usable_m2)}))
    if not room.is_divisible and wanted.area_m2 != room.usable_m2:
        raise Blocked(Reason("space_whole_only", {"usable_m2": str(room.usable_m2)}))
    fullest = fullest_day(live, wanted.starts_on, wanted.until)
    free = room.usable_m2 - fullest.taken_m2
    if wanted.area_m2 > free:
        raise Blocked(Reason("space_taken", {"free_m2": str(free), "full_on": fullest.on}))

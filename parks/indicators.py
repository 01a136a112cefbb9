"""Indicators of parks on a day: what is let of what can be, how long tenants are bound, what is owed and collected."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from parks.arrears import BUCKET_CODES, bucket_of
from parks.terms import add_months
from parks.wale import Remaining, average_months, months_left

Until = Literal["expiry", "break"]
Weight = Literal["area", "rent"]
OVER, LATER = "over", "later"
"""Rungs of the ladder beside its years: terms that are over but not handed back, and years beyond its last."""

A_QUARTER = 3


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; there is no share of nothing."""

    part: Decimal
    whole: Decimal

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.part) / Fraction(self.whole) if self.whole else None


@dataclass(frozen=True, slots=True)
class Tenancy:
    """A space given under a lease, as known on the day asked for, or ``count`` of them that are alike.

    Money is a month, before tax. Of space given without a contract kept here no rent is known. ``space`` is the space,
    or the ground that it counts to.
    """

    park: str
    space: str
    area_m2: Decimal
    starts_on: date
    ends_on: date
    has_lease: bool = False
    count: int = 1
    break_on: date | None = None
    handed_back_on: date | None = None
    rent_vnd: int = 0
    relief_vnd: int = 0
    service_vnd: int = 0
    deposit_vnd: int = 0

    def runs_on(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def holds_over(self, day: date) -> bool:
        """Whether its term is over and the space was not handed back yet."""
        return self.has_lease and day > self.ends_on and (self.handed_back_on is None or self.handed_back_on > day)

    def bound_until(self, until: Until, day: date) -> date:
        """The last day, or the first day from then on from which the tenant may leave."""
        may_leave = until == "break" and self.break_on is not None and self.break_on >= day
        return self.break_on if may_leave and self.break_on else self.ends_on


@dataclass(frozen=True, slots=True)
class Lettable:
    """A space that can be let from ``opened_on`` until the day before ``closed_on``, or a ground of such spaces.

    ``land_m2`` where it is land.
    """

    park: str
    space: str
    usable_m2: Decimal | None
    land_m2: Decimal | None
    is_planned: bool
    opened_on: date
    closed_on: date | None

    def exists_on(self, day: date) -> bool:
        return self.opened_on <= day and (self.closed_on is None or self.closed_on > day)


@dataclass(frozen=True, slots=True)
class Asked:
    """What fell due on a day, with what was open of it at the end of the day asked for."""

    park: str
    due_on: date
    total_vnd: int
    open_vnd: int


@dataclass(frozen=True, slots=True)
class Zone:
    park: str
    zone: str
    name: str
    use: str
    gross_m2: Decimal | None


@dataclass(frozen=True, slots=True)
class Let:
    """A space with how much of what can be let of it is let."""

    space: Lettable
    share: Share

    @property
    def vacant_m2(self) -> Decimal:
        return self.share.whole - self.share.part


@dataclass(frozen=True, slots=True)
class Rung:
    """The leases that end in a year (or ``OVER``, or ``LATER``)."""

    code: str
    leases: int
    area_m2: Decimal
    rent_vnd: int


@dataclass(frozen=True, slots=True)
class Sight:
    """All that somebody may see of parks on a day; ``parks`` are codes with the gross area of each."""

    on: date
    parks: dict[str, Decimal]
    spaces: Sequence[Lettable] = ()
    tenancies: Sequence[Tenancy] = ()
    asked: Sequence[Asked] = ()
    zones: Sequence[Zone] = ()
    _areas: dict[date, dict[str, Decimal]] = field(default_factory=dict)

    def of(self, park: str) -> "Sight":
        """The same of one park."""
        return Sight(
            self.on,
            {park: self.parks[park]},
            [one for one in self.spaces if one.park == park],
            [one for one in self.tenancies if one.park == park],
            [one for one in self.asked if one.park == park],
            [one for one in self.zones if one.park == park],
        )

    def rent_roll(self) -> list[Tenancy]:
        """The leases that run on the day, or whose term is over while the tenant still has the space."""
        return [one for one in self.tenancies if one.runs_on(self.on) or one.holds_over(self.on)]

    def let_on(self, day: date) -> list[Let]:
        """Every space that can be let on a day; what is only planned counts once it is let."""
        areas = self._area_by_space(day)
        found = []
        for space in self.spaces:
            part = areas.get(space.space, Decimal(0))
            if space.usable_m2 and space.exists_on(day) and (part or not space.is_planned):
                found.append(Let(space, Share(min(part, space.usable_m2), space.usable_m2)))
        return found

    def occupancy_on(self, day: date) -> Share:
        return _sum(self.let_on(day))

    def land(self) -> list[Let]:
        """Every plot that can be leased as land, with how much of it is."""
        areas = self._area_by_space(self.on)
        found = []
        for space in self.spaces:
            if space.land_m2 and space.exists_on(self.on):
                found.append(Let(space, Share(min(areas.get(space.space, Decimal(0)), space.land_m2), space.land_m2)))
        return found

    def land_use(self) -> Share:
        return _sum(self.land())

    def _area_by_space(self, day: date) -> dict[str, Decimal]:
        if day not in self._areas:
            areas: dict[str, Decimal] = defaultdict(Decimal)
            for one in self.tenancies:
                if one.runs_on(day):
                    areas[one.space] += one.area_m2
            self._areas[day] = areas
        return self._areas[day]

    def wale(self, weight: Weight, until: Until) -> Fraction | None:
        """Months for which tenants are bound on average: none over the term, none of what is vacant."""
        return average_months(
            [
                Remaining(
                    Fraction(one.area_m2 if weight == "area" else one.rent_vnd),
                    months_left(one.bound_until(until, self.on), self.on),
                )
                for one in self.rent_roll()
            ]
        )

    def ladder(self, years: int) -> list[Rung]:
        """What ends in which year, from this one on, without gaps."""
        grouped: dict[str, list[Tenancy]] = defaultdict(list)
        for one in self.rent_roll():
            grouped[self.rung_of(one, years)].append(one)
        codes = [str(self.on.year + number) for number in range(years)]
        codes = [*([OVER] if OVER in grouped else []), *codes, *([LATER] if LATER in grouped else [])]
        return [_rung(code, grouped.get(code, [])) for code in codes]

    def rung_of(self, one: Tenancy, years: int) -> str:
        if one.holds_over(self.on):
            return OVER
        return str(one.ends_on.year) if one.ends_on.year < self.on.year + years else LATER

    def forecast(self, quarters: int) -> list[tuple[date, Share]]:
        """Occupancy on the day and each quarter after it if nobody renews and nothing more is let."""
        days = [add_months(self.on, A_QUARTER * number) for number in range(quarters + 1)]
        return [(day, self.occupancy_on(day)) for day in days]

    def arrears(self) -> dict[str, int]:
        """What is open and was due before the day, by age."""
        sums = dict.fromkeys(BUCKET_CODES, 0)
        for one in self.overdue():
            sums[bucket_of(one.due_on, self.on)] += one.open_vnd
        return sums

    def overdue(self) -> list[Asked]:
        return [one for one in self.asked if one.open_vnd and one.due_on < self.on]

    def fallen_due(self, months: int) -> list[Asked]:
        """What fell due in so many months up to the day."""
        since = add_months(self.on, -months)
        return [one for one in self.asked if since < one.due_on <= self.on]

    def collection(self, months: int) -> Share:
        """What came by the day of what fell due in so many months up to it."""
        asked = self.fallen_due(months)
        total = sum(one.total_vnd for one in asked)
        return Share(Decimal(total - sum(one.open_vnd for one in asked)), Decimal(total))

    def service_zones(self, park: str) -> Share:
        """The area of zones for services against that of the whole park."""
        zones = [one for one in self.zones if one.park == park and one.use == "service"]
        area = sum((one.gross_m2 or Decimal(0) for one in zones), Decimal(0))
        return Share(area, self.parks[park])


def _sum(rows: Sequence[Let]) -> Share:
    part = sum((row.share.part for row in rows), Decimal(0))
    return Share(part, sum((row.share.whole for row in rows), Decimal(0)))


def _rung(code: str, rows: Sequence[Tenancy]) -> Rung:
    area = sum((one.area_m2 for one in rows), Decimal(0))
    return Rung(code, sum(one.count for one in rows), area, sum(one.rent_vnd for one in rows))

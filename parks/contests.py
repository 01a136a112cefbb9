"""A stored round as the arithmetic of placement sees it, and what follows from its offers."""

from collections.abc import Mapping, Set
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from parks.fit import Need, Offered
from parks.models import AllocationRound, RoundApplicant, RoundOffer, RoundOverride, RoundSpace
from parks.movingup import Line
from parks.placement import Applicant, Quota, Round
from parks.scoring import Criterion, Standing, score_of

WHOLE = (
    joinedload(AllocationRound.park),
    selectinload(AllocationRound.offered).joinedload(RoundSpace.space),
    selectinload(AllocationRound.applicants),
    selectinload(AllocationRound.overrides).joinedload(RoundOverride.applicant),
    selectinload(AllocationRound.overrides).joinedload(RoundOverride.space),
    selectinload(AllocationRound.offers).joinedload(RoundOffer.applicant),
    selectinload(AllocationRound.offers).joinedload(RoundOffer.space),
    selectinload(AllocationRound.offers).joinedload(RoundOffer.allocation),
)
"""How a round is read with all that belongs to it."""

NEEDS = ("power_kw", "water_m3_day", "floor_load_kg_m2")


def criteria_of(contest: AllocationRound) -> list[Criterion]:
    return [Criterion(row["code"], row["weight"], row["most_points"]) for row in contest.criteria]


def as_contest(stored: AllocationRound) -> Round:
    """A round that was read with its spaces and firms."""
    criteria = criteria_of(stored)
    return Round(
        spaces={one.space.code: _offered(one) for one in stored.offered},
        applicants=[_applicant(one, criteria) for one in stored.applicants],
        quotas=[_quota(row) for row in stored.quotas],
        decided={one.applicant.key: one.space.code if one.space else None for one in overrides_of(stored)},
    )


def overrides_of(stored: AllocationRound) -> list[RoundOverride]:
    """What people decided otherwise and did not take back."""
    return [one for one in stored.overrides if one.withdrawn_at is None]


def _offered(row: RoundSpace) -> Offered:
    space = row.space
    supplies = {name: getattr(space, name) for name in NEEDS}
    return Offered(space.code, space.usable_m2 or Decimal(0), space.use, kept_for=row.kept_for, **supplies)


def _applicant(row: RoundApplicant, criteria: list[Criterion]) -> Applicant:
    points = {code: Fraction(given) for code, given in row.points.items()}
    standing = Standing(score_of(points, criteria), row.complete_at, row.key)
    return Applicant(standing, row.size, row.sector, _need(row.need), row.preferences)


def _need(stored: Mapping[str, Any]) -> Need:
    most, use = stored.get("most_m2"), stored.get("use")
    supplies = {name: Decimal(stored.get(name, "0")) for name in NEEDS}
    return Need(Decimal(stored["least_m2"]), Decimal(most) if most else None, use or None, **supplies)


def _quota(row: Mapping[str, Any]) -> Quota:
    most_m2 = row.get("most_m2")
    return Quota(row["dimension"], row["value"], row.get("most_spaces"), Decimal(most_m2) if most_m2 else None)


def current_places(stored: AllocationRound) -> dict[str, str]:
    """Firms with the space that they accepted or are offered now."""
    return {one.applicant.key: one.space.code for one in stored.offers if is_live(one)}


def is_live(offer: RoundOffer) -> bool:
    return offer.answer in (None, "accepted")


def refusals_of(stored: AllocationRound) -> set[tuple[str, str]]:
    """Firms with the spaces that they declined."""
    return {(one.applicant.key, one.space.code) for one in stored.offers if one.answer == "declined"}


def gone_from(stored: AllocationRound) -> set[str]:
    """Firms that are not asked any more: they let an offer lapse, or signed nothing in time."""
    return {one.applicant.key for one in stored.offers if one.answer in ("lapsed", "forfeited")}


def line_of(stored: AllocationRound, contest: Round, barred: Set[tuple[str, str]] = frozenset()) -> Line:
    """Where a decided round stands; ``barred`` are firms with spaces that cannot be offered to them just now.

    Whom people placed otherwise than proposed stays there until it answers.
    """
    places = current_places(stored)
    accepted = {one.applicant.key for one in stored.offers if one.answer == "accepted"}
    placed_by_people = {firm for firm, space in contest.decided.items() if space and places.get(firm) == space}
    withheld = {firm for firm, space in contest.decided.items() if space is None}
    return Line(
        contest,
        places,
        free={row.space.code for row in stored.offered if row.settled_at is None} - set(places.values()),
        bound=accepted | placed_by_people,
        out=gone_from(stored) | withheld,
        refused=refusals_of(stored) | barred,
    )

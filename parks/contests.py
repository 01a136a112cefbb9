"""A stored round as the arithmetic of placement sees it, and what follows from its offers."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from parks.fit import Need, Offered, misfits
from parks.models import AllocationRound, RoundApplicant, RoundOffer, RoundOverride, RoundSpace
from parks.placement import Applicant, Quota, Round, Used, ranked
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


def next_in_line(contest: Round, code: str, *, places: Mapping[str, str], passed: Iterable[str]) -> Applicant | None:
    """Who is offered a space that became free: the best ranked that wants it, fits, has none, and did not pass.

    ``places`` are the spaces that firms have or are offered now; quotas count these.
    """
    withheld = {firm for firm, given in contest.decided.items() if given is None}
    space, out = contest.spaces[code], set(passed) | set(places) | withheld
    by_code = {one.code: one for one in contest.applicants}
    for one in ranked(contest.applicants):
        if one.code in out or code not in one.preferences or misfits(one.need, space, one.size):
            continue
        quotas = [quota for quota in contest.quotas if quota.covers(one)]
        if all(quota.allows(_used(contest, quota, places, by_code), space) for quota in quotas):
            return one
    return None


def _used(contest: Round, quota: Quota, places: Mapping[str, str], firms: Mapping[str, Applicant]) -> Used:
    used = Used()
    for firm, space in places.items():
        if quota.covers(firms[firm]):
            used = used.with_one_more(contest.spaces[space])
    return used


def current_places(stored: AllocationRound) -> dict[str, str]:
    """Firms with the space that they accepted or are offered now."""
    return {one.applicant.key: one.space.code for one in stored.offers if is_live(one)}


def is_live(offer: RoundOffer) -> bool:
    return offer.answer in (None, "accepted")

"""Who could rightly complain of an outcome: a space they wanted more went to somebody who ranks lower, or to nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parks.fit import misfits
from parks.placement import Applicant, Quota, Round, Used, ranked


@dataclass(frozen=True, slots=True)
class Complaint:
    """A firm, the space it wanted more than what it got, and the lower-ranked holder (nobody if it stays empty)."""

    applicant: str
    space: str
    holder: str | None


def complaints(contest: Round, places: Mapping[str, str]) -> list[Complaint]:
    """All of them, in the order of the ranking.

    A quota answers a complaint only where those ranked before have used it up.
    """
    holders = {space: code for code, space in places.items()}
    order = ranked(contest.applicants)
    rank = {one.code: number for number, one in enumerate(order)}
    used, found = dict.fromkeys(contest.quotas, Used()), []
    for one in order:
        for code in wanted_more(one, places):
            space, holder = contest.spaces.get(code), holders.get(code)
            if space is None or misfits(one.need, space, one.size) or (holder and rank[holder] < rank[one.code]):
                continue
            if all(quota.allows(used[quota], space) for quota in contest.quotas if quota.covers(one)):
                found.append(Complaint(one.code, code, holder))
        _use(contest, used, one, places)
    return found


def wanted_more(one: Applicant, places: Mapping[str, str]) -> Sequence[str]:
    """What a firm asked for before the place it has; all of it where it has none."""
    got = places.get(one.code)
    return one.preferences[: one.preferences.index(got)] if got in one.preferences else one.preferences


def _use(contest: Round, used: dict[Quota, Used], one: Applicant, places: Mapping[str, str]) -> None:
    if one.code in places:
        space = contest.spaces[places[one.code]]
        used.update({quota: used[quota].with_one_more(space) for quota in contest.quotas if quota.covers(one)})

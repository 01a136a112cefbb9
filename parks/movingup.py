"""Who comes to a space that fell free after the list was published: the best ranked that wants it more than its own."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from parks.fit import Offered, misfits
from parks.placement import Applicant, Quota, Round, Used, ranked
from parks.stability import wanted_more


@dataclass(frozen=True, slots=True)
class Line:
    """A decided round between two answers.

    ``places`` are the spaces that firms have or are offered; ``bound`` firms have theirs for good, by their yes or by
    decision of people; ``out`` are those not asked any more; ``refused`` are firms with spaces they are not offered.
    """

    contest: Round
    places: Mapping[str, str]
    free: Set[str]
    bound: Set[str]
    out: Set[str]
    refused: Set[tuple[str, str]]


def next_move(line: Line) -> tuple[Applicant, str] | None:
    """The best ranked firm that a free space would serve better than what it has, with the one it wants most.

    Each move is better for its firm and worse for nobody: one after the other they come to an end, and where nobody
    declined and no quota stood in the way, at the one stable outcome of those who are left.
    """
    for one in ranked(line.contest.applicants):
        if one.code in line.bound or one.code in line.out:
            continue
        for code in wanted_more(one, line.places):
            if code in line.free and (one.code, code) not in line.refused and _suits(line, one, code):
                return one, code
    return None


def _suits(line: Line, one: Applicant, code: str) -> bool:
    space = line.contest.spaces[code]
    if misfits(one.need, space, one.size):
        return False
    others = {firm: place for firm, place in line.places.items() if firm != one.code}
    return keeps_quotas(line.contest, one, space, others)


def next_in_line(contest: Round, code: str, *, places: Mapping[str, str], passed: Iterable[str]) -> Applicant | None:
    """Who is offered a space that became free: the best ranked that wants it, fits, has none, and did not pass.

    ``places`` are the spaces that firms have or are offered now; quotas count these.
    """
    withheld = {firm for firm, given in contest.decided.items() if given is None}
    space, out = contest.spaces[code], set(passed) | set(places) | withheld
    for one in ranked(contest.applicants):
        if one.code in out or code not in one.preferences or misfits(one.need, space, one.size):
            continue
        if keeps_quotas(contest, one, space, places):
            return one
    return None


def keeps_quotas(contest: Round, one: Applicant, space: Offered, places: Mapping[str, str]) -> bool:
    """Whether the quotas let a firm have a space beside the places that others have."""
    quotas = [quota for quota in contest.quotas if quota.covers(one)]
    firms = {other.code: other for other in contest.applicants} if quotas else {}
    return all(quota.allows(_used(contest, quota, places, firms), space) for quota in quotas)


def _used(contest: Round, quota: Quota, places: Mapping[str, str], firms: Mapping[str, Applicant]) -> Used:
    used = Used()
    for firm, space in places.items():
        if quota.covers(firms[firm]):
            used = used.with_one_more(contest.spaces[space])
    return used

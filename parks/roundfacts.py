"""A round laid out for reading: the ranking, what became of each preference and why, rivals for each space."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from parks.contests import as_contest, criteria_of, overrides_of
from parks.models import AllocationRound, RoundApplicant, RoundOffer
from parks.placement import Proposal, Verdict, propose, ranked
from parks.scoring import score_of


@dataclass(frozen=True, slots=True)
class Ranked:
    """A firm with its rank, its score out of a hundred as text, what it would get, and a verdict on each preference.

    ``moved_from`` is the space whose unanswered offer its last one replaced.
    """

    rank: int
    firm: RoundApplicant
    score: str
    place: str | None
    verdicts: Sequence[Verdict]
    offer: RoundOffer | None
    moved_from: str | None = None


@dataclass(frozen=True, slots=True)
class Rival:
    """One of those who want a space: how much, and what became of it."""

    row: Ranked
    preference: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Standings:
    """All firms in the order of the ranking, the rivals for each space, and why people decided otherwise, by firm."""

    rows: Sequence[Ranked]
    rivals: Mapping[str, Sequence[Rival]]
    names: Mapping[str, str]
    reasons: Mapping[str, str]


def standings(stored: AllocationRound) -> Standings:
    """Of a round that was read with all that belongs to it."""
    contest = as_contest(stored)
    proposal, firms = propose(contest), {one.key: one for one in stored.applicants}
    rows = [_ranked(stored, rank, firms[one.code], proposal) for rank, one in enumerate(ranked(contest.applicants), 1)]
    rivals: dict[str, list[Rival]] = {one.space.code: [] for one in stored.offered}
    for row in rows:
        for number, verdict in enumerate(row.verdicts, 1):
            if verdict.space in rivals:
                rivals[verdict.space].append(Rival(row, number, verdict))
    reasons = {one.applicant.key: one.reason for one in overrides_of(stored)}
    return Standings(rows, rivals, {key: firm.name for key, firm in firms.items()}, reasons)


def _ranked(stored: AllocationRound, rank: int, firm: RoundApplicant, proposal: Proposal) -> Ranked:
    points = {code: Fraction(given) for code, given in firm.points.items()}
    score = score_of(points, criteria_of(stored))
    offers = [one for one in stored.offers if one.applicant_id == firm.id]
    return Ranked(
        rank,
        firm,
        score_text(score),
        proposal.places.get(firm.key),
        proposal.verdicts[firm.key],
        offers[-1] if offers else None,
        offers[-2].space.code if len(offers) > 1 and offers[-2].answer == "moved_up" else None,
    )


def score_text(score: int) -> str:
    """Hundredths of a point as points."""
    whole, rest = divmod(score, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")

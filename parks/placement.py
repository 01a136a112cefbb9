"""A stable proposal of who gets which space, by deferred acceptance over one published ranking.

Firms propose to their spaces in the order they prefer them, and each space keeps the best ranked. Since all spaces
rank alike, whoever proposes in the order of the ranking is never displaced: one pass is the whole procedure. What it
yields is the only stable outcome, and no firm gains by hiding what it prefers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from parks.fit import NOTHING, Need, Offered, misfits
from parks.scoring import Standing


@dataclass(frozen=True, slots=True)
class Applicant:
    """A firm in a round: what ranks it, its quotas' classes, what it needs, and its spaces in order of preference."""

    standing: Standing
    size: str
    sector: str
    need: Need
    preferences: Sequence[str]

    @property
    def code(self) -> str:
        return self.standing.code


@dataclass(frozen=True, slots=True)
class Quota:
    """The most spaces, or the most area, that firms of one size or of one sector may get together."""

    dimension: str
    value: str
    most_spaces: int | None = None
    most_m2: Decimal | None = None

    def covers(self, applicant: Applicant) -> bool:
        return (applicant.size if self.dimension == "size" else applicant.sector) == self.value

    def allows(self, used: "Used", space: Offered) -> bool:
        """Whether one more space stays within it."""
        return (self.most_spaces is None or used.spaces < self.most_spaces) and (
            self.most_m2 is None or used.area_m2 + space.area_m2 <= self.most_m2
        )


@dataclass(frozen=True, slots=True)
class Used:
    """What of a quota is taken."""

    spaces: int = 0
    area_m2: Decimal = NOTHING

    def with_one_more(self, space: Offered) -> "Used":
        return Used(self.spaces + 1, self.area_m2 + space.area_m2)


@dataclass(frozen=True, slots=True)
class Round:
    """Spaces on offer, the firms that ask for them, the quotas, and what people decided whatever the ranking says.

    ``decided`` names by firm one of its spaces, or None where it gets none.
    """

    spaces: Mapping[str, Offered]
    applicants: Sequence[Applicant]
    quotas: Sequence[Quota] = ()
    decided: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one preference: ``placed``, ``unfit``, ``taken`` (by ``holder``), ``quota_full`` or ``unneeded``.

    ``unneeded`` are those after the space that the firm got; ``unknown`` is no space of the round. By decision of
    people a space is ``decided`` for the firm, ``given_otherwise`` (to ``holder``), or ``withheld``.
    """

    space: str
    outcome: str
    misfits: Sequence[str] = ()
    holder: str | None = None
    quota: Quota | None = None


@dataclass(slots=True)
class Proposal:
    """Who gets which space, and a verdict on each preference of each firm."""

    places: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, list[Verdict]] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)

    @property
    def waiting(self) -> list[str]:
        """Firms without a space, in the order of the ranking."""
        return [code for code in self.verdicts if code not in self.places]


def ranked(applicants: Iterable[Applicant]) -> list[Applicant]:
    """The best score first; of equal ones whose dossier was complete earlier."""
    return sorted(applicants, key=lambda applicant: applicant.standing.order)


def propose(contest: Round) -> Proposal:
    """The stable proposal of a round."""
    proposal, used = Proposal(), dict.fromkeys(contest.quotas, Used())
    for applicant in ranked(contest.applicants):
        if (space := contest.decided.get(applicant.code)) is not None:
            _place(proposal, applicant.code, space)
            _use(contest, used, applicant, space)
    for applicant in ranked(contest.applicants):
        if applicant.code in contest.decided:
            proposal.verdicts[applicant.code] = _as_decided(contest, applicant)
            continue
        quotas = [quota for quota in contest.quotas if quota.covers(applicant)]
        verdicts: list[Verdict] = []
        for code in dict.fromkeys(applicant.preferences):
            verdicts.append(_verdict(contest, proposal, applicant, code, {quota: used[quota] for quota in quotas}))
            if verdicts[-1].outcome == "placed":
                _place(proposal, applicant.code, code)
                _use(contest, used, applicant, code)
        proposal.verdicts[applicant.code] = verdicts
    return proposal


def _use(contest: Round, used: dict[Quota, Used], applicant: Applicant, code: str) -> None:
    space = contest.spaces[code]
    used.update({quota: used[quota].with_one_more(space) for quota in contest.quotas if quota.covers(applicant)})


def _as_decided(contest: Round, applicant: Applicant) -> list[Verdict]:
    given = contest.decided[applicant.code]
    preferences = dict.fromkeys(applicant.preferences)
    return [Verdict(code, "decided" if code == given else "withheld", holder=None) for code in preferences]


def _place(proposal: Proposal, applicant: str, space: str) -> None:
    proposal.places[applicant] = space
    proposal.holders[space] = applicant


def _verdict(
    contest: Round, proposal: Proposal, applicant: Applicant, code: str, quotas: Mapping[Quota, Used]
) -> Verdict:
    space = contest.spaces.get(code)
    if space is None:
        return Verdict(code, "unknown")
    unfit = misfits(applicant.need, space, applicant.size)
    if unfit:
        return Verdict(code, "unfit", misfits=unfit)
    if applicant.code in proposal.places:
        return Verdict(code, "unneeded", holder=proposal.holders.get(code))
    if code in proposal.holders:
        holder = proposal.holders[code]
        return Verdict(code, "given_otherwise" if holder in contest.decided else "taken", holder=holder)
    full = next((quota for quota, used in quotas.items() if not quota.allows(used, space)), None)
    return Verdict(code, "quota_full", quota=full) if full else Verdict(code, "placed")

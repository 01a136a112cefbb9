"""How a body votes: who is entitled, whether enough did, and whether the vote is carried; whole numbers alone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from applications.packs.model import Pack


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote as it was cast: ``for``, ``against`` or ``abstain``."""

    person_id: int
    vote: str
    is_for_city: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """Of those entitled and not conflicted, how many voted and how; ``needed`` are the votes that make a quorum."""

    entitled: int
    cast: int
    in_favour: int
    quorum: Fraction
    majority: Fraction
    city_voted: bool = False

    @property
    def needed(self) -> int:
        return max(1, -(-self.quorum * self.entitled // 1))

    @property
    def is_quorate(self) -> bool:
        return self.cast >= self.needed

    @property
    def is_carried(self) -> bool:
        """A share of the votes cast has to be for it; whoever abstains is not."""
        return self.cast > 0 and self.in_favour >= self.majority * self.cast


def share_of(pack: Pack, parameter: str) -> Fraction:
    """A parameter that is a share, as numerator and denominator."""
    numerator, denominator = pack.parameters[parameter]
    return Fraction(numerator, denominator)


def tally(
    ballots: Sequence[Ballot], entitled: Collection[int], conflicted: Collection[int], *, quorum: Fraction,
    majority: Fraction,
) -> Tally:  # fmt: skip
    """Votes of those who are conflicted do not count, nor are they counted among those entitled."""
    able = set(entitled) - set(conflicted)
    counted = [one for one in ballots if one.person_id not in conflicted]
    return Tally(
        entitled=len(able | {one.person_id for one in counted}),
        cast=len(counted),
        in_favour=sum(one.vote == "for" for one in counted),
        quorum=quorum,
        majority=majority,
        city_voted=any(one.is_for_city for one in counted),
    )

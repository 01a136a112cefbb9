"""Rounds of allocation: nobody loses a space they wanted more to somebody who ranks lower."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from parks.fit import Need, Offered, misfits
from parks.placement import Applicant, Quota, Round, propose
from parks.scoring import Criterion, Standing, score_of
from parks.stability import Complaint, complaints
from parks.whatif import alternative, sum_up

NOON = datetime(2026, 9, 1, 5, tzinfo=UTC)
SIZES, SECTORS, USES = ("small", "medium", "large"), ("ai", "chips", "bio"), ("research", "production")


def standing(code: str, score: int, minutes: int = 0) -> Standing:
    return Standing(score, NOON + timedelta(minutes=minutes), code)


def applicant(code: str, score: int, *preferences: str, minutes: int = 0, size: str = "small") -> Applicant:
    return Applicant(standing(code, score, minutes), size, "ai", Need(Decimal(10)), preferences)


def spaces(*codes: str) -> Mapping[str, Offered]:
    return {code: Offered(code, Decimal(100), "research") for code in codes}


def random_round(chance: random.Random, firms: int, units: int) -> Round:
    """Scores often tie, quotas are tight, preferences overlap, and many spaces do not fit."""
    offered = {
        f"U{number}": Offered(
            f"U{number}",
            Decimal(chance.randint(20, 400)),
            chance.choice(USES),
            power_kw=Decimal(chance.randint(0, 100)),
            kept_for=chance.choice([None, None, None, "small"]),
        )
        for number in range(units)
    }
    applicants = [
        Applicant(
            standing(f"A{number:03d}", chance.randint(0, 20) * 500, chance.randint(0, 30)),
            chance.choice(SIZES),
            chance.choice(SECTORS),
            Need(
                Decimal(chance.randint(10, 200)),
                use=chance.choice([None, *USES]),
                power_kw=Decimal(chance.randint(0, 60)),
            ),
            chance.sample(sorted(offered), k=min(len(offered), chance.randint(1, 8))),
        )
        for number in range(firms)
    ]
    quotas = [
        Quota("size", "large", most_spaces=chance.randint(0, 3)),
        Quota("sector", "chips", most_m2=Decimal(chance.randint(0, 900))),
    ]
    return Round(offered, applicants, quotas)


def fits(contest: Round, code: str, space: str) -> bool:
    (firm,) = (one for one in contest.applicants if one.code == code)
    return space in firm.preferences and not misfits(firm.need, contest.spaces[space], firm.size)


def test_a_thousand_random_rounds_are_stable() -> None:
    placed = refused_by_quota = 0
    for seed in range(1_000):
        chance = random.Random(seed)  # noqa: S311 - rounds to test with
        contest = random_round(chance, chance.randint(1, 30), chance.randint(1, 20))

        proposal = propose(contest)

        assert complaints(contest, proposal.places) == [], seed
        assert len(set(proposal.places.values())) == len(proposal.places)
        assert all(fits(contest, code, space) for code, space in proposal.places.items())
        placed += len(proposal.places)
        refused_by_quota += sum(one.outcome == "quota_full" for rows in proposal.verdicts.values() for one in rows)
    assert placed > 3_000
    assert refused_by_quota > 1_000


def test_the_test_of_stability_finds_an_unstable_outcome() -> None:
    contest = Round(spaces("A", "B"), [applicant("one", 90, "A", "B"), applicant("two", 80, "A", "B")])

    assert complaints(contest, {"one": "B", "two": "A"}) == [Complaint("one", "A", "two")]
    assert complaints(contest, {"two": "A"}) == [Complaint("one", "A", "two"), Complaint("one", "B", None)]


def test_of_equal_scores_the_dossier_complete_first_wins() -> None:
    contest = Round(spaces("A", "B"), [applicant("late", 80, "A", "B", minutes=1), applicant("early", 80, "A", "B")])

    assert propose(contest).places == {"early": "A", "late": "B"}


def test_each_preference_has_its_verdict() -> None:
    offered = dict(spaces("A", "B", "C", "D")) | {"S": Offered("S", Decimal(5), "research")}
    firms = [
        applicant("best", 90, "A", "B", size="large"),
        applicant("second", 80, "A", "S", "Z", "B", "C"),
        applicant("third", 70, "D", size="large"),
    ]

    proposal = propose(Round(offered, firms, [Quota("size", "large", most_spaces=1)]))

    verdicts = {code: [(one.space, one.outcome) for one in rows] for code, rows in proposal.verdicts.items()}
    assert verdicts == {
        "best": [("A", "placed"), ("B", "unneeded")],
        "second": [("A", "taken"), ("S", "unfit"), ("Z", "unknown"), ("B", "placed"), ("C", "unneeded")],
        "third": [("D", "quota_full")],
    }
    assert proposal.verdicts["second"][0].holder == "best"
    assert list(proposal.verdicts["second"][1].misfits) == ["area_too_small"]
    assert proposal.waiting == ["third"]


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (Need(Decimal(10), Decimal(50)), ["area_too_large"]),
        (Need(Decimal(10), use="production"), ["other_use"]),
        (Need(Decimal(10), power_kw=Decimal(1)), ["power_too_low"]),
        (Need(Decimal(10), water_m3_day=Decimal(1), floor_load_kg_m2=Decimal(1)), ["water_too_low", "floor_too_weak"]),
        (Need(Decimal(100)), []),
    ],
)
def test_what_is_not_known_of_a_space_is_not_enough(need: Need, expected: list[str]) -> None:
    assert misfits(need, Offered("A", Decimal(100), "research"), "small") == expected


def test_a_score_weighs_the_published_criteria() -> None:
    criteria = [Criterion("technology", 3, 10), Criterion("plan", 1, 5), Criterion("note", 0, 5)]

    assert score_of({"technology": 7, "plan": 5}, criteria) == 7_750
    assert score_of({"technology": Fraction(20, 3)}, criteria) == 5_000
    with pytest.raises(ValueError, match="published"):
        score_of({"favour": 1}, criteria)
    with pytest.raises(ValueError, match="between"):
        score_of({"plan": 6}, criteria)


def test_alternatives_reach_what_stability_gives_away() -> None:
    offered = {"small": Offered("small", Decimal(50), "research"), "large": Offered("large", Decimal(300), "research")}
    firms = [applicant("best", 90, "large", "small"), applicant("other", 40, "large")]
    contest = Round(offered, firms, [Quota("sector", "ai", most_m2=Decimal(350))])

    stable = sum_up(contest, propose(contest).places)
    fullest = alternative(contest, "fullest_use")

    assert (stable.firms, stable.area_m2, stable.complaints) == (1, Decimal(300), 0)
    assert fullest.places == {"best": "small", "other": "large"}
    assert (fullest.score, fullest.area_m2, fullest.complaints) == (130, Decimal(350), 1)


@pytest.mark.parametrize("objective", ["highest_score", "fullest_use", "most_firms"])
def test_an_alternative_keeps_fit_and_quotas_and_is_never_worse(objective: str) -> None:
    contest = random_round(random.Random(3), 120, 200)  # noqa: S311 - a round to test with
    measure = {"highest_score": "score", "fullest_use": "area_m2", "most_firms": "firms"}[objective]

    outcome = alternative(contest, objective)

    assert getattr(outcome, measure) >= getattr(sum_up(contest, propose(contest).places), measure)
    assert all(fits(contest, code, space) for code, space in outcome.places.items())
    assert sum(one.size == "large" for one in contest.applicants if one.code in outcome.places) <= (
        contest.quotas[0].most_spaces or 0
    )

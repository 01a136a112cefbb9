"""The waterfall of a whole fund against worked examples, and that nothing is lost in it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.waterfall import Terms, Tier, pour

USUAL = Terms(Decimal("0.08"), Decimal(1), Decimal("0.20"))


def shares(tiers: list[Tier]) -> tuple[Decimal, Decimal]:
    return sum((tier.lp for tier in tiers), Decimal(0)), sum((tier.gp for tier in tiers), Decimal(0))


@pytest.mark.parametrize(
    ("proceeds", "lp", "gp"),
    [("0", "0", "0"), ("120", "120", "0"), ("146.932808", "146.932808", "0"), ("160", "148", "12")],
)
def test_the_examples_of_the_reference(proceeds: str, lp: str, gp: str) -> None:
    tiers = pour(USUAL, contributed=Decimal(100), years=Decimal(5), proceeds=Decimal(proceeds))

    assert shares(tiers) == (Decimal(lp), Decimal(gp))


def test_the_tiers_one_by_one() -> None:
    tiers = pour(USUAL, contributed=Decimal(100), years=Decimal(5), proceeds=Decimal(160))

    assert [(tier.name, tier.lp, tier.gp) for tier in tiers] == [
        ("capital", Decimal(100), Decimal(0)),
        ("preferred", Decimal("46.932808"), Decimal(0)),
        ("catch_up", Decimal(0), Decimal("11.733202")),
        ("carry", Decimal("1.067192"), Decimal("0.266798")),
    ]


def test_half_a_catch_up_takes_longer() -> None:
    half = Terms(Decimal("0.08"), Decimal("0.5"), Decimal("0.20"))
    tiers = pour(half, contributed=Decimal(100), years=Decimal(1), proceeds=Decimal(1000))

    assert shares(tiers) == (Decimal(820), Decimal(180))


def test_without_catch_up_the_hurdle_stays_with_the_investors() -> None:
    tiers = pour(
        Terms(Decimal("0.08"), Decimal(0), Decimal("0.20")),
        contributed=Decimal(100),
        years=Decimal(1),
        proceeds=Decimal(208),
    )

    assert shares(tiers) == (Decimal(188), Decimal(20))


rates = st.decimals(0, 1, places=3)
money = st.decimals(0, 10**12, places=6)


@given(st.builds(Terms, rates, rates, rates), money, st.decimals(0, 30, places=2), money)
def test_investors_and_manager_get_the_proceeds(
    terms: Terms, contributed: Decimal, years: Decimal, proceeds: Decimal
) -> None:
    tiers = pour(terms, contributed=contributed, years=years, proceeds=proceeds)
    lp, gp = shares(tiers)

    assert lp + gp == proceeds
    assert lp >= 0
    assert gp >= 0
    assert gp <= max(Decimal(0), proceeds - contributed) * max(terms.carry, terms.catch_up) + Decimal("0.000001")


@given(money, st.decimals(0, 30, places=2), money)
def test_the_manager_never_has_more_than_its_carry_of_the_profit(
    contributed: Decimal, years: Decimal, proceeds: Decimal
) -> None:
    _, gp = shares(pour(USUAL, contributed=contributed, years=years, proceeds=proceeds))

    assert gp <= max(Decimal(0), proceeds - contributed) * USUAL.carry + Decimal("0.000001")

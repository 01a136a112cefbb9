"""The ceilings of public capital, exact to the đồng at and around their edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.ceiling import AMOUNT, SHARE, Ceiling, examine, share_rounded_up
from fund.statute import ceiling_on, enacted_ceilings

BILLION = 10**9
HVCF = Ceiling(600 * BILLION, 49, 100)
amounts = st.integers(0, 10**15)


def test_the_least_private_money_beside_the_whole_amount_of_the_city() -> None:
    assert HVCF.private_min(600 * BILLION) == 624_489_795_919
    assert HVCF.allows(600 * BILLION, 624_489_795_919)
    assert HVCF.breaches(600 * BILLION, 624_489_795_918) == [SHARE]


@pytest.mark.parametrize(("private", "most"), [(500 * BILLION, 480_392_156_862), (1000 * BILLION, 600 * BILLION)])
def test_the_most_that_the_city_may_give(private: int, most: int) -> None:
    assert HVCF.city_max(private) == most


def test_a_withdrawal_and_its_cure_either_way() -> None:
    finding = examine(HVCF, 600 * BILLION, 600 * BILLION)

    assert (finding.is_allowed, finding.share) == (False, "0.500000")
    assert finding.cure.private_top_up == 24_489_795_919
    assert finding.cure.city_reduction == 23_529_411_765


def test_no_private_money_heals_an_amount_that_is_too_high() -> None:
    finding = examine(HVCF, 600 * BILLION + 1, 10**13)

    assert list(finding.breaches) == [AMOUNT]
    assert (finding.private_min, finding.cure.private_top_up, finding.cure.city_reduction) == (None, None, 1)


def test_a_share_above_the_ceiling_never_looks_like_the_ceiling() -> None:
    assert examine(HVCF, 490_000_001, 509_999_999).share == "0.490001"


def test_nothing_at_all_is_allowed() -> None:
    finding = examine(HVCF, 0, 0)

    assert (finding.is_allowed, finding.share, finding.city_max) == (True, "0.000000", 0)


@given(amounts, amounts)
def test_either_cure_is_the_smallest_that_heals(city: int, private: int) -> None:
    finding = examine(HVCF, city, private)
    cure = finding.cure

    assert HVCF.allows(city - cure.city_reduction, private)
    assert not cure.city_reduction or not HVCF.allows(city - cure.city_reduction + 1, private)
    if cure.private_top_up is not None:
        assert HVCF.allows(city, private + cure.private_top_up)
        assert not cure.private_top_up or not HVCF.allows(city, private + cure.private_top_up - 1)


@given(amounts, amounts)
def test_the_room_that_is_left_may_be_used_to_the_last_dong(city: int, private: int) -> None:
    finding = examine(HVCF, city, private)

    if finding.is_allowed:
        assert HVCF.allows(city + finding.headroom, private)
        assert not HVCF.allows(city + finding.headroom + 1, private)


@given(amounts, amounts)
def test_a_share_is_rounded_up_by_less_than_one_step(part: int, rest: int) -> None:
    steps = int(share_rounded_up(part, part + rest).replace(".", ""))

    assert part + rest == 0 or (steps - 1) * (part + rest) < part * 10**6 <= steps * (part + rest)


@pytest.mark.parametrize(("city", "private"), [(-1, 5), (5, -1)])
def test_amounts_below_zero_are_no_amounts(city: int, private: int) -> None:
    with pytest.raises(ValueError, match="below zero"):
        examine(HVCF, city, private)


def test_the_enacted_ceiling_names_its_source() -> None:
    enacted = enacted_ceilings()[0]

    assert ceiling_on(enacted.valid_from) == enacted
    assert enacted.ceiling == HVCF
    assert set(enacted.source) == {"vi", "en", "fr"}

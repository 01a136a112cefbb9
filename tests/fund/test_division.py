"""Capital calls divided to the đồng."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fund.division import Commitment, divide_call

CITY = Commitment("city", 600_000_000_000, is_public=True)
PRIVATE = [Commitment("A", 300_000_000_000), Commitment("B", 200_000_000_000), Commitment("C", 124_489_795_919)]

commitments = st.lists(
    st.builds(Commitment, st.just("x"), st.integers(0, 10**12), st.booleans()), min_size=1, max_size=8
).filter(lambda some: sum(one.amount for one in some) > 0)


def test_the_call_of_the_reference() -> None:
    parts = divide_call(100_000_000_000, [CITY, *PRIVATE])

    assert parts == [49_000_000_000, 24_500_000_000, 16_333_333_333, 10_166_666_667]


def test_the_public_part_is_rounded_down_even_with_the_largest_remainder() -> None:
    parts = divide_call(10, [Commitment("city", 49, is_public=True), Commitment("A", 26), Commitment("B", 25)])

    assert parts == [4, 3, 3]


def test_a_share_of_the_city_that_is_really_a_fraction_is_never_rounded_up() -> None:
    parts = divide_call(51, [Commitment("city", 49, is_public=True), Commitment("A", 51)])

    assert parts == [24, 27]


def test_where_all_money_is_public_the_parts_still_add_up() -> None:
    assert divide_call(3, [Commitment("city", 1, is_public=True), Commitment("state", 1, is_public=True)]) == [2, 1]


@pytest.mark.parametrize(("amount", "some"), [(1, []), (1, [Commitment("A", 0)]), (-1, [Commitment("A", 1)])])
def test_nothing_can_be_divided_among_nothing(amount: int, some: list[Commitment]) -> None:
    with pytest.raises(ValueError, match="committed"):
        divide_call(amount, some)


@given(st.integers(0, 10**13), commitments)
def test_the_parts_add_up_and_the_public_is_never_rounded_up(amount: int, some: list[Commitment]) -> None:
    parts = divide_call(amount, some)
    total = sum(one.amount for one in some)

    assert sum(parts) == amount
    assert all(part == 0 for part, one in zip(parts, some, strict=True) if not one.amount)
    if any(one.amount and not one.is_public for one in some):
        for part, one in zip(parts, some, strict=True):
            assert not one.is_public or amount * one.amount // total <= part <= amount * one.amount / total + 0.05
            assert one.is_public or part >= amount * one.amount // total

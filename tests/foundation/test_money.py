"""Money: read as people type it, written as languages do, divided so that nothing is lost."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.money import LARGEST, NotAnAmount, format_number, format_vnd, largest_remainder, parse_vnd
from foundation.reasons import registered_reasons
from foundation.wording import LANGUAGES

amounts = st.integers(0, LARGEST)


@pytest.mark.parametrize(
    "text",
    [
        "1.000.000",
        "1,000,000",
        "1 000 000",
        "1\u00a0000\u00a0000",
        "1000000",
        " 1.000.000 đ ",
        "1.000.000 đồng",
        "1,000,000 VND",
        "1000000₫",
    ],
)
def test_amounts_are_read_as_people_type_them(text: str) -> None:
    assert parse_vnd(text) == 1_000_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.5", "not_an_amount"),
        ("1000.00", "not_an_amount"),
        ("1.000,5", "not_an_amount"),
        ("1.000,000", "not_an_amount"),
        ("10.00.000", "not_an_amount"),
        ("1e6", "not_an_amount"),
        ("", "not_an_amount"),
        ("đ", "not_an_amount"),
        ("một triệu", "not_an_amount"),
        ("１２３", "not_an_amount"),
        ("-5", "amount_negative"),
        ("9223372036854775808", "amount_too_large"),
        ("9" * 5000, "amount_too_large"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        parse_vnd(text)
    assert refusal.value.reason.code == code
    assert code in registered_reasons()


def test_negative_amounts_are_read_where_they_may_be() -> None:
    assert parse_vnd("-1.000", may_be_negative=True) == -1000
    assert parse_vnd("−1.000 đ", may_be_negative=True) == -1000
    assert parse_vnd("-0") == 0


@pytest.mark.parametrize(
    ("language", "text"),
    [("vi", "1.234.567 đồng"), ("en", "VND 1,234,567"), ("fr", "1\u202f234\u202f567 VND")],
)
def test_amounts_are_written_as_the_language_does(language: str, text: str) -> None:
    assert format_vnd(1_234_567, language) == text


@given(amounts, st.sampled_from(LANGUAGES))
def test_what_is_written_is_read_back(amount: int, language: str) -> None:
    assert parse_vnd(format_number(amount, language)) == amount


@given(st.text())
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount = parse_vnd(text)
    except NotAnAmount:
        return
    assert 0 <= amount <= LARGEST


weights = st.lists(st.integers(0, 10**15), min_size=1, max_size=30).filter(any)


@given(st.integers(0, 10**16), weights)
def test_parts_add_up_and_stay_within_one_of_their_share(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - Fraction(total * weight, sum(weights))) < 1


@given(st.integers(0, 10**16), weights)
def test_a_heavier_weight_never_gets_less(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    ordered = sorted(zip(weights, parts, strict=True))
    assert all(light[1] <= heavy[1] for light, heavy in pairwise(ordered) if light[0] < heavy[0])


def test_equal_remainders_go_to_the_first() -> None:
    assert largest_remainder(2, [1, 1, 1]) == [1, 1, 0]
    assert largest_remainder(10, [Fraction(1, 3), Fraction(2, 3)]) == [3, 7]


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_that_cannot_divide_are_refused(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        largest_remainder(10, weights)

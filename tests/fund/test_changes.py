"""Distributions, transfers, reductions, defaults and late interest on the pure book."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import Blocked, Reason
from fund.capital import (
    CHARTER,
    CHARTER_BASE,
    DISTRIBUTED,
    INTEREST,
    PAID,
    PAID_BASE,
    RECEIVABLE,
    UNCALLED,
    Book,
    call,
    payment,
    post,
)
from fund.changes import default, distribution, interest, parts_of_distribution, reduction, transfer
from tests.fund.test_capital import CITY, PRIVATE, founded, reasons

FIRST, SECOND = PRIVATE[0], PRIVATE[1]


def paid_in() -> Book:
    """490 of the city beside 510 of one other, all called and paid."""
    book = post(founded(510, city=490), call({CITY: 490, FIRST: 510}))
    return post(post(book, payment(FIRST, 510)), payment(CITY, 490))


@given(st.integers(1, 1000))
def test_a_recallable_distribution_can_be_called_again_and_breaks_no_ceiling(amount: int) -> None:
    book = post(paid_in(), distribution(paid_in(), amount, is_recallable=True))

    assert book.finding(PAID_BASE).is_allowed
    assert sum(book.of(one, DISTRIBUTED) for one in (CITY, FIRST)) == amount
    assert sum(book.of(one, UNCALLED) for one in (CITY, FIRST)) == amount
    assert all(book.of(one, CHARTER) == book.of(one, UNCALLED) + book.of(one, PAID) for one in (CITY, FIRST))


def test_what_is_not_recallable_leaves_capital_as_it_is() -> None:
    book = post(paid_in(), distribution(paid_in(), 100, is_recallable=False))

    assert (book.of(CITY, DISTRIBUTED), book.of(CITY, PAID), book.of(CITY, UNCALLED)) == (49, 490, 0)


def test_no_more_is_distributed_than_there_is() -> None:
    book = replace(paid_in(), cash=700)

    with pytest.raises(Blocked) as refused:
        post(book, distribution(book, 701, is_recallable=False))

    assert refused.value.reasons == (Reason("fund_cash_short", {"most_vnd": 700}),)
    assert post(book, distribution(book, 700, is_recallable=True)).cash == 0


def test_the_citys_part_of_a_distribution_is_rounded_up() -> None:
    assert parts_of_distribution(paid_in(), 101) == {CITY: 50, FIRST: 51}


def test_nothing_is_returned_to_those_who_paid_nothing() -> None:
    with pytest.raises(Blocked) as refused:
        distribution(founded(10), 1, is_recallable=False)

    assert reasons(refused) == ["fund_nothing_paid"]


def test_a_transfer_takes_along_what_is_called_and_paid() -> None:
    book = post(founded(100, 50), call({FIRST: 60}))
    book = post(book, payment(FIRST, 20))

    after = post(book, transfer(book, FIRST, SECOND, 50))

    assert [after.of(SECOND, account) for account in (CHARTER, UNCALLED, RECEIVABLE, PAID)] == [100, 70, 20, 10]
    assert [after.of(FIRST, account) for account in (CHARTER, UNCALLED, RECEIVABLE, PAID)] == [50, 20, 20, 10]


def test_a_transfer_to_a_seventh_investor_is_refused_unless_the_giver_leaves() -> None:
    book = founded(1, 2, 2, 2, 2, 2)

    with pytest.raises(Blocked) as refused:
        post(book, transfer(book, SECOND, PRIVATE[6], 1))

    assert reasons(refused) == ["fund_too_many_investors"]
    assert post(book, transfer(book, FIRST, PRIVATE[6], 1)).private_investors() == 6


def test_the_city_takes_over_no_more_than_its_ceiling() -> None:
    book = founded(510, 10, city=490)

    with pytest.raises(Blocked) as refused:
        post(book, transfer(book, SECOND, CITY, 10))

    assert refused.value.reasons[0].code == "fund_city_above_charter_capital"


def test_more_than_the_giver_has_is_refused_with_the_most() -> None:
    with pytest.raises(Blocked) as refused:
        transfer(founded(10, 10), FIRST, SECOND, 11)

    assert refused.value.reasons[0].facts["most_vnd"] == 10


def test_only_what_is_not_called_yet_can_be_given_up() -> None:
    book = post(founded(10), call({FIRST: 6}))

    with pytest.raises(Blocked) as refused:
        post(book, reduction(FIRST, 5))

    assert refused.value.reasons[0].facts["most_vnd"] == 4
    assert post(book, reduction(FIRST, 4)).of(FIRST, CHARTER) == 6


def test_a_default_leaves_what_is_paid_and_may_lead_into_a_breach() -> None:
    book = post(founded(510, city=490), call({CITY: 49, FIRST: 51}))
    book = post(book, payment(FIRST, 30))

    after = post(book, default(book, FIRST))

    assert [after.of(FIRST, account) for account in (CHARTER, UNCALLED, RECEIVABLE, PAID)] == [30, 0, 0, 30]
    assert not after.finding(CHARTER_BASE).is_allowed


def test_who_owes_nothing_is_not_in_default() -> None:
    with pytest.raises(Blocked) as refused:
        default(founded(10), FIRST)

    assert reasons(refused) == ["fund_nothing_overdue"]


def test_interest_is_no_contribution() -> None:
    book = post(founded(10), interest(FIRST, 3))

    assert (book.of(FIRST, INTEREST), book.of(FIRST, PAID), book.of(FIRST, CHARTER)) == (3, 0, 10)

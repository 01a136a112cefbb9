"""The capital of a fund as a pure book: whatever happens, accounts balance and city money never rises into a breach."""

from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.errors import Blocked
from fund.capital import (
    ACCOUNTS,
    AFTER_LEAVING,
    CHARTER,
    CHARTER_BASE,
    CREDITS,
    INVESTED,
    PAID,
    PAID_BASE,
    RECEIVABLE,
    SPENT,
    UNCALLED,
    Book,
    Contributor,
    Limits,
    Line,
    call,
    commitment,
    investment,
    payment,
    post,
    reversed_lines,
    withdrawal,
    withdrawal_notice,
)
from fund.ceiling import Ceiling

CITY = Contributor("city", is_city=True)
PRIVATE = [Contributor(f"P{number}") for number in range(1, 9)]
LIMITS = Limits(Ceiling(600, 49, 100), 6)

SEQUENCES = 100
"""For each seed of a hundred: ten thousand in all, and a million by ``make fuzz``."""
TELLING = (1, 49, 50, 51, 99, 100, 300, 600)
"""Amounts about the limits, which chance alone would seldom meet."""
KINDS = ("commit", "call", "pay", "notice", "withdraw", "invest", "reverse")


def sequences(seed: int) -> Iterator[list[tuple[str, Contributor, int]]]:
    """Lists of up to a dozen events, the same for the same seed."""
    chance = Random(seed)  # noqa: S311 - examples, no secrets
    for _ in range(SEQUENCES):
        yield [
            (
                chance.choice(KINDS),
                chance.choice([CITY, *PRIVATE]),
                chance.choice([chance.choice(TELLING), chance.randint(1, 700)]),
            )
            for _ in range(chance.randint(1, 12))
        ]


def founded(*amounts: int, city: int = 0, limits: Limits = LIMITS) -> Book:
    book = Book(limits)
    for one, amount in zip(PRIVATE, amounts, strict=False):
        book = post(book, commitment(one, amount))
    return post(book, commitment(CITY, city)) if city else book


def reasons(refused: "pytest.ExceptionInfo[Blocked]") -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def lines_for(book: Book, kind: str, one: Contributor, amount: int, posted: list[list[Line]]) -> list[Line]:
    match kind:
        case "commit":
            return commitment(one, amount)
        case "call":
            return call({one: amount})
        case "pay":
            return payment(one, amount)
        case "notice":
            return withdrawal_notice(one, amount)
        case "withdraw":
            return withdrawal(book, one, amount)
        case "invest":
            return investment(book, 1 + amount % book.money) if book.money > 0 else commitment(one, amount)
    return reversed_lines(posted[amount % len(posted)]) if posted else commitment(one, amount)


@given(st.integers(0, 2**32))
def test_no_sequence_of_events_lets_city_money_rise_into_a_breach(seed: int) -> None:
    for sequence in sequences(seed):
        _play(sequence)


def _play(sequence: list[tuple[str, Contributor, int]]) -> None:
    book = Book(LIMITS)
    posted: list[list[Line]] = []
    for kind, one, amount in sequence:
        try:
            lines = lines_for(book, kind, one, amount, posted)
            after = post(book, lines)
        except Blocked:
            continue
        if any(line.account == SPENT and line.amount < 0 for line in lines):
            assert after.money >= 0
        for base, account in ((CHARTER_BASE, CHARTER), (PAID_BASE, PAID)):
            if after.total(account, is_city=True) > book.total(account, is_city=True):
                assert after.finding(base).is_allowed
        if not book.is_in_breach and after.is_in_breach:
            assert kind in ("withdraw", "reverse", "reduce", "default")
        book = after
        posted.append(lines)
    _check(book)


def _check(book: Book) -> None:
    assert sum(book.balances.values()) == 0
    for one in book.contributors():
        assert all(book.of(one, account) >= 0 for account in ACCOUNTS)
        assert book.of(one, CHARTER) == sum(book.of(one, account) for account in (UNCALLED, RECEIVABLE, PAID))
    assert book.private_investors() <= 6


@given(st.lists(st.integers(1, 400), min_size=1, max_size=6), st.integers(1, 700))
def test_the_most_that_a_refusal_tells_is_still_allowed_and_no_more(private: list[int], city: int) -> None:
    book = founded(*private)
    try:
        post(book, commitment(CITY, city))
    except Blocked as refusal:
        most = refusal.reasons[0].facts["most_vnd"]
        assert most < city
        with pytest.raises(Blocked):
            post(book, commitment(CITY, most + 1))
        assert most == 0 or post(book, commitment(CITY, most))


def test_the_city_pays_after_the_others() -> None:
    book = post(founded(510, city=490), call({CITY: 490, PRIVATE[0]: 510}))

    with pytest.raises(Blocked) as refused:
        post(book, payment(CITY, 1))

    assert reasons(refused) == ["fund_city_above_paid_in"]
    paid = post(post(book, payment(PRIVATE[0], 510)), payment(CITY, 490))
    assert paid.finding(PAID_BASE).share == "0.490000"


def test_a_private_withdrawal_leads_into_a_breach_that_freezes_city_calls() -> None:
    book = post(founded(600, 100, city=600), withdrawal(founded(600, 100, city=600), PRIVATE[1], 100))

    assert book.is_in_breach
    cure = book.finding(CHARTER_BASE).cure
    assert (cure.private_top_up, cure.city_reduction) == (25, 24)
    with pytest.raises(Blocked) as refused:
        post(book, call({CITY: 1}))
    assert reasons(refused) == ["fund_city_calls_frozen"]
    assert not post(book, commitment(PRIVATE[2], 25)).is_in_breach
    assert not post(book, withdrawal(book, CITY, 24)).is_in_breach


def test_an_announced_withdrawal_warns_before_it_happens() -> None:
    book = post(founded(600, 100, city=600), withdrawal_notice(PRIVATE[1], 100))

    assert not book.is_in_breach
    assert not book.finding(AFTER_LEAVING).is_allowed
    assert not post(book, withdrawal(book, PRIVATE[1], 100)).balances[PRIVATE[1], "leaving"]


def test_a_seventh_investor_is_refused() -> None:
    with pytest.raises(Blocked) as refused:
        founded(1, 1, 1, 1, 1, 1, 1)

    assert reasons(refused) == ["fund_too_many_investors"]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (call({PRIVATE[0]: 11}), "fund_uncalled_overdrawn"),
        (payment(PRIVATE[0], 1), "fund_receivable_overdrawn"),
        (reversed_lines(commitment(PRIVATE[1], 1)), "fund_uncalled_overdrawn"),
    ],
)
def test_no_account_is_overdrawn(lines: list[Line], reason: str) -> None:
    with pytest.raises(Blocked) as refused:
        post(founded(10), lines)

    assert reason in reasons(refused)


def test_more_than_was_paid_cannot_be_taken_back() -> None:
    book = founded(10)

    with pytest.raises(Blocked) as refused:
        post(book, withdrawal(book, PRIVATE[0], 11))

    assert set(reasons(refused)) == {"fund_charter_overdrawn", "fund_paid_overdrawn"}


@pytest.mark.parametrize("lines", [[], [Line(CITY, PAID, 1)]])
def test_an_entry_balances(lines: list[Line]) -> None:
    with pytest.raises(ValueError, match="balance"):
        post(Book(LIMITS), lines)


def test_credits_are_shown_above_zero() -> None:
    assert {account for account in ACCOUNTS if founded(5).of(PRIVATE[0], account) > 0} == {CHARTER, UNCALLED}
    assert CHARTER in CREDITS


def test_an_investment_is_borne_in_proportion_by_those_whose_money_is_there() -> None:
    book = founded(600, 300, city=300)
    book = post(book, call({PRIVATE[0]: 200, PRIVATE[1]: 100, CITY: 100}))
    for one, amount in ((PRIVATE[0], 200), (PRIVATE[1], 50), (CITY, 100)):
        book = post(book, payment(one, amount))

    after = post(book, investment(book, 100))

    assert [after.of(one, INVESTED) for one in (PRIVATE[0], PRIVATE[1], CITY)] == [57, 14, 29]
    assert [after.of(one, SPENT) for one in (PRIVATE[0], PRIVATE[1], CITY)] == [57, 14, 29]
    assert after.money == 250
    assert after.finding(PAID_BASE) == book.finding(PAID_BASE)


def test_nothing_is_spent_that_was_not_paid_in() -> None:
    book = post(post(founded(600), call({PRIVATE[0]: 100})), payment(PRIVATE[0], 100))
    book = post(book, investment(book, 60))

    with pytest.raises(Blocked) as refused:
        post(book, investment(book, 41))

    assert [(reason.code, reason.facts) for reason in refused.value.reasons] == [("fund_money_short", {"most_vnd": 40})]
    assert post(book, investment(book, 40)).money == 0

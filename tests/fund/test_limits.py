"""The limits of a deal and the count of votes, without a database: exact, to the đồng."""

from fractions import Fraction

import pytest

from applications.voting import Ballot, tally
from fund.limits import Allowance, Holding, Standing, broken, examine_deal, percent, share_after

CALM = Standing(charter=1_000, callable_money=500, promised=100, losses=50, is_in_breach=False)
TWO_THIRDS = Fraction(2, 3)


def reasons(amount: int, pre_money: int, standing: Standing, allowed: Allowance) -> list[tuple[str, dict[str, object]]]:
    return [(one.code, dict(one.facts)) for one in broken(examine_deal(amount, pre_money, standing, allowed))]


@pytest.mark.parametrize(
    ("amount", "pre_money", "allowed", "code"),
    [
        (400, 401, Allowance(company_share=50), None),
        (401, 10_000, Allowance(), "deal_unfunded"),
        (400, 399, Allowance(company_share=50), "deal_company_share"),
        (150, 10_000, Allowance(concentration=15), None),
        (151, 10_000, Allowance(concentration=15), "deal_concentration"),
        (200, 10_000, Allowance(loss=25), None),
        (201, 10_000, Allowance(loss=25), "deal_loss"),
    ],
)
def test_each_limit_holds_to_the_dong(amount: int, pre_money: int, allowed: Allowance, code: str | None) -> None:
    assert [found for found, _ in reasons(amount, pre_money, CALM, allowed)] == ([code] if code else [])


def test_a_refusal_names_the_most_that_is_allowed() -> None:
    assert reasons(401, 10_000, CALM, Allowance()) == [("deal_unfunded", {"reached_vnd": 401, "most_vnd": 400})]


def test_a_breach_freezes_new_deals_whatever_else_holds() -> None:
    breached = Standing(charter=1_000, callable_money=500, promised=0, losses=0, is_in_breach=True)

    assert reasons(1, 100, breached, Allowance()) == [("deal_fund_in_breach", {})]


def test_what_was_held_before_is_diluted_and_counts_too() -> None:
    held = [Holding(paid=100, share=Fraction(1, 5))]
    standing = Standing(charter=1_000, callable_money=900, promised=0, losses=0, is_in_breach=False, held=held)

    assert share_after(100, 300, held) == Fraction(1, 4) + Fraction(1, 5) * Fraction(3, 4)
    found = reasons(100, 300, standing, Allowance(concentration=19, company_share=39))
    assert [code for code, _ in found] == ["deal_concentration", "deal_company_share"]
    assert found[1][1] == {"reached": "40.00", "most": "39.00"}


def test_percentages_are_rounded_up() -> None:
    assert [percent(share) for share in (Fraction(1, 3), Fraction(1, 2), Fraction(50_001, 100_000))] == [
        "33.34",
        "50.00",
        "50.01",
    ]


def test_the_conflicted_are_neither_counted_nor_needed() -> None:
    ballots = [Ballot(1, "against"), Ballot(2, "for"), Ballot(3, "for", is_for_city=True)]

    found = tally(ballots, {1, 2, 3, 4}, {1}, quorum=TWO_THIRDS, majority=TWO_THIRDS)

    assert (found.entitled, found.needed, found.cast, found.in_favour) == (3, 2, 2, 2)
    assert (found.is_quorate, found.is_carried, found.city_voted) == (True, True, True)


def test_whoever_abstains_makes_the_quorum_and_not_the_majority() -> None:
    ballots = [Ballot(1, "for"), Ballot(2, "abstain"), Ballot(3, "for"), Ballot(4, "abstain")]

    found = tally(ballots, {1, 2, 3, 4, 5, 6}, set(), quorum=TWO_THIRDS, majority=TWO_THIRDS)

    assert (found.is_quorate, found.is_carried) == (True, False)


def test_nobody_carries_nothing() -> None:
    found = tally([], set(), set(), quorum=TWO_THIRDS, majority=TWO_THIRDS)

    assert (found.needed, found.is_quorate, found.is_carried) == (1, False, False)

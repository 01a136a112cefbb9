"""The life of a deal: from the application to the payment in the ledger, and every gate that holds it back."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from foundation.actors import SYSTEM
from foundation.database import as_of, now
from foundation.errors import Blocked, Invalid, NotAllowed
from fund.books import books_of
from fund.capital import INVESTED, SPENT
from fund.limits import LOSS
from fund.models import DealCondition, DealVote, LedgerEntry, Position
from fund.operations.ledger import Voucher, invest, open_books, today, withdraw
from fund.operations.valuations import StatedValue, enter_valuation
from fund.standing import limits_of_deal
from tests.accounts.factories import actor_for, make_person
from tests.fund.dealplay import LATER, MEMBERS, DealPlay, another, make_deal_play
from tests.fund.funds import BILLION, commit


@pytest.fixture
def play(session: Session) -> DealPlay:
    return make_deal_play(session)


def codes(refused: Any) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_a_deal_ends_in_a_position_and_an_entry_of_the_ledger(play: DealPlay) -> None:
    play.until_prepared(8 * BILLION)

    play.close()

    position = play.session.scalars(select(Position)).one()
    entry = play.session.get_one(LedgerEntry, position.entry_id)
    book = books_of(play.session, play.fund).book
    assert play.application.state == "closed_invested"
    assert (position.deal_id, position.paid_vnd, position.instrument) == (
        play.deal.id,
        8 * BILLION,
        play.deal.instrument,
    )
    assert position.holder_of_record == "Công ty quản lý quỹ"
    assert (position.prepared_by_id, position.released_by_id) == (
        play.actors["case_officer"].person_id,
        play.actors["treasurer"].person_id,
    )
    assert (entry.kind, entry.fund_id) == ("investment", play.fund.id)
    assert (book.total(INVESTED, is_city=False), book.total(SPENT, is_city=False)) == (8 * BILLION, 8 * BILLION)
    assert book.money == 92 * BILLION


def test_every_stage_says_all_that_is_missing(play: DealPlay) -> None:
    play.until_diligence()
    with pytest.raises(Blocked) as terms:
        play.step("propose_terms", "case_officer")
    for strand in ("business", "technology", "legal", "finance", "ip"):
        play.step("record_diligence", "case_officer", strand=strand, finding="clear")
    play.step("record_diligence", "case_officer", strand="integrity", finding="stop")
    with pytest.raises(Blocked) as stopped:
        play.step("propose_terms", "case_officer")
    play.step("record_diligence", "case_officer", strand="integrity", finding="with_conditions")
    play.step("propose_terms", "case_officer", amount_vnd=8 * BILLION, pre_money_vnd=30 * BILLION)
    with pytest.raises(Blocked) as presented:
        play.step("present", "case_officer", meeting_on=today().isoformat())

    assert codes(terms) == ["deal_diligence_missing"] * 6
    assert [reason.facts["strand"]["en"] for reason in stopped.value.reasons] == ["Integrity and conflicts of interest"]
    assert codes(stopped) == ["deal_diligence_stops"]
    assert codes(presented) == [
        "deal_terms_not_agreed",
        "too_few_reviews",
        "reviews_still_open",
        "deal_papers_too_late",
    ]


def test_a_later_term_sheet_has_to_be_agreed_to_anew(play: DealPlay) -> None:
    play.until_agreed()
    play.step("propose_terms", "case_officer", amount_vnd=9 * BILLION, pre_money_vnd=30 * BILLION)

    with pytest.raises(Blocked) as refused:
        play.step("present", "case_officer", meeting_on=play.meeting().isoformat())

    assert codes(refused) == ["deal_terms_not_agreed"]
    assert play.deal.amount_vnd == 9 * BILLION


def test_the_body_decides_by_quorum_majority_and_the_citys_vote(play: DealPlay) -> None:
    with as_of(now() - LATER):
        play.until_decision()
        with pytest.raises(Blocked) as early:
            play.approve()
    play.vote({"member_1": "for"})
    with pytest.raises(Blocked) as alone:
        play.approve()
    play.vote({"member_2": "against", "state_representative": "for"})

    play.approve()

    assert codes(early) == [
        "deal_before_meeting",
        "deal_too_few_votes",
        "deal_instruction_missing",
        "deal_vote_not_carried",
    ]
    assert codes(alone) == ["deal_too_few_votes", "deal_instruction_missing"]
    assert play.application.state == "approved"


def test_a_vote_that_is_carried_cannot_be_recorded_as_rejected(play: DealPlay) -> None:
    with as_of(now() - LATER):
        play.until_decision()
    play.vote({"state_representative": "for", "member_1": "for", "member_2": "for"})

    with pytest.raises(Blocked) as refused:
        play.step("reject", "issuer", number="1/NQ", **play.decided())

    assert codes(refused) == ["deal_vote_carried"]


def test_dissent_is_reasoned_and_kept_with_its_words(play: DealPlay) -> None:
    with as_of(now() - LATER):
        play.until_decision()
    with pytest.raises(Invalid) as silent:
        play.step("vote", "member_1", vote="against", reason="")

    play.step("vote", "member_1", vote="against", reason="Định giá quá cao")
    with pytest.raises(Blocked) as again:
        play.step("vote", "member_1", vote="for", reason="")

    vote = play.session.scalars(select(DealVote)).one()
    assert silent.value.fields["reason"][0].code == "deal_dissent_needs_reason"
    assert codes(again) == ["deal_voted_already"]
    assert (vote.vote, vote.reason, vote.is_for_city) == ("against", "Định giá quá cao", False)


def test_the_instruction_of_the_city_is_kept_with_its_vote(play: DealPlay) -> None:
    with as_of(now() - LATER):
        play.until_decision()

    play.step("vote_for_city", "state_representative", vote="for", instruction_number="125/UBND-KT")

    vote = play.session.scalars(select(DealVote)).one()
    assert (vote.is_for_city, vote.instruction_number) == (True, "125/UBND-KT")
    assert vote.instruction_id is not None


def test_whoever_declares_an_interest_votes_no_more_and_is_not_counted(play: DealPlay) -> None:
    with as_of(now() - LATER):
        play.until_decision()
    play.vote({"member_1": "against"})
    play.step("recuse", "member_1", kind="shareholding", note="Sở hữu cổ phần của bên cùng đầu tư")
    with pytest.raises(NotAllowed):
        play.step("vote", "member_1", vote="for", reason="")
    play.vote({"member_2": "for", "state_representative": "for"})

    play.approve()

    assert play.application.state == "approved"


def test_who_presents_neither_votes_nor_records(play: DealPlay) -> None:
    person = make_person(play.session, grants=["case_officer", "issuer", "body_member"])
    play.actors["everything"] = actor_for(play.session, person)
    with as_of(now() - LATER):
        play.until_agreed()
        play.step("present", "everything", meeting_on=play.meeting().isoformat())

    refused = []
    for step in ("vote", "approve", "reject"):
        with pytest.raises(NotAllowed) as refusal:
            play.step(step, "everything")
        refused += codes(refusal)

    assert refused == ["four_eyes"] * 3


def test_a_deferred_deal_comes_back_to_a_new_round(play: DealPlay) -> None:
    with as_of(now() - LATER):
        play.until_decision()
    play.vote({"member_1": "against"})
    play.step("defer", "issuer")
    play.step("present", "case_officer", meeting_on=play.meeting().isoformat())
    play.vote({"member_1": "for"})

    votes = play.session.scalars(select(DealVote).order_by(DealVote.id)).all()
    assert [(vote.round, vote.vote) for vote in votes] == [(1, "against"), (2, "for")]


def test_no_money_before_every_condition_is_met_and_two_have_signed(play: DealPlay) -> None:
    with as_of(now() - LATER):
        play.until_decision()
    play.vote({"state_representative": "for", **dict.fromkeys(MEMBERS, "for")})
    play.approve(conditions=2)
    play.step("open_contracting", "case_officer")
    play.step("record_contract", "case_officer", signed_on=today().isoformat())
    play.step("meet_condition", "case_officer", number=2)
    with pytest.raises(Blocked) as early:
        play.step("prepare_closing", "case_officer")
    with pytest.raises(Invalid):
        play.step("meet_condition", "case_officer", number=2)
    play.step("meet_condition", "case_officer", number=1)
    with pytest.raises(Blocked) as unprepared:
        play.close()
    play.step("prepare_closing", "case_officer")
    play.actors["treasurer"], second = play.actors["case_officer"], play.actors["treasurer"]
    with pytest.raises(NotAllowed):
        play.close()
    play.actors["treasurer"] = second

    play.close()

    assert [(reason.code, reason.facts["number"]) for reason in early.value.reasons] == [("deal_condition_open", 1)]
    assert codes(unprepared) == ["deal_closing_not_prepared"]
    assert all(one.met_at for one in play.session.scalars(select(DealCondition)))


def test_whose_money_is_spent_elsewhere_meanwhile_is_not_paid(play: DealPlay) -> None:
    play.until_prepared(60 * BILLION)
    entries = play.session.scalars(select(LedgerEntry.id)).all()
    _spend(play, 50 * BILLION)

    with pytest.raises(Blocked) as refused:
        play.close()

    assert ("fund_money_short", {"most_vnd": 50 * BILLION}) in [(r.code, r.facts) for r in refused.value.reasons]
    assert play.session.scalars(select(Position)).all() == []
    assert len(play.session.scalars(select(LedgerEntry.id)).all()) == len(entries) + 1


def _spend(play: DealPlay, amount: int) -> None:
    books = open_books(play.session, "Q1", actor=SYSTEM)
    invest(play.session, books, amount, voucher=Voucher("investment", today()), actor=SYSTEM)


def test_what_another_position_lost_counts_against_the_limit(play: DealPlay) -> None:
    play.until_prepared(8 * BILLION)
    play.close()
    worth = StatedValue(3 * BILLION, today(), "net_assets", "Biên bản định giá", position=str(play.application.code))
    enter_valuation(play.session, "Q1", worth, actor=SYSTEM)
    other = another(play.session, play.fund, play.actors)
    other.apply(4 * BILLION)

    books = books_of(play.session, play.fund)
    lost = next(one for one in limits_of_deal(play.session, other.deal, books) if one.limit == LOSS)
    of_its_own = next(one for one in limits_of_deal(play.session, play.deal, books) if one.limit == LOSS)

    assert [lost.reached, lost.most] == [9 * BILLION, 100 * BILLION]
    assert of_its_own.reached == 8 * BILLION


def test_a_breach_freezes_the_deals_under_way(play: DealPlay) -> None:
    play.until_conditions()
    commit(play.session, "Q1", "city", 190 * BILLION, today())
    books = open_books(play.session, "Q1", actor=SYSTEM)
    withdraw(play.session, books, "P1", 20 * BILLION, voucher=Voucher("withdrawal", today()), actor=SYSTEM)
    play.step("meet_condition", "case_officer", number=1)

    with pytest.raises(Blocked) as refused:
        play.step("prepare_closing", "case_officer")

    assert codes(refused) == ["deal_fund_in_breach"]

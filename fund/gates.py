"""Whether a deal may go on: the gates of its stages, each of which says all that is missing."""

from collections.abc import Iterator
from datetime import date

from applications.firing import Firing
from applications.packs.model import Pack
from applications.registry import guard
from foundation.calendars import HANOI_CALENDAR, load_calendar
from foundation.errors import Reason
from foundation.wording import Trilingual
from foundation.workdays import local_date
from fund.dealroom import books_of_deal, conditions_of, deal_of, findings_of, fund_of_pack, tally_of, votes_of

STRANDS = "diligence_strands"
"""Parameter of a pack: the strands of due diligence, each a choice of ``record_diligence``."""


def strands_of(pack: Pack) -> dict[str, Trilingual]:
    """The strands that have to be recorded, in their order, with their titles."""
    step = pack.step_by_key.get("record_diligence")
    asked = step.asked("strand") if step else None
    titles = {choice.value: choice.label for choice in asked.choices} if asked else {}
    return {strand: titles[strand] for strand in pack.parameters.get(STRANDS, ()) if strand in titles}


@guard
def fund_takes_deals(firing: Firing) -> Iterator[Reason]:
    """The fund that the procedure serves is founded."""
    if fund_of_pack(firing.session, firing.pack) is None:
        yield Reason("deal_without_fund")


@guard
def fund_is_not_in_breach(firing: Firing) -> Iterator[Reason]:
    """New deals are frozen while money of the city is above a ceiling."""
    if books_of_deal(firing).book.is_in_breach:
        yield Reason("deal_fund_in_breach")


@guard
def deal_keeps_limits(firing: Firing) -> Iterator[Reason]:
    """Money, concentration, share of the company, loss over the cycle, no breach."""
    yield from (one.reason for one in findings_of(firing) if not one.is_kept)


@guard
def diligence_is_complete(firing: Firing) -> Iterator[Reason]:
    """Every strand of the pack's ``diligence_strands`` was looked into, and none says to stop."""
    latest = {event.data["strand"]: event.data for event in firing.events if event.step == "record_diligence"}
    for strand, title in strands_of(firing.pack).items():
        if strand not in latest:
            yield Reason("deal_diligence_missing", {"strand": title})
        elif latest[strand]["finding"] == "stop":
            yield Reason("deal_diligence_stops", {"strand": title})


@guard
def terms_are_agreed(firing: Firing) -> Iterator[Reason]:
    """The company agreed to the latest term sheet."""
    proposed, agreed = firing.last("propose_terms"), firing.last("agree_terms")
    if agreed is None or (proposed is not None and proposed.seq > agreed.seq):
        yield Reason("deal_terms_not_agreed")


@guard
def papers_are_in_time(firing: Firing) -> Iterator[Reason]:
    """The body has its papers ``papers_working_days`` working days before it meets."""
    days = firing.pack.parameters.get("papers_working_days", 0)
    earliest = load_calendar(firing.session, HANOI_CALENDAR).add_working_days(local_date(firing.at), days)
    asked = firing.data.get("meeting_on")
    if asked is not None and date.fromisoformat(asked) < earliest:
        yield Reason("deal_papers_too_late", {"days": days, "earliest_on": earliest.isoformat()})


@guard
def meeting_has_come(firing: Firing) -> Iterator[Reason]:
    """Nobody decides before the day of the meeting."""
    day = deal_of(firing).meeting_on
    if day is not None and local_date(firing.at) < day:
        yield Reason("deal_before_meeting", {"meeting_on": day.isoformat()})


@guard
def has_not_voted(firing: Firing) -> Iterator[Reason]:
    """Everybody votes once in a round."""
    if any(vote.person_id == firing.actor.person_id for vote in votes_of(firing)):
        yield Reason("deal_voted_already")


@guard
def vote_is_quorate(firing: Firing) -> Iterator[Reason]:
    """Enough of those entitled have voted."""
    found = tally_of(firing)
    if not found.is_quorate:
        yield Reason("deal_too_few_votes", {"needed": found.needed, "found": found.cast})


@guard
def city_has_voted(firing: Firing) -> Iterator[Reason]:
    """The state representative voted, on the written instruction that is kept with the vote."""
    if not tally_of(firing).city_voted:
        yield Reason("deal_instruction_missing")


@guard
def vote_is_carried(firing: Firing) -> Iterator[Reason]:
    """The votes for it make the majority."""
    found = tally_of(firing)
    if not found.is_carried:
        yield Reason("deal_vote_not_carried", {"in_favour": found.in_favour, "cast": found.cast})


@guard
def vote_is_not_carried(firing: Firing) -> Iterator[Reason]:
    """The votes for it do not make the majority."""
    found = tally_of(firing)
    if found.is_carried:
        yield Reason("deal_vote_carried", {"in_favour": found.in_favour, "cast": found.cast})


@guard
def conditions_are_met(firing: Firing) -> Iterator[Reason]:
    """Every condition precedent is shown to be met."""
    for one in conditions_of(firing):
        if one.met_at is None:
            yield Reason("deal_condition_open", {"number": one.number, "condition": one.condition})


@guard
def closing_is_prepared(firing: Firing) -> Iterator[Reason]:
    """The first of the two signatures is there, on the conditions as they stand."""
    if firing.last("prepare_closing") is None:
        yield Reason("deal_closing_not_prepared")


@guard
def fund_has_the_money(firing: Firing) -> Iterator[Reason]:
    """What is to be paid was paid in and is not spent."""
    money, amount = books_of_deal(firing).book.money, deal_of(firing).sought_vnd
    if amount > money:
        yield Reason("fund_money_short", {"most_vnd": max(0, money)})

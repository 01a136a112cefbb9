"""What else happens when a deal moves: its row, terms, votes, conditions; the payment is an operation of its own."""

from datetime import date

from sqlalchemy import select

from applications.firing import Firing
from applications.models import REGISTERED, Application, Decision, Document
from applications.registry import effect, needs
from foundation.errors import Blocked, Invalid
from fund.dealroom import conditions_of, deal_of, fund_of_pack, require_limits
from fund.models import Deal, DealCondition, DealVote


@effect
def open_deal(firing: Firing) -> None:
    """The dossier becomes a deal of the fund; sent again, it stays the same deal with what is asked now."""
    fund = fund_of_pack(firing.session, firing.pack)
    if fund is None or not isinstance(firing.case, Application) or firing.case.organisation_id is None:
        raise Blocked("deal_without_fund")
    answers = firing.case.answers
    deal = firing.session.scalar(select(Deal).where(Deal.case_id == firing.case.id))
    if deal is None:
        origin = "sourced" if firing.case.channel in REGISTERED else "applied"
        deal = Deal(fund_id=fund.id, case_id=firing.case.id, origin=origin, opened_at=firing.at)
        firing.session.add(deal)
    deal.organisation_id = firing.case.organisation_id
    deal.field, deal.asked_vnd = answers["field"], answers["amount_vnd"]
    firing.facts["fund"] = fund.code


@effect
@needs(instrument="choice", amount_vnd="money", pre_money_vnd="money", term_sheet="file")
def record_terms(firing: Firing) -> None:
    """Instrument, amount and valuation of the term sheet; what was agreed to before no longer counts."""
    deal, data = deal_of(firing), firing.data
    deal.instrument, deal.amount_vnd, deal.pre_money_vnd = (
        data["instrument"],
        data["amount_vnd"],
        data["pre_money_vnd"],
    )
    firing.facts |= {"amount": deal.amount_vnd, "pre_money": deal.pre_money_vnd}


@effect
@needs(meeting_on="date", papers="file")
def open_voting(firing: Firing) -> None:
    """A new round of votes, on the day of the meeting."""
    deal = deal_of(firing)
    deal.round, deal.meeting_on = deal.round + 1, date.fromisoformat(firing.data["meeting_on"])
    firing.facts["round"] = deal.round


@effect
@needs(vote="choice")
def cast_vote(firing: Firing) -> None:
    """One vote of one member. Raises Invalid when a vote that is not for it gives no reason."""
    _vote(firing, number="", instruction_id=None)


@effect
@needs(vote="choice", instruction_number="text", instruction="file")
def cast_city_vote(firing: Firing) -> None:
    """The vote for the city, with the written instruction that it follows."""
    _vote(firing, number=firing.data["instruction_number"], instruction_id=firing.data["instruction"])


def _vote(firing: Firing, *, number: str, instruction_id: int | None) -> None:
    deal, data = deal_of(firing), firing.data
    reason = data.get("reason", "").strip()
    if data["vote"] != "for" and not reason:
        raise Invalid({"reason": ["deal_dissent_needs_reason"]})
    firing.session.add(
        DealVote(
            deal_id=deal.id,
            round=deal.round,
            person_id=firing.actor.person_id,
            is_for_city=instruction_id is not None,
            vote=data["vote"],
            reason=reason,
            instruction_number=number,
            instruction_id=instruction_id,
            cast_at=firing.at,
        )
    )
    firing.facts |= {"round": deal.round, "vote": data["vote"]}


@effect
@needs(conditions="table")
def promise_money(firing: Firing) -> None:
    """The body gave its word: the limits hold still, and the conditions of payment are written down."""
    require_limits(firing)
    deal = deal_of(firing)
    for number, row in enumerate(firing.data["conditions"], start=1):
        firing.session.add(
            DealCondition(deal_id=deal.id, number=number, condition=row["condition"], evidence=row["evidence"])
        )


@effect
@needs(number="text", decided_on="date", signatory="text", signatory_title="text", resolution="file")
def record_resolution(firing: Firing) -> None:
    """The resolution of the body as it was signed, for or against as the step says."""
    decided_on = date.fromisoformat(firing.data["decided_on"])
    taken = select(Decision.id).where(Decision.number == firing.data["number"], Decision.decided_on == decided_on)
    if firing.session.scalar(taken) is not None:
        raise Invalid({"number": ["decision_number_taken"]})
    document = firing.session.get_one(Document, firing.data["resolution"])
    presented = firing.last("present")
    firing.session.add(
        Decision(
            case_id=firing.case.id,
            outcome="granted" if "promise_money" in firing.step.effects else "refused",
            number=firing.data["number"],
            decided_on=decided_on,
            signatory=firing.data["signatory"],
            signatory_title=firing.data["signatory_title"],
            reasons=firing.data.get("reasons", ""),
            document_id=document.id,
            drafted_by_id=presented.person_id if presented else None,
            issued_by_id=firing.actor.person_id,
            recorded_at=firing.at,
        )
    )
    firing.case.decided_at = firing.at
    firing.facts |= {"number": firing.data["number"], "original": document.sha256}


@effect
@needs(number="number", evidence="file")
def meet_condition(firing: Firing) -> None:
    """A condition is shown to be met. Raises Invalid: there is none of this number, or it is met."""
    asked = firing.data["number"]
    one = next((one for one in conditions_of(firing) if one.number == asked and one.met_at is None), None)
    if one is None:
        raise Invalid({"number": ["deal_no_open_condition"]})
    one.met_at, one.document_id, one.met_by_id = firing.at, firing.data["evidence"], firing.actor.person_id

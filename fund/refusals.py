"""What this domain says when figures cannot be worked out as they were stated."""

from flask_babel import lazy_gettext

from foundation.reasons import register_reasons

SENTENCES = {
    "city_above_amount": lazy_gettext("The city’s money is above the most it may give."),
    "city_above_share": lazy_gettext("The city’s share of the whole is above the ceiling."),
    "no_rate_one_sign": lazy_gettext(
        "There is no rate of return: it needs money that went in and money that came out."
    ),
    "no_rate_one_day": lazy_gettext("There is no rate of return: all money moved at one time."),
    "no_rate_in_range": lazy_gettext(
        "There is no rate of return between −99.9999 %% and 100,000,000,000 %% at which these flows balance."
    ),
    "several_rates": lazy_gettext("These flows balance at several rates, so that none is the rate of return."),
    "rates_not_searched": lazy_gettext(
        "These flows change direction so often that the search for all rates was given up."
    ),
    "no_flows": lazy_gettext("Enter at least one flow."),
    "day_missing_here": lazy_gettext("Enter a day here too: other rows have one."),
    "day_twice": lazy_gettext("This day stands above already."),
    "nav_before_last_flow": lazy_gettext("The value left cannot be earlier than the last flow, %(last_on)s."),
    "index_begins_late": lazy_gettext("The index needs a value on or before the first flow, %(first_on)s."),
    "index_not_positive": lazy_gettext("Enter a value above zero."),
    "no_day_among_periods": lazy_gettext("Leave the day out: the flows are of equal periods, without days."),
    "index_of_other_length": lazy_gettext(
        "The index has %(rows)s values for %(periods)s periods: enter one for each, or one more for the end."
    ),
    "fund_charter_overdrawn": lazy_gettext("%(contributor)s undertook less: %(most_vnd)s at most is possible."),
    "fund_uncalled_overdrawn": lazy_gettext(
        "Less is left to call from %(contributor)s: %(most_vnd)s at most is possible."
    ),
    "fund_receivable_overdrawn": lazy_gettext(
        "Less was called from %(contributor)s and is unpaid: %(most_vnd)s at most is possible."
    ),
    "fund_paid_overdrawn": lazy_gettext("%(contributor)s paid in less: %(most_vnd)s at most is possible."),
    "fund_leaving_overdrawn": lazy_gettext("Less was announced by %(contributor)s: %(most_vnd)s."),
    "fund_leaving_noted_overdrawn": lazy_gettext("Less was announced by %(contributor)s: %(most_vnd)s."),
    "fund_invested_overdrawn": lazy_gettext("Less is invested for %(contributor)s: %(most_vnd)s."),
    "fund_spent_overdrawn": lazy_gettext("Less was spent of the money of %(contributor)s: %(most_vnd)s."),
    "fund_cash_short": lazy_gettext("The fund has less money than this: %(most_vnd)s at most can be distributed."),
    "fund_money_short": lazy_gettext("The fund has less money than this: %(most_vnd)s at most can be paid."),
    "deal_without_fund": lazy_gettext("The fund that this procedure serves is not founded yet."),
    "deal_missing": lazy_gettext("This dossier is not a deal of a fund yet."),
    "deal_fund_in_breach": lazy_gettext(
        "New deals are frozen: money of the city is above a ceiling until the breach is cured."
    ),
    "deal_unfunded": lazy_gettext(
        "The deal needs %(reached_vnd)s; the fund can call or pay %(most_vnd)s at most beside what it promised."
    ),
    "deal_concentration": lazy_gettext(
        "The fund would have %(reached_vnd)s in this company; its terms allow %(most_vnd)s at most."
    ),
    "deal_company_share": lazy_gettext(
        "The fund would own %(reached)s %% of the company; its terms allow %(most)s %% at most."
    ),
    "deal_loss": lazy_gettext(
        "With this deal %(reached_vnd)s would be lost or at risk; the terms of the fund allow %(most_vnd)s at most."
    ),
    "deal_diligence_missing": lazy_gettext("Due diligence is missing: %(strand)s."),
    "deal_diligence_stops": lazy_gettext("Due diligence says that it cannot go on: %(strand)s."),
    "deal_terms_not_agreed": lazy_gettext("The company has not agreed to the latest term sheet yet."),
    "deal_papers_too_late": lazy_gettext(
        "The body has its papers %(days)s working days before it meets: the earliest day is %(earliest_on)s."
    ),
    "deal_before_meeting": lazy_gettext("The body decides on %(meeting_on)s at the earliest."),
    "deal_voted_already": lazy_gettext("You have voted in this round already."),
    "deal_dissent_needs_reason": lazy_gettext("Give the reason for a vote that is not in favour."),
    "deal_too_few_votes": lazy_gettext("%(needed)s votes are needed; %(found)s are cast."),
    "deal_instruction_missing": lazy_gettext(
        "The state representative has not voted yet with the written instruction."
    ),
    "deal_vote_not_carried": lazy_gettext(
        "The vote is not carried: %(in_favour)s of %(cast)s votes cast are in favour."
    ),
    "deal_vote_carried": lazy_gettext("The vote is carried: %(in_favour)s of %(cast)s votes cast are in favour."),
    "deal_condition_open": lazy_gettext("Condition %(number)s is not met yet: %(condition)s"),
    "deal_no_open_condition": lazy_gettext("There is no open condition of this number."),
    "deal_closing_not_prepared": lazy_gettext("The closing lacks its first signature."),
    "fund_too_many_investors": lazy_gettext("The fund may have %(limit)s other investors at most."),
    "fund_city_above_charter_capital": lazy_gettext(
        "The city’s part of charter capital would exceed its ceiling: %(most_vnd)s more at most is allowed."
    ),
    "fund_city_above_paid_in": lazy_gettext(
        "The city would pay ahead of the others: with what they have paid it may pay %(most_vnd)s more at most."
    ),
    "fund_city_calls_frozen": lazy_gettext("No money of the city can be called while its part is above a ceiling."),
    "fund_without_terms": lazy_gettext("The fund has no terms in force on %(asked_on)s."),
    "fund_nothing_committed": lazy_gettext("Nobody has committed anything to this fund yet."),
    "fund_call_by_another": lazy_gettext(
        "By the terms of this fund another person issues a call than the one who prepared it."
    ),
    "fund_code_taken": lazy_gettext("There is a fund of this code already."),
    "fund_day_ahead": lazy_gettext("This day has not come yet."),
    "fund_entry_reversed": lazy_gettext("This entry was taken back already, or takes another one back."),
    "fund_notice_too_short": lazy_gettext(
        "Contributors have %(days)s working days to pay: the earliest day is %(earliest_on)s."
    ),
    "fund_field_not_by_choice": lazy_gettext("Nobody decides on this field: the law does."),
    "fund_not_valued": lazy_gettext("No value was entered for this by that day."),
    "fund_value_outdated": lazy_gettext(
        "More was distributed since the last valuation than it came to: enter a new one."
    ),
    "fund_index_begins_late": lazy_gettext("The index has no value on or before the first payment."),
    "fund_called_is_unpaid": lazy_gettext(
        "%(owed_vnd)s that were called are not paid yet. The fund closes when nothing is owed any more."
    ),
    "fund_nothing_paid": lazy_gettext("Nobody has paid in anything yet."),
    "fund_nothing_overdue": lazy_gettext("Nothing that was called from this contributor is unpaid."),
    "fund_closed": lazy_gettext("The fund is closed: its ledger takes no more entries."),
    "fund_winds_down": lazy_gettext("The fund winds down: nothing more can be committed."),
    "fund_notice_noted": lazy_gettext("That the contributors were notified is noted already."),
    "fund_without_breach": lazy_gettext("No ceiling is exceeded now."),
    "fund_uses_differ": lazy_gettext("The uses do not add up to this amount."),
    "fund_to_itself": lazy_gettext("Choose another contributor than the one who gives."),
    "fund_terms_back": lazy_gettext("Terms hold from today or later."),
    "fund_contributor_taken": lazy_gettext("There is a contributor of this name in addresses already."),
    "fund_organisation_unknown": lazy_gettext("No organisation of this tax code is registered here."),
    "fund_amount_missing": lazy_gettext("Enter an amount above zero."),
    "fund_contributor_missing": lazy_gettext("Choose a contributor."),
    "fund_taker_missing": lazy_gettext("Choose to whom the share passes."),
    "fund_distributed_overdrawn": lazy_gettext("Less was recorded for %(contributor)s: %(most_vnd)s."),
    "fund_distributed_noted_overdrawn": lazy_gettext("Less was recorded for %(contributor)s: %(most_vnd)s."),
    "fund_interest_overdrawn": lazy_gettext("Less was recorded for %(contributor)s: %(most_vnd)s."),
    "fund_interest_noted_overdrawn": lazy_gettext("Less was recorded for %(contributor)s: %(most_vnd)s."),
    "nothing_committed": lazy_gettext("Enter at least one commitment above zero."),
    "fund_given_up_overdrawn": lazy_gettext("Less was recorded for %(contributor)s: %(most_vnd)s."),
    "fund_given_up_noted_overdrawn": lazy_gettext("Less was recorded for %(contributor)s: %(most_vnd)s."),
    "fund_proceeds_overdrawn": lazy_gettext("Less was recorded for %(contributor)s: %(most_vnd)s."),
    "fund_proceeds_noted_overdrawn": lazy_gettext("Less was recorded for %(contributor)s: %(most_vnd)s."),
    "fund_nothing_invested": lazy_gettext("The fund has invested nothing."),
    "fund_position_closed": lazy_gettext("Nothing of this position is left."),
    "fund_exit_cost": lazy_gettext("Enter what was paid for the part that is given up: %(most_vnd)s at most."),
    "fund_exit_too_early": lazy_gettext("The position began on %(invested_on)s."),
    "fund_write_off_with_proceeds": lazy_gettext(
        "A write-off brings nothing: leave the proceeds out, or enter an exit."
    ),
    "fund_default_too_early": lazy_gettext(
        "Contributors have %(days)s working days after the due day: a default counts from %(earliest_on)s on."
    ),
}


def register_sentences() -> None:
    """Give each reason code its sentence."""
    register_reasons(SENTENCES)

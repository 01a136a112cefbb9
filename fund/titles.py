"""What kinds of entries, accounts, states and ways are called on the pages of funds."""

from decimal import Decimal
from fractions import Fraction

from babel.numbers import format_decimal
from flask_babel import lazy_gettext as _

from fund.capital import AFTER_LEAVING, CHARTER_BASE, PAID_BASE
from fund.limits import BREACH, COMPANY_SHARE, CONCENTRATION, LOSS, UNFUNDED, percent

BASE_TITLES = {
    CHARTER_BASE: _("Charter capital"),
    PAID_BASE: _("Paid-in capital"),
    AFTER_LEAVING: _("After announced withdrawals"),
}
KIND_TITLES = {
    "commitment": _("Commitment"),
    "call": _("Capital call"),
    "payment": _("Payment"),
    "withdrawal_notice": _("Withdrawal announced"),
    "withdrawal": _("Withdrawal"),
    "reduction": _("Reduction"),
    "transfer": _("Transfer"),
    "default": _("Default of a contributor"),
    "distribution": _("Distribution"),
    "late_interest": _("Late interest"),
    "investment": _("Investment"),
    "exit": _("Exit from a position"),
    "reversal": _("Reversal"),
}
ACCOUNT_TITLES = {
    "charter": _("Charter capital"),
    "uncalled": _("Not called yet"),
    "receivable": _("Called, not paid"),
    "paid": _("Paid in"),
    "leaving": _("Leaving"),
    "leaving_noted": _("Leaving, noted"),
    "invested": _("Invested"),
    "spent": _("Spent"),
    "distributed": _("Distributed"),
    "distributed_noted": _("Distributed, noted"),
    "interest": _("Late interest"),
    "interest_noted": _("Late interest, noted"),
    "given_up": _("Cost of what was given up"),
    "given_up_noted": _("Cost of what was given up, noted"),
    "proceeds": _("Proceeds of exits"),
    "proceeds_noted": _("Proceeds of exits, noted"),
}
EXIT_TITLES = {
    "exit": _("Exit: the whole position ends"),
    "partial_exit": _("Exit in part"),
    "write_off": _("Write-off: nothing came of it"),
}
EXIT_WAYS = {
    "competitive_sale": _("Sale among several bidders"),
    "negotiated_sale": _("Sale by agreement"),
    "buy_back": _("Bought back by the company or its founders"),
    "listing": _("Sale on a stock exchange"),
    "liquidation": _("Liquidation of the company"),
}
FUND_TITLES = {
    "preparing": _("In preparation"),
    "chartered": _("Chartered"),
    "raising": _("Raising capital"),
    "active": _("Investing"),
    "cap_breach": _("Ceiling exceeded"),
    "review_5y": _("Under review"),
    "wind_down": _("Winding down"),
    "closed": _("Closed"),
}
COMMITMENT_TITLES = {
    "proposed": _("Proposed"),
    "signed": _("Signed"),
    "active": _("In force"),
    "reduced": _("Reduced"),
    "withdrawn": _("Withdrawn"),
    "transferred": _("Transferred"),
    "defaulted": _("In default"),
    "closed": _("Ended"),
}
CALL_TITLES = {
    "draft": _("Draft"),
    "cap_checked": _("Checked, waits for the general meeting"),
    "issued": _("Issued"),
    "partly_paid": _("Partly paid"),
    "overdue": _("Overdue"),
    "paid": _("Paid"),
    "cured": _("Paid late"),
    "defaulted": _("In default"),
    "dropped": _("Dropped"),
}
WAY_TITLES = {
    "new_investor": _("Another investor joins"),
    "top_up": _("The other contributors add money"),
    "city_reduction": _("The city’s contribution is reduced"),
    "council_decision": _("The People’s Council decides"),
}
LEGAL_FORM_TITLES = {
    "contract": _("Fund by contract, without legal personality"),
    "enterprise": _("Fund as an enterprise, with legal personality"),
}
INSTRUMENT_TITLES = {
    "ordinary_shares": _("Ordinary shares"),
    "preferred_shares": _("Preferred shares"),
    "llc_stake": _("Stake in a limited company"),
    "convertible_note": _("Convertible note"),
    "purchase_option": _("Purchase option"),
}
VOTE_TITLES = {"for": _("For"), "against": _("Against"), "abstain": _("Abstained")}
FINDING_TITLES = {
    "clear": _("Nothing stands against it"),
    "with_conditions": _("Acceptable with conditions"),
    "stop": _("It cannot go on"),
}
LIMIT_TITLES = {
    BREACH: _("No money of the city above a ceiling"),
    UNFUNDED: _("Money that the fund has or can call, beside what it promised"),
    CONCENTRATION: _("Money in one company"),
    COMPANY_SHARE: _("Share of the company after the money came in"),
    LOSS: _("Lost or at risk over the cycle"),
}


def share_in_words(share: Fraction, language: str) -> str:
    """A part in percent, rounded up, as the language writes numbers."""
    return f"{format_decimal(Decimal(percent(share)), '0.00', locale=language)} %"

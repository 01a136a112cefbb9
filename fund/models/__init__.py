"""Funds with their versioned terms, contributors, capital in a ledger, deals, positions, and entered valuations."""

from fund.models import guards
from fund.models.deals import Deal, DealCondition, DealVote, Position
from fund.models.funds import Fund, FundContributor, FundTerms
from fund.models.ledger import LedgerBalance, LedgerEntry, LedgerLine
from fund.models.valuations import IndexValue, Valuation

__all__ = [
    "Deal",
    "DealCondition",
    "DealVote",
    "Fund",
    "FundContributor",
    "FundTerms",
    "IndexValue",
    "LedgerBalance",
    "LedgerEntry",
    "LedgerLine",
    "Position",
    "Valuation",
    "guards",
]

"""Funds with their versioned terms, contributors, and the ledger of their capital."""

from fund.models import guards
from fund.models.funds import Fund, FundContributor, FundTerms
from fund.models.ledger import LedgerBalance, LedgerEntry, LedgerLine
from fund.models.valuations import IndexValue, Valuation

__all__ = [
    "Fund",
    "FundContributor",
    "FundTerms",
    "IndexValue",
    "LedgerBalance",
    "LedgerEntry",
    "LedgerLine",
    "Valuation",
    "guards",
]

"""Funds with their versioned terms, contributors, capital in a ledger, deals, positions, and entered valuations."""

from fund.models import breaches, guards, locks, termdays
from fund.models.days import LedgerDay
from fund.models.deals import Deal, DealCondition, DealVote, Position
from fund.models.decisionfiles import DecisionFile
from fund.models.exits import PositionExit
from fund.models.funds import Fund, FundContributor, FundTerms
from fund.models.ledger import LedgerBalance, LedgerEntry, LedgerLine
from fund.models.lives import CapitalCall, FundBreach, FundMove
from fund.models.publications import FundPublication
from fund.models.valuations import IndexValue, Valuation

__all__ = [
    "CapitalCall",
    "Deal",
    "DealCondition",
    "DealVote",
    "DecisionFile",
    "Fund",
    "FundBreach",
    "FundContributor",
    "FundMove",
    "FundPublication",
    "FundTerms",
    "IndexValue",
    "LedgerBalance",
    "LedgerDay",
    "LedgerEntry",
    "LedgerLine",
    "Position",
    "PositionExit",
    "Valuation",
    "breaches",
    "guards",
    "locks",
    "termdays",
]

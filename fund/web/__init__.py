"""The pages of funds."""

from fund.web import dashboard, dealexport, deals, funds, investors, public, reports, results
from fund.web.blueprint import blueprint

__all__ = ["blueprint", "dashboard", "dealexport", "deals", "funds", "investors", "public", "reports", "results"]

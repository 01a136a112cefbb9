"""The pages of funds."""

from fund.web import dashboard, funds, investors, public, reports, results
from fund.web.blueprint import blueprint

__all__ = ["blueprint", "dashboard", "funds", "investors", "public", "reports", "results"]

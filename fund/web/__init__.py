"""The pages of funds."""

from fund.web import (
    breaches,
    calls,
    dashboard,
    dealexport,
    deals,
    exits,
    funds,
    history,
    investors,
    listfiles,
    public,
    recording,
    reports,
    results,
    terms,
    whatif,
)
from fund.web.blueprint import blueprint

__all__ = [
    "blueprint",
    "breaches",
    "calls",
    "dashboard",
    "dealexport",
    "deals",
    "exits",
    "funds",
    "history",
    "investors",
    "listfiles",
    "public",
    "recording",
    "reports",
    "results",
    "terms",
    "whatif",
]

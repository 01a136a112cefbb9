"""The pages of funds."""

from fund.web import funds
from fund.web.blueprint import blueprint

__all__ = ["blueprint", "funds"]

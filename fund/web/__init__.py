"""The pages of funds and of the calculators."""

from fund.web import calculators, funds
from fund.web.blueprint import blueprint

__all__ = ["blueprint", "calculators", "funds"]

"""The pages of the parks."""

from parks.web import claims, spaces
from parks.web.blueprint import blueprint

__all__ = ["blueprint", "claims", "spaces"]

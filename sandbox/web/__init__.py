"""The pages of the sandbox."""

from sandbox.web import register
from sandbox.web.blueprint import blueprint

__all__ = ["blueprint", "register"]

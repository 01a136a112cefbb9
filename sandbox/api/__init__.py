"""Endpoints of the sandbox."""

from sandbox.api import register

BLUEPRINTS = [register.blueprint]

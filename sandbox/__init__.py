"""Controlled testing: the procedure under which a startup may try what the law does not yet foresee."""

from pathlib import Path

from foundation.register import Domain, register_domain
from sandbox import effects, precedents

__all__ = ["SANDBOX", "effects", "precedents"]

SANDBOX = register_domain(
    Domain("sandbox", packs_folder=Path(__file__).parent / "procedures", commands=[precedents.precedents])
)
